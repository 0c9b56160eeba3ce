"""Patterns of the house's own. They run in RE2 (inside Arrow), whose time grows with the text alone, whatever the pattern."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from gensvar.kit.errors import BadInput

LONGEST_NAME: Final = 40
LONGEST_PATTERN: Final = 500
MOST: Final = 50
ROUNDS: Final = 4
NAME: Final = re.compile(r"[^\W_](?:[\w \-]{0,38}[^\W_])?")


@dataclass(frozen=True, slots=True)
class Own:
    """name: what stands in the text afterwards, in brackets; pattern: in the syntax of RE2."""

    name: str
    pattern: str


def checked(name: str, pattern: str) -> Own:
    """The pattern, where it can be used; BadInput that says why not, in the words of RE2 where it cannot read it."""
    name = name.strip()
    if not NAME.fullmatch(name):
        raise BadInput("The name of a pattern is one to forty letters, digits, spaces and hyphens", do="Call it by what it finds: member number.")
    if not pattern.strip() or len(pattern) > LONGEST_PATTERN:
        raise BadInput(f"A pattern has 1 to {LONGEST_PATTERN} characters", do="Split a long one into several.")
    try:
        empty, every = pc.match_substring_regex(pa.array(["", " a1 "]), pattern).to_pylist()
    except (pa.ArrowInvalid, UnicodeEncodeError) as wrong:
        said = str(wrong).removeprefix("Invalid regular expression: ")
        do = r"It is read by RE2: no look-ahead and no back-references. Try \bM-\d{6}\b for M-123456."
        raise BadInput(f"The pattern cannot be read: {said}", do=do) from wrong
    if empty:
        raise BadInput("The pattern matches nothing at all, and so every text everywhere", do="Use + or {6} in place of * for what must be there.")
    if every and pc.match_substring_regex(pa.array(["a"]), pattern)[0].as_py():
        raise BadInput(
            "The pattern matches a single ordinary letter, and so nearly every text", do="Say what stands around it, as in \\bM-\\d{6}\\b."
        )
    return Own(name, pattern)


def without_own(text: str, own: Sequence[Own], placeholders: re.Pattern[str]) -> str:
    """The text with what the patterns find replaced; what was put in before is left alone. Doing so twice changes nothing more."""
    for one in own:
        text = _without(text, one, placeholders)
    return text


def _without(text: str, one: Own, placeholders: re.Pattern[str]) -> str:
    put = f"[{one.name}]"
    for _ in range(ROUNDS):
        changed = _once(text, one, put, placeholders, whole=False)
        if changed == text:
            return text
        text = changed
    return _once(text, one, put, placeholders, whole=True)


def _once(text: str, one: Own, put: str, placeholders: re.Pattern[str], whole: bool) -> str:
    """whole: a stretch between placeholders that still holds a match goes as a whole, for patterns that would go on finding for ever."""
    kept = placeholders.findall(text)
    parts = pa.array(placeholders.split(text), pa.string())
    if whole:
        changed = pc.if_else(pc.match_substring_regex(parts, one.pattern), put, parts)
    else:
        changed = pc.replace_substring_regex(parts, one.pattern, put.replace("\\", ""))
    said = changed.to_pylist()
    return "".join(part + after for part, after in zip(said, [*kept, ""], strict=True))
