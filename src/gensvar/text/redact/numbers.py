"""Account, card and phone numbers: by check digits where they have some, by what they look like and what stands before them where they have none."""

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers

from gensvar.text.redact.kinds import Span

IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_BESIDE: Final = r"0-9A-Za-z_\u00aa-\u02af\u0370-\u052f"  # Chinese, Japanese and Thai leave no space beside a number
DIGITS: Final = re.compile(rf"(?<![{_BESIDE}.,])(?:\+|\()?\d(?:[ \u00a0\u202f().\-/+]{{0,2}}\d){{5,21}}(?![{_BESIDE}])")
HOUR: Final = r"(?:\D+\d{1,2}(?:[:.]\d{2}){0,2})?"
LONG_AGO: Final = r"1[5-8]\d{2}-(?:0?[1-9]|1[0-2])-(?:[0-2]?\d|3[01])"
DATED: Final = re.compile(
    rf"{LONG_AGO}{HOUR}|(?:19|20)\d{{2}}[-./ ]\d{{1,2}}[-./ ]\d{{1,2}}{HOUR}|\d{{1,2}}[-./ ]{{1,2}}\d{{1,2}}[-./ ]{{1,2}}(?:19|20)\d{{2}}{HOUR}"
    r"|(?:\d{1,2}[.:]\d{2} ?[-–/] ?\d{1,2}[.:]\d{2})|(?:19|20)\d{6}[- ]\d{1,4}|(?:19|20)\d{2}[-/ ]{1,3}(?:19|20)\d{2}"
)
THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}(?:[ .\u00a0\u202f]\d{3})+")
APART: Final = re.compile(r"\(?0\d{1,4}\)?[ \-/.]{1,2}\d[\d \-./]{4,}|0\d(?:[ .-]\d{2}){4}")
IN_PAIRS: Final = re.compile(r"\d{2}(?: \d{2}){3}|\d{3} \d{2} \d{3}|\d{4} \d{4}")
AMERICAN: Final = re.compile(r"\(?[2-9]\d{2}\)?[ .-]{1,2}[2-9]\d{2}[-. ]\d{4}")
PHONE_LENGTH: Final = range(8, 16)
ORDER: Final = re.compile(
    "order|ordre|bestäl|bestil|tilau|bestell|commande|bestelling|pedido|encomenda|faktura|invoice|lasku|rechnung|facture|factu|fatura|ärende|ticket|tapau|"
    "vorgang|dossier|zaak|kundnummer|kundnr|kundenummer|kundenr|kundennummer|customer|asiakasn|klantn|client|booking|bokning|buchung|reservation|varau|"
    "refer|referen|viite|viesti|art.n|art. n|artn|artik|varen|tuoten|item|product|track|kolli|spårn|sporing|seuranta|sendung|paketn|batch|"
    "parti|serie|imei|avtal|aftale|avtale|contract|sopimus|vertrag|isbn|build|version|error|konto|medlem|member|jäsen|protocol|protokoll|journal|kupong|voucher|rabat"
)
ORDER_WORDS: Final = frozenset({"case", "sak", "sag", "caso", "ref", "kid", "fik", "ocr", "ean", "fel"})
CALL: Final = re.compile(
    "telef|phone|mobil|ring|call|sms|whatsapp|num[eéè]ro|número|nummer|number|numret|reach|kontakt|contact|soitta|soitt|kännyk|fange|træf|treff|tavoit|handy|rufe|"
    "télé|appel|bellen|llam|teléf|ligar|ligue|telem|celular|swish|vipps"
)
CALL_WORDS: Final = frozenset({"tel", "tlf", "mob", "cell", "text", "puh", "p", "nr", "nås", "nå", "når", "fax", "bel", "me", "meg", "mig"})
WORD: Final = re.compile(r"\w+")
LAST_LINE: Final = re.compile(r"[^\d\n]*$")
NEAR: Final = 34
REGIONS: Final = ("SE", "NO", "DK", "FI", "GB", "DE", "NL", "FR", "ES", "PT", "US")
OF_LANGUAGE: Final = {
    "sv": "SE",
    "nb": "NO",
    "nn": "NO",
    "no": "NO",
    "da": "DK",
    "fi": "FI",
    "en": "GB",
    "de": "DE",
    "nl": "NL",
    "fr": "FR",
    "es": "ES",
    "pt": "PT",
}


