"""Text → the same text with what points at a person replaced by its kind: [e-mail], [phone], [card], [account], [national id], [link].

The first guard before text reaches the hub. It finds what has a form or a checksum; names and addresses need more than this.
"""

import re
from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

SUSPECT = r"@|://|www\.|\d(?:[^\d\n]{0,2}\d){5}"
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
LINK_SECRET = re.compile(r"[?#;&].*|(?<=/)[\w\-]{20,}(?=/|$)", re.DOTALL)
MAIL = re.compile(r"(?<![\w.+%-])[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}")
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
DIGITS = re.compile(r"(?<![\w.,])(?:\+|\()?\d(?:[ \u00a0\u202f().\-/+]{0,2}\d){5,21}[A-Z]?(?!\w)")
FINNISH = re.compile(r"(?<!\w)(\d{6})([-+ABCDEFYXWVU])(\d{3})([0-9A-FHJ-NPR-Y])(?!\w)")
FINNISH_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
HOUR = r"(?:\D+\d{1,2}(?:[:.]\d{2}){0,2})?"
LONG_AGO = r"1[5-8]\d{2}-(?:0?[1-9]|1[0-2])-(?:[0-2]?\d|3[01])"
DATED = re.compile(rf"{LONG_AGO}{HOUR}|(?:19|20)\d{{2}}[-./ ]\d{{1,2}}[-./ ]\d{{1,2}}{HOUR}|\d{{1,2}}[-./ ]\d{{1,2}}[-./ ](?:19|20)\d{{2}}{HOUR}")
SPLIT_PHONE = re.compile(r"\(?0\d{1,3}\)?[ \-/]\d[\d \-]{4,}|\d{2,4}(?:[ \-]\d{2,4}){2,}")
THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[ .\u00a0\u202f]\d{3})+")
PHONE_LENGTH = range(8, 16)


def redact_all(text: pa.Array) -> pa.Array:
    """Each text redacted; null stays null. Texts without '@', links or six digits near each other are passed through untouched."""
    suspect = pc.fill_null(pc.match_substring_regex(text, SUSPECT), False)
    if not pc.any(suspect).as_py():
        return text
    cleaned = pa.array([redact(t) for t in text.filter(suspect).to_pylist()], pa.string())
    return pc.replace_with_mask(text, suspect, cleaned)


def redact(text: str) -> str:
    """The text with addresses, numbers and secrets in links replaced by their kind.

    >>> redact("Mail kim@example.org or ring 070-123 45 67")
    'Mail [e-mail] or ring [phone]'
    """
    for pattern, put in PASSES:
        text = pattern.sub(put, text)
    return text


def _link(found: re.Match[str]) -> str:
    bare = found[0].rstrip(".,;:!)")
    return LINK_SECRET.sub("[link]", bare) + found[0][len(bare) :]


def _finnish(found: re.Match[str]) -> str:
    born, number, check = found[1], found[3], found[4]
    right = FINNISH_CHECK[int(born + number) % 31] == check and _is_day(born[:2], born[2:4], born[4:])
    return "[national id]" if right else found[0]


def _iban(found: re.Match[str]) -> str:
    plain = found[0].replace(" ", "")
    return "[account]" if iban_is_right(plain) else found[0]


def iban_is_right(plain: str) -> bool:
    """Whether the IBAN's check digits fit (ISO 13616: the number read in base 36 leaves 1 of 97)."""
    turned = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _digits(found: re.Match[str]) -> str:
    said = found[0]
    bare = "".join(c for c in said if c.isdigit())
    return next((put for put, is_it in NUMBERS if is_it(said, bare)), said)


def _is_card(_said: str, bare: str) -> bool:
    return 13 <= len(bare) <= 19 and bare[0] in "23456" and len(set(bare)) > 1 and luhn(bare)


def _is_national(said: str, bare: str) -> bool:
    return bool(re.fullmatch(r"\d{6,8}[-+ ]?\d{4,5}", said)) and (_swedish(bare) or _norwegian(bare) or _danish(said, bare))


def _is_day(day: str, month: str, year: str) -> bool:
    years = (year,) if len(year) == 4 else (f"19{year}", f"20{year}")
    for full in years:
        try:
            date(int(full), int(month), int(day))
        except ValueError:
            continue
        return True
    return False


def _swedish(bare: str) -> bool:
    if len(bare) not in (10, 12):
        return False
    ten = bare[-10:]
    day = int(ten[4:6])
    born = _is_day(f"{day - 60 if day > 60 else day:02d}", ten[2:4], ten[:2])
    return luhn(ten) and born and (len(bare) == 10 or bare[:2] in ("18", "19", "20"))


NORWEGIAN = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))


def _norwegian(bare: str) -> bool:
    if len(bare) != 11:
        return False
    day, month = int(bare[:2]) % 40, int(bare[2:4]) % 40
    fits = all(sum(w * int(d) for w, d in zip(weights, bare, strict=False)) % 11 == 0 for weights in NORWEGIAN)
    return fits and _is_day(f"{day:02d}", f"{month:02d}", bare[4:6])


def _danish(said: str, bare: str) -> bool:
    """A date and a dash: since 2007 the Danish number has no checksum to trust."""
    return len(bare) == 10 and said[6:7] == "-" and _is_day(bare[:2], bare[2:4], bare[4:6])


def _is_phone(said: str, bare: str) -> bool:
    if DATED.fullmatch(said.strip()) or THOUSANDS.fullmatch(said) or len(bare) not in PHONE_LENGTH:
        return False
    return said[0] in "+(" or bare.startswith("00") or bool(SPLIT_PHONE.fullmatch(said)) or (bare[0] == "0" and len(bare) <= 11)


NUMBERS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("[national id]", _is_national),
    ("[card]", _is_card),
    ("[phone]", _is_phone),
)
PASSES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (MAIL, "[e-mail]"),
    (LINK, _link),
    (FINNISH, _finnish),
    (IBAN, _iban),
    (DIGITS, _digits),
)
