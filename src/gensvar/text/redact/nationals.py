"""National ids, by their own check digits and dates (python-stdnum); those that any number of their length could be need a word before them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol, cast

from stdnum.be import nn
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.ee import ik
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.ie import pps
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.pt import nif
from stdnum.se import personnummer
from stdnum.us import ssn

from gensvar.text.redact.kinds import Span


class _Number(Protocol):
    def is_valid(self, number: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Form:
    """How an id is written, when it is right, the words that must stand before it, if any, and what its text cannot do without."""

    pattern: re.Pattern[str]
    right: Callable[[str], bool]
    after: re.Pattern[str] | None = None
    needs: tuple[str, ...] = ()
    lettered: bool = False


def _form(pattern: str, number: object, after: str = "", needs: str = "", lettered: bool = False) -> Form:
    cue = re.compile(rf"(?:{after})\W{{0,3}}(?:\w+\W{{1,2}}){{0,3}}$", re.IGNORECASE) if after else None
    whole = re.compile(rf"(?<![\w.,+-])(?:{pattern})(?![\w]|[-.,]\d)")
    needed = tuple(filter(None, (needs or after.replace(r"\w*", "")).split("|")))
    return Form(whole, cast(_Number, number).is_valid, cue, needed, lettered)


class _Insurance:
    """The British national insurance number has a form, but no check digit."""

    @staticmethod
    def is_valid(number: str) -> bool:
        return number[:2] not in {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}


class _DanishDate:
    """A date and a dash: since 2007 the Danish number has no check digit to trust."""

    @staticmethod
    def is_valid(number: str) -> bool:
        try:
            cpr.get_birth_date(number.replace("-", ""))
        except Exception:  # noqa: BLE001  (stdnum raises its own for a date that is none)
            return False
        return True


LETTERED: Final = re.compile(r"\d[ -]?[A-Z]|[A-Z][ -]?\d|[-+]\d{3}[A-Z]")
FORMS: Final = (
    _form(r"(?:19|20)?\d{6}[-+ ]?\d{4}", personnummer),
    _form(r"\d{6} ?\d{5}", fodselsnummer),
    _form(r"\d{6}-\d{4}", _DanishDate, needs="-"),
    _form(r"\d{6} ?\d{4}", cpr, r"cpr|personnummer|personnr"),
    _form(r"\d{6}[-+ABCDEFYXWVU]\d{3}[0-9A-FHJ-NPR-Y]", hetu, lettered=True),
    _form(r"\d{9}", bsn, r"bsn|burgerservicenummer|sofinummer"),
    _form(r"\d{2} ?\d{3} ?\d{3} ?\d{3}", idnr, r"steuer\w*|idnr|identifikationsnummer|tin"),
    _form(r"[12] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}", nir),
    _form(r"\d{8}[- ]?[A-HJ-NP-TV-Z]", dni, lettered=True),
    _form(r"[XYZ][- ]?\d{7}[- ]?[A-HJ-NP-TV-Z]", nie, lettered=True),
    _form(r"\d{3} ?\d{3} ?\d{3}", nif, r"nif|contribuinte|niss|cidadão"),
    _form(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]", _Insurance, lettered=True),
    _form(r"\d{3}[ -]?\d{3}[ -]?\d{4}", nhs, r"nhs"),
    _form(r"\d{3}-\d{2}-\d{4}", ssn, needs="-"),
    _form(r"\d{2}[.]?\d{2}[.]?\d{2}[- ]?\d{3}[. ]?\d{2}", nn),
    _form(r"\d{11}", pesel),
    _form(r"[1-6]\d{10}", ik),
    _form(r"[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]", codicefiscale, lettered=True),
    _form(r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}", ahv, needs="756"),
    _form(r"\d{7}[A-W][A-IW]?", pps, r"pps\w*"),
)
BIRTHS: Final = re.compile(r"\d{6}\D?\d{2}|\d{8}\D?[A-Z]|\d{2}\D?\d{2}\D?\d{2}|[A-Z]\D?\d{7}|\d{3}[ .-]\d")


def nationals(text: str, low: str, is_order: Callable[[int], bool]) -> Iterator[Span]:
    """Each id in the text. is_order: whether words before this place say that the number is an order's, an invoice's or the like."""
    if not BIRTHS.search(text):
        return
    lettered = LETTERED.search(text) is not None
    for form in FORMS:
        if (form.lettered and not lettered) or (form.needs and not any(need in low for need in form.needs)):
            continue
        for m in form.pattern.finditer(text):
            said = form.after is None or form.after.search(text[max(0, m.start() - 40) : m.start()]) is not None
            plain = form.after is None and m[0].isdigit() and is_order(m.start())
            if said and not plain and form.right(m[0].replace(" ", "")):
                yield Span(m.start(), m.end(), "id")
