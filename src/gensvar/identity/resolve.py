"""Who each record names, by exact keys: known people are found again, new ones get an id, and two that turn out to be one are joined."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from gensvar.contracts.rows import Contact, Keys, NewKey, Received
from gensvar.identity.evidence import mentions, new_keys, parties
from gensvar.identity.named import accounts, persons
from gensvar.identity.settle import Externals, settle


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


def all_keys(keys: Keys) -> list[bytes]:
    """Every key once."""
    return sorted(k for k in {*keys.external, *keys.email, *keys.phone, *keys.account} if k is not None)


def resolve(received: Received, known: Mapping[bytes, bytes], externals: Externals, moments: Sequence[int], now: datetime) -> Resolution:
    """Who the records name. known: key → party; externals: known party → namespace → its external key; moments: each record's own, ms since 1970.

    A party's id is minted from its earliest mention here and never changes, save that the younger of two becomes the older when a record names both.
    Two that hold different external ids in one namespace stay two, whatever address or number they share.
    """
    at = np.array(moments, dtype=np.int64)
    people = settle(persons(received.people, at), known, externals)
    companies = settle(accounts(received.people, at), known, externals)
    party, account = people.of_rows(), companies.of_rows()
    if received.target == "parties":
        party, account = _described(party, account)
    return Resolution(
        party=party,
        account=account,
        mentions=pa.concat_tables([mentions(received, found, at, now) for found in (people, companies)]).combine_chunks(),
        parties=parties(received, people, companies, now, set(_at(party, received))),
        new_keys=[*new_keys(people, known), *new_keys(companies, known)],
        moves=people.moves | companies.moves,
        reasons=people.reasons | companies.reasons,
        contacts=_contacts(received.contacts, people.owner | companies.owner),
    )


def _described(party: list[bytes | None], account: list[bytes | None]) -> tuple[list[bytes | None], list[bytes | None]]:
    """A row that describes an account is that account: it has no person, and belongs to no account."""
    mine = [p or a for p, a in zip(party, account, strict=True)]
    return mine, [a if p else None for p, a in zip(party, account, strict=True)]


def _at(party: Sequence[bytes | None], received: Received) -> list[bytes | None]:
    """The parties that the batch itself describes in full."""
    return [party[row] for row in received.table["_row"].to_pylist()] if received.target == "parties" else []


def _contacts(contacts: Sequence[Contact], owner: Mapping[bytes, bytes]) -> dict[bytes, list[Contact]]:
    by_party: dict[bytes, list[Contact]] = defaultdict(list)
    for contact in contacts:
        if contact.key in owner:
            by_party[owner[contact.key]].append(contact)
    return dict(by_party)
