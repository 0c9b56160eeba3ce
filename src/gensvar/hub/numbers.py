"""Numbers as people and systems write them; what could mean two numbers is read as none."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gensvar.hub.sheet import Sheet, each_value

Numbers = NDArray[np.float64]
SIMPLE = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
GROUPED = re.compile(r"[+-]?\d{1,3}(?P<sep>[ '’.,])\d{3}((?P=sep)\d{3})*(?P<rest>[.,]\d+)?")
OF = re.compile(r"(\S+) ?(?:/|of|out of|av|af|von) ?(\S+)")
WORDED = re.compile(r"([+-]?\d+(?:[.,]\d+)?)(?: ?[-–—=:.)(] ?[^\d]*[^\W\d][^\d]*| (?:stars?|stjärn\w*|stjern\w*|tähteä|tähti|poäng|points?))")
STARS = re.compile(r"([★⭐]+)[☆✩]*")
SPACES = re.compile(r"\s+")
LONGEST = 60


class Written(NamedTuple):
    """value: the number; of: the most it could be, where the text says so (4/5)."""

    value: float
    of: float | None = None


def read_number(text: str, decimal: str = "auto") -> Written | None:
    """The number that the text says, or None when it says none or could say two.

    decimal: '.', ',' or 'auto' (a lone comma before three digits then says nothing: it could be a decimal comma or a thousands separator).

    >>> read_number("1 234,5"), read_number("4/5"), read_number("1,234")
    (Written(value=1234.5, of=None), Written(value=4.0, of=5.0), None)
    """
    if len(text) > LONGEST:
        return None
    plain = SPACES.sub(" ", unicodedata.normalize("NFKC", text)).replace("−", "-").strip()
    number = _bare(plain.removesuffix("%").rstrip(), decimal)
    return Written(number) if number is not None else _said(plain, decimal)


def _bare(text: str, decimal: str) -> float | None:
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(c, c)) for c in text)
    point, group = (",", ".") if decimal == "," else (".", ",")
    if decimal == "auto" and SIMPLE.fullmatch(text):
        return _finite(text)
    if decimal != "auto" and SIMPLE.fullmatch(text.replace(point, ".")) and group not in text:
        return _finite(text.replace(point, "."))
    grouped = GROUPED.fullmatch(text)
    if grouped:
        return _grouped(text, grouped["sep"], grouped["rest"] or "", decimal)
    if decimal == "auto" and text.count(",") == 1 and SIMPLE.fullmatch(text.replace(",", ".")) and "." not in text:
        return _finite(text.replace(",", "."))
    return None


def _grouped(text: str, sep: str, rest: str, decimal: str) -> float | None:
    if rest[:1] == sep or (decimal in ".," and (sep == decimal or rest[:1] not in ("", decimal))):
        return None
    if decimal == "auto" and sep in ".," and not rest and text.count(sep) == 1:
        return None
    return _finite(text.removesuffix(rest).replace(sep, "") + rest.replace(",", "."))


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _said(text: str, decimal: str) -> Written | None:
    parts = OF.fullmatch(text)
    if parts:
        value, most = _bare(parts[1], decimal), _bare(parts[2], decimal)
        return None if value is None or most is None else Written(value, most)
    stars = STARS.fullmatch(text)
    if stars:
        return Written(len(stars[1]), len(text) if len(text) > len(stars[1]) else None)
    worded = WORDED.fullmatch(text)
    number = _bare(worded[1], decimal) if worded else None
    return None if number is None else Written(number)


def numbers(sheet: Sheet, column: str, read: Callable[[str], float | None]) -> Numbers:
    """The column as numbers; NaN where there is none. What came as a number is taken as it is."""
    raw = sheet.raw(column)
    if pa.types.is_integer(raw.type) or pa.types.is_floating(raw.type):
        return _nan(raw.cast(pa.float64()))
    return _nan(each_value(sheet.text(column), read, pa.float64()))


def _nan(column: pa.Array) -> Numbers:
    values: Numbers = pc.fill_null(column, math.nan).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(values), values, np.nan)


def amounts(sheet: Sheet, column: str | None, decimal: str) -> Numbers:
    """A column of amounts, counts or durations; NaN where empty or no number."""
    if column is None:
        return np.full(len(sheet), np.nan)
    return numbers(sheet, column, lambda text: _amount(text, decimal))


def _amount(text: str, decimal: str) -> float | None:
    found = read_number(text, decimal)
    return found.value if found and found.of is None else None


def score_reader(words: Mapping[str, float], decimal: str, most: float | None) -> Callable[[str], float | None]:
    """Text → score: first by the contract's words, then as a number; “4/5” only where the scale ends at 5."""
    folded = {w.strip().casefold(): value for w, value in words.items()}

    def read(text: str) -> float | None:
        if text.casefold() in folded:
            return folded[text.casefold()]
        found = read_number(text, decimal)
        return found.value if found and found.of in (None, most) else None

    return read
