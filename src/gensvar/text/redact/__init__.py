"""redact: text → the same text with what points at a person replaced by its kind, in brackets. No tables, no network.

Reads: word lists of its own, and patterns that it is handed. Promises: redacting twice changes nothing more; time grows with the text alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import pyarrow as pa

from gensvar.text.language import spoken
from gensvar.text.redact.contacts import ips, links, mails, spelled_mails, users
from gensvar.text.redact.kinds import KINDS, PUT, SAID, Kind, Span, placeholders, words_for
from gensvar.text.redact.names import names
from gensvar.text.redact.nationals import nationals
from gensvar.text.redact.numbers import OF_LANGUAGE, accounts, cards_and_phones, iban_is_right, is_order, luhn
from gensvar.text.redact.own import Own, checked, without_own
from gensvar.text.redact.places import addresses, plates
from gensvar.text.redact.plain import plainly

ROUNDS: Final = 6
DIGIT: Final = re.compile(r"\d")
SOME_DIGITS: Final = re.compile(r"\d(?:[^\d\n]{0,3}\d){5}")


@dataclass(frozen=True)
class Redactor:
    """own: patterns beside those that come with Gensvar. region: where phone numbers are from when nothing else says it, as SE.

    languages: those that a text may be in where it is not told; empty: that is not found out.
    """

    own: tuple[Own, ...] = ()
    region: str | None = None
    languages: tuple[str, ...] = ()
    _there: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_there", placeholders(one.name for one in self.own))

    def spans(self, text: str, region: str | None = None) -> list[Span]:
        """What is found at the first look, in the order of the text; nothing within what was put in before, and no two overlap."""
        text, places = plainly(text)
        taken = bytearray(len(text))
        for m in self._there.finditer(text) if "[" in text else ():
            taken[m.start() : m.end()] = b"x" * (m.end() - m.start())
        spans: list[Span] = []
        for finder in _finders(text, region or self.region):
            for span in finder:
                if not any(taken[span.start : span.end]):
                    taken[span.start : span.end] = b"x" * (span.end - span.start)
                    spans.append(span)
        return [Span(places[s.start], places[s.end], s.kind) for s in sorted(spans)] if places else sorted(spans)

    def text(self, text: str, language: str | None = None, region: str | None = None) -> str:
        """The text redacted.

        >>> Redactor().text("Mail kim@example.org or ring 070-123 45 67", "sv")
        'Mail [e-post] or ring [telefon]'
        """
        put = words_for(language)
        region = region or OF_LANGUAGE.get((language or "").partition("-")[0].lower())
        for _ in range(ROUNDS):
            before = text
            text = without_own(text, self.own, self._there) if self.own else text
            text = _replaced(text, self.spans(text, region), put)
            if text == before:
                break
        return text

    def spoken(self, text: pa.Array, told: pa.Array, market: pa.Array) -> pa.Array:
        """The language of each text, as it was told or is found out: it says where numbers are from, and in which words they are replaced."""
        return spoken(text, told, market, self.languages)

    def column(self, text: pa.Array, language: pa.Array | None = None, region: pa.Array | None = None) -> pa.Array:
        """Each text redacted; null stays null. language, region: of each text, where they are known."""
        rows = text.to_pylist()
        nothing = [None] * len(rows)
        languages = nothing if language is None else language.to_pylist()
        regions = nothing if region is None else region.to_pylist()
        known: dict[tuple[str | None, str | None, str | None], str | None] = {}
        cleaned = []
        for given in zip(rows, languages, regions, strict=True):
            if given not in known:
                said, spoken, market = given
                known[given] = said and self.text(said, spoken, market if market and len(market) == 2 else None)
            cleaned.append(known[given])
        return pa.array(cleaned, pa.string())


def _replaced(text: str, spans: Sequence[Span], put: Mapping[str, str]) -> str:
    parts, last = [], 0
    for span in spans:
        parts += [text[last : span.start], put[span.kind]]
        last = span.end
    return "".join((*parts, text[last:]))


def _finders(text: str, region: str | None) -> Iterator[Iterator[Span]]:
    """The finders in the order of their certainty: what an earlier one has found, no later one takes."""
    low = text.lower()
    yield links(text)
    yield mails(text)
    yield spelled_mails(text, low)
    yield ips(text)
    digits = DIGIT.search(text) is not None
    if digits and SOME_DIGITS.search(text):
        yield accounts(text)
        yield nationals(text, low, partial(is_order, text))
        yield cards_and_phones(text, region)
    if digits or "@" in text or "_" in text:
        yield users(text, low)
        yield plates(text, low)
        yield addresses(text, low)
    yield names(text)


PLAIN: Final = Redactor()


def redact_all(text: pa.Array, language: pa.Array | None = None, region: pa.Array | None = None) -> pa.Array:
    """Each text redacted by what comes with Gensvar; null stays null."""
    return PLAIN.column(text, language, region)


def redact(text: str) -> str:
    """The text redacted by what comes with Gensvar, in English words.

    >>> redact("Mail kim@example.org or ring 070-123 45 67")
    'Mail [e-mail] or ring [phone]'
    """
    return PLAIN.text(text)


__all__ = [
    "KINDS", "PLAIN", "PUT", "SAID", "Kind", "Own", "Redactor", "Span", "checked", "iban_is_right", "luhn", "placeholders", "redact", "redact_all",
    "words_for",
]  # fmt: skip