def iban_is_right(plain: str) -> bool:
    """Whether the IBAN's check digits fit (ISO 13616: the number read in base 36 leaves 1 of 97)."""
    turned = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def is_order(text: str, at: int) -> bool:
    """Whether the words right before say that the number is an order's, an invoice's or the like."""
    return _says(text, at, ORDER, ORDER_WORDS)


def _says(text: str, at: int, stems: re.Pattern[str], words: frozenset[str]) -> bool:
    """Whether one of these stands right before, with no number and no new line between."""
    found = LAST_LINE.search(text[max(0, at - NEAR) : at].lower())
    before = found[0] if found else ""
    return stems.search(before) is not None or not words.isdisjoint(WORD.findall(before))


def accounts(text: str) -> Iterator[Span]:
    for m in IBAN.finditer(text):
        said = m[0]
        while len(said) >= 15:
            if iban_is_right(said.replace(" ", "")):
                yield Span(m.start(), m.start() + len(said), "account")
                break
            said = said.rpartition(" ")[0]


def cards_and_phones(text: str, region: str | None) -> Iterator[Span]:
    for m in DIGITS.finditer(text):
        for start, end in _parts(m):
            kind = _kind(text, start, end, region)
            if kind:
                yield Span(start, end, kind)
                break


def _parts(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The whole candidate; then without its first and without its last group, since two numbers may stand side by side."""
    said = found[0]
    yield found.span()
    if THOUSANDS.fullmatch(said) or DATED.fullmatch(said):
        return
    first, last = said.find(" "), said.rfind(" ")
    if first > 0:
        yield found.start() + first + 1, found.end()
        yield found.start(), found.start() + last


def _kind(text: str, start: int, end: int, region: str | None) -> str:
    said = text[start:end]
    bare = "".join(c for c in said if c.isdigit())
    if is_order(text, start):
        return ""
    if is_card(bare):
        return "card"
    called = _says(text, start, CALL, CALL_WORDS)
    return "phone" if _is_phone(said, bare, region, called) else ""


def is_card(bare: str) -> bool:
    """Whether length, first digits and check digit are those of a payment card."""
    first = {14: ("30", "36", "38", "39"), 15: ("34", "37"), 16: ("2", "35", "4", "5", "6"), 19: ("4", "6")}.get(len(bare), ())
    return bare.startswith(tuple(first)) and len(set(bare)) > 1 and luhn(bare) if first else False


def _is_phone(said: str, bare: str, region: str | None, called: bool) -> bool:
    if DATED.fullmatch(said.strip()) or len(bare) not in PHONE_LENGTH:
        return False
    if said.startswith("+") or (bare.startswith("00") and len(bare) >= 10):
        return called or _valid(f"+{bare.removeprefix('00')}", None, loosely=True)
    if THOUSANDS.fullmatch(said) and not called:
        return False
    if bare[0] == "0" and len(bare) <= 11:
        return called or bool(APART.fullmatch(said)) or _valid_somewhere(bare, region)
    if len(bare) <= 10 and called:
        return _valid_somewhere(bare, region) or bool(IN_PAIRS.fullmatch(said))
    shaped = IN_PAIRS.fullmatch(said) if len(bare) == 8 else AMERICAN.fullmatch(said) if len(bare) == 10 else None
    return bool(shaped) and _valid_somewhere(bare, region)


def _valid_somewhere(bare: str, region: str | None) -> bool:
    return any(_valid(bare, r) for r in dict.fromkeys((region, *REGIONS)) if r)


def _valid(number: str, region: str | None, loosely: bool = False) -> bool:
    try:
        read = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_possible_number(read) if loosely else phonenumbers.is_valid_number(read))
