"""Words, pairs of words and pieces of words of many texts at once, as places in a table: numbers only, for speed."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_Codes = npt.NDArray[np.uint64]

SHORTEST, LONGEST = 3, 5  # signs in a piece of a word, the blanks around the word among them
MOST_SIGNS: Final = 4_000  # of one text
_SPLIT: Final = 0x1F  # stands between texts
_BLANK: Final = 0x20
_STEP, _STIR, _PAIR = 0x9E3779B97F4A7C15, 0xFF51AFD7ED558CCD, 0xC2B2AE3D27D4EB4F
_LETTER, _SIGN, _GAP = 1, 2, 0


@dataclass(frozen=True, slots=True)
class Features:
    """places: one for each feature found, 0…size. ends: where each text's features end (texts + 1 numbers, the first 0)."""

    places: Ints
    ends: Ints


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Code point → letter or digit, a sign that says something (emoji, ! ?), or a gap. Above the first plane: signs."""
    table = np.full(0x20000, _SIGN, np.uint8)
    for code in range(0x10000):
        sign = chr(code)
        table[code] = _LETTER if sign.isalnum() or unicodedata.category(sign) == "Mn" else _GAP
    table[[ord(s) for s in "!?"]] = _SIGN
    table[0x2600:0x27C0] = _SIGN
    table[0xFE00:0xFE10] = _GAP
    table[0x1F3FB:0x1F400] = _GAP  # the colour of a hand is not what it says
    return table


def _signs(texts: Sequence[str]) -> _Codes:
    """All texts in one row: small letters, digits as 0, one blank for each gap, blanks around each sign, a split behind each text."""
    joined = "".join(f" {t[:MOST_SIGNS].replace(chr(_SPLIT), ' ').lower()} \x1f" for t in texts)
    codes = np.frombuffer(unicodedata.normalize("NFC", joined).encode("utf-32-le", "replace"), np.uint32).astype(np.int64)
    codes[(codes >= 0x31) & (codes <= 0x39)] = 0x30
    kind = _kinds()[np.minimum(codes, 0x1FFFF)]
    split = codes == _SPLIT
    codes[(kind == _GAP) & ~split] = _BLANK
    kept = np.ones(len(codes), bool)
    blank = codes == _BLANK
    kept[1:] &= ~(blank[1:] & blank[:-1])
    kept[2:] &= ~((codes[2:] == codes[1:-1]) & (codes[1:-1] == codes[:-2]))  # woooord is woord
    codes = codes[kept]
    sign = (_kinds()[np.minimum(codes, 0x1FFFF)] == _SIGN) & (codes != _SPLIT)
    if sign.any():
        codes = _apart(codes, sign)
    return codes.astype(np.uint64)


def _apart(codes: Ints, sign: npt.NDArray[np.bool_]) -> Ints:
    """A blank before and behind each sign."""
    wide = np.where(sign, 3, 1)
    at = np.cumsum(wide) - np.where(sign, 2, 1)
    out = np.full(int(wide.sum()), _BLANK, np.int64)
    out[at] = codes
    blank = out == _BLANK
    kept = np.ones(len(out), bool)
    kept[1:] &= ~(blank[1:] & blank[:-1])
    return out[kept]


@cache
def _powers(size: int) -> tuple[_Codes, _Codes]:
    """Powers of an odd number and of its inverse, modulo 2^64."""
    step = _STEP | 1
    with np.errstate(over="ignore"):
        up = np.cumprod(np.concatenate([np.ones(1, np.uint64), np.full(size, step, np.uint64)]))
        down = np.cumprod(np.concatenate([np.ones(1, np.uint64), np.full(size, pow(step, -1, 1 << 64), np.uint64)]))
    return up, down


def _placed(hashes: _Codes, size: int) -> Ints:
    """Hashes as places in a table of `size` (a power of two)."""
    stirred = (hashes ^ (hashes >> np.uint64(29))) * np.uint64(_STIR)
    return (stirred >> np.uint64(64 - size.bit_length() + 1)).astype(np.int64)


def features(texts: Sequence[str], size: int) -> Features:
    """What each text holds, repeats counted each time. size: of the table, a power of two.

    >>> a, b = features(["Inte bra!"], 1024), features(["inte  BRA !"], 1024)
    >>> bool((a.places == b.places).all()), a.ends.tolist()
    (True, [0, 22])
    >>> c = features(["Hej", "Inte bra!"], 1024)
    >>> bool((c.places[c.ends[1] :] == a.places).all())
    True
    """
    codes = _signs(texts)
    n = len(codes)
    up, down = (p[: n + 1] for p in _powers(1 << max(n, 1 << 16).bit_length()))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum((codes + np.uint64(7)) * up[:n], dtype=np.uint64)])
    split, blank = codes == _SPLIT, codes == _BLANK
    text = np.cumsum(split) - split
    found = [_pieces(codes, sums, down, blank | split, width) for width in range(SHORTEST, LONGEST + 1)]
    found += _words(sums, down, blank, split, text)
    owners = np.concatenate([text[at] for at, _ in found])
    places = _placed(np.concatenate([h for _, h in found]), size)
    order = np.argsort(owners, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(texts)))])
    return Features(places[order], ends.astype(np.int64))


def _pieces(codes: _Codes, sums: _Codes, down: _Codes, gap: npt.NDArray[np.bool_], width: int) -> tuple[Ints, _Codes]:
    """Where a piece of so many signs stands, and its hash: within a word and the blanks around it, never two blanks alone."""
    n = len(codes) - width + 1
    if n <= 0:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    gaps = np.concatenate([[0], np.cumsum(gap)])
    inside = gaps[width - 1 : width - 1 + n] - gaps[1 : n + 1] == 0
    at = np.flatnonzero(inside & (codes[:n] != _SPLIT) & (codes[width - 1 : width - 1 + n] != _SPLIT))
    return at, (sums[at + width] - sums[at]) * down[at] + np.uint64(width)


def _words(sums: _Codes, down: _Codes, blank: npt.NDArray[np.bool_], split: npt.NDArray[np.bool_], text: Ints) -> list[tuple[Ints, _Codes]]:
    """Words, neighbours, and those with one word between them."""
    word = ~(blank | split)
    edge = np.diff(np.concatenate([[0], word.astype(np.int8), [0]]))
    begin, end = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    hashes = (sums[end] - sums[begin]) * down[begin] * np.uint64(_PAIR)
    found = [(begin, hashes)]
    for apart in (1, 2):
        same = np.flatnonzero(text[begin[:-apart]] == text[begin[apart:]]) if len(begin) > apart else np.zeros(0, np.int64)
        pairs = (hashes[same] ^ (hashes[same] >> np.uint64(31))) * np.uint64(_STIR) + hashes[same + apart] * np.uint64(apart)
        found.append((begin[same], pairs))
    return found
