"""Column names: tidy, unique, and short enough to stand in a contract."""

import html
import re
from collections.abc import Iterable, Sequence

LONGEST = 120
MARKUP = re.compile(r"<[^<>]{1,200}>")
STARS = re.compile(r"(?<!\*)\*(?=\S)([^*]+?)\*(?!\*)")


def tidy(cell: str) -> str:
    """One line, single spaces, no byte order mark or null."""
    return " ".join(cell.replace("\ufeff", "").replace("\0", "").encode("utf-8", "replace").decode("utf-8").split())


def plain(cell: str) -> str:
    """Tidy, without HTML tags, entities and *emphasis*.

    >>> plain("What country do you <strong>live</strong> in?")
    'What country do you live in?'
    """
    return tidy(html.unescape(STARS.sub(r"\1", MARKUP.sub("", cell))))


def joined(question: str, option: str) -> str:
    """question [option], where there is an option; the question is cut so that the option stays.

    >>> joined("Which films have you seen?", "Episode IV")
    'Which films have you seen? [Episode IV]'
    """
    if not option or option == question:
        return question
    if not question:
        return option
    tail = f" [{_cut(option, LONGEST // 2)}]"
    return _cut(question, LONGEST - len(tail)) + tail


def unique(names: Iterable[str]) -> list[str]:
    """The names, none empty, none longer than 120 characters, a repeated one with its number.

    >>> unique(["a", "", "a"])
    ['a', 'column_2', 'a (2)']
    """
    seen: set[str] = set()
    out = []
    for at, name in enumerate(names, start=1):
        base = _cut(name, LONGEST) or f"column_{at}"
        candidate, n = base, 2
        while candidate in seen:
            candidate, n = f"{base} ({n})", n + 1
        seen.add(candidate)
        out.append(candidate)
    return out


def filled(cells: Sequence[str]) -> list[str]:
    """Each blank cell takes the text of the nearest one to its left."""
    out: list[str] = []
    for cell in cells:
        out.append(cell or (out[-1] if out else ""))
    return out


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
