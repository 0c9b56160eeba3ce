"""Who each record names, by exact keys: known people are found again, new ones get an id, and two that turn out to be one are joined."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

import pyarrow as pa

from gensvar.contracts.mentions import MENTIONS
from gensvar.contracts.parties import PARTIES
from gensvar.contracts.rows import Contact, Keys, NewKey, Received
from gensvar.contracts.table import MOMENT
from gensvar.identity.groups import Group, Groups
from gensvar.kit.ids import row_ids

CONFLICT = "conflict, kept apart"
SAME = {"external": "same external id", "email": "same email", "phone": "same phone"}
ACCOUNTS = "account"


@dataclass(frozen=True, slots=True)
class Resolution:
    """party, account: one for each record. mentions, parties: rows for those tables; parties holds only people seen for the first time.

    moves: party → the older one that it turned out to be; reasons: why, for each. contacts: by party.
    """

    party: list[bytes | None]
    account: list[bytes | None]
    mentions: pa.Table
    parties: pa.Table
    new_keys: list[NewKey]
    moves: dict[bytes, bytes]
    reasons: dict[bytes, str]
    contacts: dict[bytes, list[Contact]]


class Mention(NamedTuple):
    """One record naming somebody. keys: (kind, key), strongest first."""

    row: int
    moment: int
    keys: tuple[tuple[str, bytes], ...]


@dataclass(slots=True)
class Found:
    """What one kind of party came to. owner: key → party; apart: (row, key) that belong to somebody else than the row does."""

    kind: str
    of_row: list[bytes | None]
    owner: dict[bytes, bytes]
    apart: set[tuple[int, bytes]]
    minted: dict[bytes, int] = field(default_factory=dict)
    moves: dict[bytes, bytes] = field(default_factory=dict)
    reasons: dict[bytes, str] = field(default_factory=dict)


def all_keys(keys: Keys) -> list[bytes]:
    """Every key once."""
    return sorted({k for column in (keys.external, keys.email, keys.phone, keys.account) for k in column if k is not None})


def resolve(
    received: Received, known: Mapping[bytes, bytes], externals: Mapping[bytes, Mapping[str, bytes]], moments: Sequence[int], now: datetime
) -> Resolution:
    """Who the records name. known: key → party; externals: known party → namespace → its external key; moments: each record's own, ms since 1970.

    A party's id is minted from its earliest mention here and never changes, save that the younger of two becomes the older when a record names both.
    Two that hold different external ids in one namespace stay two, whatever address or number they share.
    """
    people, accounts = list(_people(received.people, moments)), list(_accounts(received.people, moments))
    count = len(received.records)
    persons = _found("person", people, known, externals, received.people.namespace, count)
    companies = _found("account", accounts, known, externals, ACCOUNTS, count)
    party, account = persons.of_row, companies.of_row
    if received.target == "parties":
        party, account = _described(party, account)
    told = [*_told(people, persons, known), *_told(accounts, companies, known)]
    return Resolution(
        party=party,
        account=account,
        mentions=_mentions(received, told, now),
        parties=_parties(received, persons, companies, now, set(_at(party, received))),
        new_keys=[*_new_keys(people, persons, known, received.people.namespace), *_new_keys(accounts, companies, known, ACCOUNTS)],
        moves=persons.moves | companies.moves,
        reasons=persons.reasons | companies.reasons,
        contacts=_contacts(received.contacts, persons.owner | companies.owner),
    )


def _people(keys: Keys, moments: Sequence[int]) -> Iterator[Mention]:
    columns = (("external", keys.external), ("email", keys.email), ("phone", keys.phone))
    used = [(kind, column) for kind, column in columns if any(column)]
    if len(used) == 1:
        kind, column = used[0]
        yield from (Mention(row, moment, ((kind, key),)) for row, (moment, key) in enumerate(zip(moments, column, strict=True)) if key)
        return
    for row, (moment, external, email, phone) in enumerate(zip(moments, keys.external, keys.email, keys.phone, strict=True)):
        if external or email or phone:
            named = (("external", external), ("email", email), ("phone", phone))
            yield Mention(row, moment, tuple((kind, key) for kind, key in named if key))


def _accounts(keys: Keys, moments: Sequence[int]) -> Iterator[Mention]:
    for row, (moment, key) in enumerate(zip(moments, keys.account, strict=True)):
        if key:
            yield Mention(row, moment, (("external", key),))


def _described(party: list[bytes | None], account: list[bytes | None]) -> tuple[list[bytes | None], list[bytes | None]]:
    """A row that describes an account is that account: it has no person, and belongs to no account."""
    mine = [p or a for p, a in zip(party, account, strict=True)]
    return mine, [a if p else None for p, a in zip(party, account, strict=True)]


def _found(
    kind: str,
    mentions: Sequence[Mention],
    known: Mapping[bytes, bytes],
    externals: Mapping[bytes, Mapping[str, bytes]],
    namespace: str,
    count: int,
) -> Found:
    found = Found(kind, [None] * count, {}, set())
    if all(len(m.keys) == 1 for m in mentions):
        _settle_alone(mentions, known, found)
    else:
        _settle_together(mentions, known, externals, namespace, found)
    owner, of_row = found.owner, found.of_row
    for row, _, keys in mentions:
        of_row[row] = owner[keys[0][1]]
    return found


def _settle_alone(mentions: Sequence[Mention], known: Mapping[bytes, bytes], found: Found) -> None:
    """Where no record names two keys, each key is its own party."""
    first: dict[bytes, int] = {}
    for _, moment, ((_, key),) in mentions:
        if key not in first or moment < first[key]:
            first[key] = moment
    new = [key for key in first if key not in known]
    minted = row_ids(new, [found.kind] * len(new), [first[key] for key in new])
    found.minted.update((party, first[key]) for party, key in zip(minted, new, strict=True))
    found.owner.update(zip(new, minted, strict=True))
    found.owner.update((key, known[key]) for key in first if key in known)


def _settle_together(
    mentions: Sequence[Mention], known: Mapping[bytes, bytes], externals: Mapping[bytes, Mapping[str, bytes]], namespace: str, found: Found
) -> None:
    groups = Groups()
    _recall(groups, mentions, known, externals, namespace)
    for mention in sorted(mentions, key=lambda m: (m.moment, m.keys)):
        first = mention.keys[0][1]
        for by, key in mention.keys[1:]:
            if not groups.unite(first, key, SAME[by]):
                found.apart.add((mention.row, key))
        groups.of(first).seen(mention.moment, first)
    _settle(groups, found)
    for key in {key for mention in mentions for _, key in mention.keys}:
        found.owner[key] = _party(groups.of(key), found)


def _recall(
    groups: Groups,
    mentions: Sequence[Mention],
    known: Mapping[bytes, bytes],
    externals: Mapping[bytes, Mapping[str, bytes]],
    namespace: str,
) -> None:
    """What the ledger knows of the keys named, as groups."""
    for kind, key in {named for m in mentions for named in m.keys}:
        party = known.get(key)
        if party is not None:
            groups.unite(party, key, "")
            there = groups.of(party)
            there.parties.setdefault(party, "")
            if namespace != ACCOUNTS:
                there.externals = {**externals.get(party, {}), **there.externals}
        if kind == "external":
            groups.of(key).externals.setdefault(namespace, key)


def _settle(groups: Groups, found: Found) -> None:
    for group in groups.all():
        if len(group.parties) > 1:
            oldest = min(group.parties)
            for party, why in group.parties.items():
                if party != oldest:
                    found.moves[party] = oldest
                    found.reasons[party] = why or SAME["external"]


def _party(group: Group, found: Found) -> bytes:
    """The group's oldest party, or an id minted from its earliest mention."""
    if group.parties:
        return min(group.parties)
    moment, key = group.first or (0, b"")
    party = row_ids([key], [found.kind], [moment])[0]
    found.minted[party] = moment
    return party


