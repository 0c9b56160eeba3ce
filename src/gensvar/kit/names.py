"""Names that a source gave, such as those of events, where they stand among words of our own."""

import re
from typing import Final

TURNING: Final = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f]+")
MOST: Final = 80


def plain_name(given: str, most: int = MOST) -> str:
    """The name without what would turn the direction of the words after it, or break the line, and no longer than `most` characters.

    >>> plain_name("\u202egnp.exe"), len(plain_name("x" * 10_000)), plain_name("feature_use")
    ('gnp.exe', 80, 'feature_use')
    """
    name = TURNING.sub(" ", given).strip()
    return name if len(name) <= most else name[: most - 1] + "…"
