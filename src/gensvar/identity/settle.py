"""Keys → parties: a combination of keys that meets no other is settled by itself, those that touch each other in groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from gensvar.identity.groups import Group, Groups
from gensvar.identity.named import ACCOUNT, Mask, Named, Numbers
from gensvar.kit.ids import row_ids

SAME = {"external": "same external id", "email": "same email", "phone": "same phone"}
Externals = Mapping[bytes, Mapping[str, bytes]]


@dataclass(frozen=True, slots=True)
class Found:
    """Who they are. party: of each combination; owner: key → party; before: combination × kind of key → whether the ledger knew that key.

    apart: likewise, whether the key belongs to somebody else than the row does; minted: new party → its moment (ms);
    moves: party → the older one that it turned out to be; reasons: why, for each.
    """

    named: Named
    party: list[bytes]
    before: Mask
    apart: Mask
    owner: dict[bytes, bytes] = field(default_factory=dict)
    minted: dict[bytes, int] = field(default_factory=dict)
    moves: dict[bytes, bytes] = field(default_factory=dict)
    reasons: dict[bytes, str] = field(default_factory=dict)

    def of_rows(self) -> list[bytes | None]:
        """The party that each row names."""
        who = [*self.party, None]  # −1, nobody, reads the last
        return [who[i] for i in self.named.of_row.tolist()]


class Mention(NamedTuple):
    """One combination. keys: (kind, key), strongest first."""

    combo: int
    moment: int
    keys: tuple[tuple[str, bytes], ...]


def settle(named: Named, known: Mapping[bytes, bytes], externals: Externals) -> Found:
    """Who each combination is. known: key → party; externals: known party → namespace → its external key."""
    there = named.there
    numbers: dict[bytes, int] = {}
    of_key = [-1 if (party := known.get(key)) is None else numbers.setdefault(party, len(numbers)) for key in named.keys]
    known_party = np.where(there, np.array([*of_key, -1], dtype=np.int64)[named.combos], -1)
    found = Found(named, [b""] * len(there), known_party >= 0, np.zeros(there.shape, dtype=bool))
    tangled = _tangled(named, known_party)
    _settle_plain(found, np.flatnonzero(~tangled), known_party.max(axis=1, initial=-1), list(numbers))
    if tangled.any():
        _settle_tangled(found, np.flatnonzero(tangled), known, externals)
    return found


def _tangled(named: Named, known_party: Numbers) -> Mask:
    """Combinations that may join or contradict others: they share a key or a known party, name two parties, or give a known one another id."""
    combos, there = named.combos, named.there
    tangled: Mask = np.zeros(len(combos), dtype=bool)
    if not (there.sum(axis=1) > 1).any():
        return tangled
    best = known_party.max(axis=1)
    torn = (known_party >= 0) & (known_party != best[:, None])
    tangled |= _shared(combos) | _shared(known_party) | torn.any(axis=1)
    if named.key_kinds[0] == "external":
        tangled |= there[:, 0] & (known_party[:, 0] < 0) & (best >= 0)
    return tangled


def _shared(grid: Numbers) -> Mask:
    """The lines that hold a number which another line holds too; −1 is none."""
    ordered = np.sort(grid, axis=1)
    once = (ordered >= 0) & (np.diff(ordered, axis=1, prepend=-1) != 0)
    often = np.append(np.bincount(ordered[once]) > 1, False)  # −1 reads the last
    shared: Mask = np.any(often[grid], axis=1)
    return shared


def _settle_plain(found: Found, plain: Numbers, best: Numbers, parties: Sequence[bytes]) -> None:
    """Each of these is the party that the ledger knows, or a new one."""
    named, party = found.named, found.party
    keys, new = named.keys, plain[best[plain] < 0]
    strongest = named.combos[new, named.there[new].argmax(axis=1)] if len(new) else new
    moments = named.moments[new].tolist()
    minted = row_ids([keys[k] for k in strongest.tolist()], [named.kind] * len(new), moments)
    found.minted.update(zip(minted, moments, strict=True))
    for i, made in zip(new.tolist(), minted, strict=True):
        party[i] = made
    old = plain[best[plain] >= 0]
    for i, number in zip(old.tolist(), best[old].tolist(), strict=True):
        party[i] = parties[number]
    for column in named.combos[plain].T.tolist():
        found.owner.update((keys[k], party[i]) for i, k in zip(plain.tolist(), column, strict=True) if k >= 0)


def _settle_tangled(found: Found, tangled: Numbers, known: Mapping[bytes, bytes], externals: Externals) -> None:
    mentions = list(_mentions(found.named, tangled))
    groups = Groups()
    _recall(groups, mentions, known, externals, found.named.namespace)
    for mention in sorted(mentions, key=lambda m: (m.moment, m.keys)):
        first = mention.keys[0][1]
        for by, key in mention.keys[1:]:
            if not groups.unite(first, key, SAME[by]):
                found.apart[mention.combo, found.named.key_kinds.index(by)] = True
        groups.of(first).seen(mention.moment, first)
    _note_moves(groups, found)
    for key in {key for mention in mentions for _, key in mention.keys}:
        found.owner[key] = _party(groups.of(key), found)
    for mention in mentions:
        found.party[mention.combo] = found.owner[mention.keys[0][1]]


def _mentions(named: Named, combos: Numbers) -> list[Mention]:
    lines = zip(combos.tolist(), named.moments[combos].tolist(), named.combos[combos].tolist(), strict=True)
    kinds, keys = named.key_kinds, named.keys
    return [Mention(i, moment, tuple((kind, keys[k]) for kind, k in zip(kinds, line, strict=True) if k >= 0)) for i, moment, line in lines]


def _recall(groups: Groups, mentions: Sequence[Mention], known: Mapping[bytes, bytes], externals: Externals, namespace: str) -> None:
    """What the ledger knows of the keys named, as groups."""
    for kind, key in {named for m in mentions for named in m.keys}:
        party = known.get(key)
        if party is not None:
            groups.unite(party, key, "")
            there = groups.of(party)
            there.parties.setdefault(party, "")
            if namespace != ACCOUNT:
                there.externals = {**externals.get(party, {}), **there.externals}
        if kind == "external":
            groups.of(key).externals.setdefault(namespace, key)


def _note_moves(groups: Groups, found: Found) -> None:
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
    party = row_ids([key], [found.named.kind], [moment])[0]
    found.minted[party] = moment
    return party
