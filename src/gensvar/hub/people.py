"""Columns that name people → keyed hashes for the hub, and plain contact details for the ledger to encrypt."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import phonenumbers
import pyarrow as pa

from gensvar.contracts.contract import Contract, People
from gensvar.contracts.rows import Contact, Keys
from gensvar.hub.sheet import Sheet
from gensvar.kit.ids import KeyKind, identity_keys

MAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@([^\s@<>,;:\"()\[\]\\/]{1,253}\.[^\s@.<>,;:\"()\[\]\\/]{2,63})")
ANGLED = re.compile(r"[^<>]*<([^<>]+)>")
NOBODY = frozenset({"-", "--", ".", "0", "?", "n/a", "na", "none", "null", "nil", "unknown", "anonymous", "okänd", "ukjent", "ukendt", "ei tiedossa"})
REMEMBERED = 200_000
LONGEST = 320


def email(text: str) -> str | None:
    """The address in one form: NFKC, lower case, the domain in ASCII; dots and plus signs stay, since they tell people apart. None when it is none.

    >>> email(" Åsa <ASA@Exämple.se> ")
    'asa@xn--exmple-cua.se'
    """
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip().removeprefix("mailto:")
    angled = ANGLED.fullmatch(plain)
    plain = (angled[1].strip() if angled else plain).casefold()
    found = MAIL.fullmatch(plain)
    if not found or len(plain) > LONGEST:
        return None
    domain = _ascii_domain(found[1])
    return None if domain is None else plain[: found.start(1)] + domain


@lru_cache(maxsize=4_096)
def _ascii_domain(domain: str) -> str | None:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def phone(text: str, region: str | None) -> str | None:
    """The number as E.164, or None when it cannot be a number there. region: where numbers without a country belong, as SE.

    >>> phone("070-174 06 05", "SE")
    '+46701740605'
    """
    if len(text) > 60:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if phonenumbers.is_valid_number(number) else None


def external(text: str) -> str | None:
    """An id of another system: NFC, blanks at the ends cut."""
    plain = unicodedata.normalize("NFC", text).strip()
    return plain if 0 < len(plain) <= LONGEST else None


Asked = str | tuple[str, str | None] | None
"""What a key is made of: a text, or a phone number with its region."""


@dataclass(frozen=True, slots=True)
class Named:
    """What one kind of key says of each row. bad: rows whose value is no such thing."""

    keys: Sequence[bytes | None]
    bad: tuple[int, ...] = ()


@dataclass(slots=True)
class Register:
    """Makes identity keys for one import: remembers what it has normalised and which contacts it has handed on, so that each goes on once."""

    secret: bytes
    region: str | None = None
    contacts: list[Contact] = field(default_factory=list)
    _known: dict[tuple[str, str], dict[Asked, bytes | None]] = field(default_factory=dict)
    _told: set[bytes] = field(default_factory=set)

    def named(self, kind: KeyKind, namespace: str, texts: Sequence[str | None], regions: Sequence[str | None] | None = None) -> Named:
        """The key of each text, aligned; null where there is none or where it is no such thing."""
        if not any(texts):
            return Named([None] * len(texts))
        known = self._known.setdefault((kind, namespace), {})
        if len(known) > REMEMBERED:
            known.clear()
        asked: Sequence[Asked] = texts if kind != "phone" else _numbers(texts, regions or [None] * len(texts), self.region)
        distinct = dict.fromkeys(asked)
        self._learn(kind, namespace, [one for one in distinct if one not in known], known)
        unusable = {one for one in distinct if known[one] is None and one is not None and _text(one).casefold() not in NOBODY}
        bad = tuple(i for i, one in enumerate(asked) if one in unusable) if unusable else ()
        return Named([known[one] for one in asked], bad)

    def _learn(self, kind: KeyKind, namespace: str, fresh: Sequence[Asked], known: dict[Asked, bytes | None]) -> None:
        known.update(dict.fromkeys(fresh))
        values = {one: value for one in fresh if one is not None and (value := _normal(kind, one)) is not None}
        for (one, value), key in zip(values.items(), identity_keys(self.secret, kind, namespace, values.values()), strict=True):
            known[one] = key
            self._tell(key, Contact(key, kind, value))

    def _tell(self, once: bytes, contact: Contact) -> None:
        if once not in self._told:
            self._told.add(once)
            self.contacts.append(contact)

    def name(self, keys: Sequence[bytes | None], names: Sequence[str | None]) -> None:
        """Hands the names on, each beside the key it belongs to."""
        for key, name in zip(keys, names, strict=True):
            if key is not None and name is not None:
                self._tell(key + b"name", Contact(key, "name", name[:LONGEST]))

    def handed_on(self) -> tuple[Contact, ...]:
        """The contacts since last asked."""
        contacts = tuple(self.contacts)
        self.contacts.clear()
        return contacts


NORMAL: dict[str, Callable[[str], str | None]] = {"email": email, "external": external}


def _numbers(texts: Sequence[str | None], regions: Sequence[str | None], region: str | None) -> list[Asked]:
    """Phone numbers, each with the region it is read in."""
    return [None if text is None else (text, here or region) for text, here in zip(texts, regions, strict=True)]


def _text(asked: str | tuple[str, str | None]) -> str:
    return asked if isinstance(asked, str) else asked[0]


def _normal(kind: KeyKind, asked: str | tuple[str, str | None]) -> str | None:
    if _text(asked).casefold() in NOBODY:
        return None
    return NORMAL[kind](asked) if isinstance(asked, str) else phone(*asked)


def strongest(*columns: Sequence[bytes | None]) -> list[bytes | None]:
    """For each row its first key that is there."""
    first = list(columns[0])
    for column in columns[1:]:
        if any(column):
            first = [a if a is not None else b for a, b in zip(first, column, strict=True)]
    return first


def account_namespace(namespace: str) -> str:
    """Ids of accounts never meet ids of persons."""
    return f"account:{namespace}"


Complain = Callable[[str, str, Sequence[int]], None]


def people(sheet: Sheet, contract: Contract, register: Register, markets: pa.Array, complain: Complain) -> Keys:
    """The keys of the persons and accounts that each row names. complain(kind, column, rows): values that are no such thing."""
    nobody: list[bytes | None] = [None] * len(sheet)
    is_account = contract.target == "parties" and contract.person is not None and contract.person.kind == "account"
    person = None if is_account else contract.party
    company = contract.account or (contract.party if is_account else None)
    namespace = (person.namespace if person else "") or contract.source
    found = _person(sheet, person, namespace, register, markets, complain) if person else (nobody, nobody, nobody)
    account = _account(sheet, company, contract.source, register, complain) if company else nobody
    return Keys(external=found[0], email=found[1], phone=found[2], account=account, namespace=namespace)


def _person(
    sheet: Sheet, named: People, namespace: str, register: Register, markets: pa.Array, complain: Complain
) -> tuple[Sequence[bytes | None], Sequence[bytes | None], Sequence[bytes | None]]:
    regions = [named.region] * len(sheet) if named.region else _regions(markets)
    external_keys = _keys(sheet, named.external, "external", namespace, register, complain)
    email_keys = _keys(sheet, named.email, "email", "", register, complain)
    phone_keys = _keys(sheet, named.phone, "phone", "", register, complain, regions)
    if named.name:
        register.name(strongest(external_keys, email_keys, phone_keys), sheet.text(named.name).to_pylist())
    return external_keys, email_keys, phone_keys


def _account(sheet: Sheet, named: People, source: str, register: Register, complain: Complain) -> Sequence[bytes | None]:
    namespace = account_namespace(named.namespace or source)
    columns = (
        _keys(sheet, named.external, "external", namespace, register, complain),
        _keys(sheet, named.email, "email", account_namespace(""), register, complain),
    )
    keys = strongest(*columns)
    if named.name:
        register.name(keys, sheet.text(named.name).to_pylist())
    return keys


def _keys(
    sheet: Sheet,
    column: str | None,
    kind: KeyKind,
    namespace: str,
    register: Register,
    complain: Complain,
    regions: Sequence[str | None] | None = None,
) -> Sequence[bytes | None]:
    if column is None:
        return [None] * len(sheet)
    found = register.named(kind, namespace, sheet.text(column).to_pylist(), regions)
    if found.bad:
        complain(kind, column, found.bad)
    return found.keys


def _regions(markets: pa.Array) -> list[str | None]:
    return [m if m is not None and len(m) == 2 and m.isupper() else None for m in markets.to_pylist()]