class Told(NamedTuple):
    """One row of `mentions` to be, but for its id and what all rows share."""

    row: int
    moment: int
    key_kind: str
    key: bytes
    party_kind: str
    party: bytes
    evidence: str


def _told(mentions: Sequence[Mention], found: Found, known: Mapping[bytes, bytes]) -> Iterator[Told]:
    owner, apart, party_kind = found.owner, found.apart, found.kind
    for m in mentions:
        why = _evidence(m, found, known)
        for kind, key in m.keys:
            yield Told(m.row, m.moment, kind, key, party_kind, owner[key], CONFLICT if (m.row, key) in apart else why)


def _evidence(mention: Mention, found: Found, known: Mapping[bytes, bytes]) -> str:
    party = found.of_row[mention.row]
    if party is not None and party[:6] == mention.moment.to_bytes(6, "big"):
        return "new"
    if len(mention.keys) == 1:
        return SAME[mention.keys[0][0]]
    tying = [kind for kind, key in mention.keys if key in known]
    return SAME[tying[0] if tying else mention.keys[0][0]]


def _moments_us(received: Received) -> dict[int, int]:
    if "occurred_at" not in received.table.column_names:
        return {}
    at = received.table["occurred_at"].cast(pa.int64()).to_pylist()
    return dict(zip(received.table["_row"].to_pylist(), at, strict=True))


