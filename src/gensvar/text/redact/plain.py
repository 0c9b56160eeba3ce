"""A text as a reader sees it: without signs that nobody sees, letters and digits of other shapes as plain ones; and the way back to its places."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_UNSEEN: Final = "\u115f\u1160\u2800\u3164\uffa0"
STRANGE: Final = re.compile(
    rf"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad{_UNSEEN}\u0300-\u036f\u061c\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\u180b-\u180e"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u24b6-\u24e9\ufe00-\ufe0f\ufe20-\ufe2f\ufe50-\ufe6b\ufeff\uff01-\uff5e"
    r"\U0001d400-\U0001d7ff\U000e0000-\U000e01ef]"
)
SHAPES: Final = re.compile(r"[\u24b6-\u24e9\ufe50-\ufe6b\uff01-\uff5e\U0001d400-\U0001d7ff]")
SPACES: Final = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85"


def plainly(text: str) -> tuple[str, Sequence[int]]:
    """What is seen, and for each sign of it, and for its end, the place in the text; no places where the text is plain already.

    >>> plainly("k\u200bim\uff20x.org")
    ('kim@x.org', (0, 2, 3, 4, 5, 6, 7, 8, 9, 10))
    """
    if not STRANGE.search(text):
        return text, ()
    seen: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        if sign.isascii() and sign.isprintable():
            seen.append(sign)
            places.append(at)
        elif _is_unseen(sign):
            if seen and len(whole := unicodedata.normalize("NFC", seen[-1] + sign)) == 1:
                seen[-1] = whole
        else:
            seen.append(_shaped(sign))
            places.append(at)
    return "".join(seen), (*places, len(text))


def _is_unseen(sign: str) -> bool:
    """Whether it is no sign of its own: a mark on another, a joiner, a turn of direction, a control character."""
    return sign in _UNSEEN or (unicodedata.category(sign) in {"Mn", "Me", "Cf", "Cc"} and sign not in SPACES)


def _shaped(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    return unicodedata.normalize("NFKC", sign) if SHAPES.match(sign) else sign