def _mentions(received: Received, told: Sequence[Told], now: datetime) -> pa.Table:
    schema, at = MENTIONS.schema, _moments_us(received)
    row, moment, key_kind, key, party_kind, party, evidence = zip(*told, strict=True) if told else ((),) * 7
    hexes = [k.hex() for k in key]
    columns = {
        "id": _uuids(row_ids([received.keys16[r] for r in row], hexes, moment)),
        "source": pa.repeat(pa.scalar(received.source, pa.string()), len(told)),
        "record": [received.records[r] for r in row],
        "occurred_at": pa.array([at.get(r, ms * 1000) for r, ms in zip(row, moment, strict=True)], pa.int64()).cast(MOMENT),
        "received_at": pa.repeat(pa.scalar(now, MOMENT), len(told)),
        "key_kind": key_kind,
        "key": hexes,
        "party_kind": party_kind,
        "party": _uuids(party),
        "evidence": evidence,
    }
    return pa.table([_array(columns[f.name], f.type) for f in schema], schema=schema)


def _uuids(ids: Sequence[bytes | None]) -> pa.Array:
    return pa.ExtensionArray.from_storage(pa.uuid(), pa.array(ids, pa.binary(16)))


def _array(values: pa.Array | Sequence[object], kind: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, kind)


def _at(party: Sequence[bytes | None], received: Received) -> list[bytes | None]:
    """The parties that the batch itself describes in full."""
    return [party[row] for row in received.table["_row"].to_pylist()] if received.target == "parties" else []


def _parties(received: Received, persons: Found, companies: Found, now: datetime, described: set[bytes | None]) -> pa.Table:
    """A first row for everybody new, unless the batch describes them itself."""
    belongs: dict[bytes, bytes] = {}
    audience: dict[bytes, str] = {}
    said = _audiences(received)
    for row, (person, company) in enumerate(zip(persons.of_row, companies.of_row, strict=True)):
        if person and company:
            belongs.setdefault(person, company)
        for party in (person, company):
            if party and row in said:
                audience.setdefault(party, said[row])
    new = [(p, f.kind, ms) for f in (persons, companies) for p, ms in sorted(f.minted.items()) if p not in described]
    columns: dict[str, pa.Array | Sequence[object]] = {
        "id": _uuids([p for p, _, _ in new]),
        "kind": [kind for _, kind, _ in new],
        "audience": [audience.get(p) for p, _, _ in new],
        "first_seen": pa.array([ms * 1000 for _, _, ms in new], pa.int64()).cast(PARTIES.schema.field("first_seen").type),
        "updated_at": [now] * len(new),
        "account": _uuids([belongs.get(p) for p, _, _ in new]),
    }
    schema = PARTIES.schema
    return pa.table([_array(columns.get(f.name, [None] * len(new)), f.type) for f in schema], schema=schema)


def _audiences(received: Received) -> dict[int, str]:
    if "audience" not in received.table.column_names:
        return {}
    pairs = zip(received.table["_row"].to_pylist(), received.table["audience"].to_pylist(), strict=True)
    return {row: said for row, said in pairs if said}


def _new_keys(mentions: Sequence[Mention], found: Found, known: Mapping[bytes, bytes], namespace: str) -> list[NewKey]:
    first: dict[bytes, tuple[str, int]] = {}
    for m in mentions:
        for kind, key in m.keys:
            if key not in known and (key not in first or m.moment < first[key][1]):
                first[key] = (kind, m.moment)
    return [
        NewKey(key, kind, namespace if kind == "external" else "", found.owner[key], datetime.fromtimestamp(ms / 1000, UTC))
        for key, (kind, ms) in sorted(first.items())
    ]


def _contacts(contacts: Sequence[Contact], owner: Mapping[bytes, bytes]) -> dict[bytes, list[Contact]]:
    by_party: dict[bytes, list[Contact]] = defaultdict(list)
    for contact in contacts:
        if contact.key in owner:
            by_party[owner[contact.key]].append(contact)
    return dict(by_party)
