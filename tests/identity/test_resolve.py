"""Who is who: laws over any set of mentions, and what happens when keys contradict each other."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.contracts import FEEDBACK, MENTIONS, PARTIES
from gensvar.contracts.rows import Contact, Keys, Received
from gensvar.hub.shared import no_rows
from gensvar.identity import Resolution, all_keys, filled, resolve
from gensvar.kit.ids import record_keys

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Row = tuple[str | None, str | None, str | None, int]


def key(text: str | None) -> bytes | None:
    return text.encode().ljust(16, b"_") if text else None


def batch(rows: Sequence[Row], accounts: Sequence[str | None] | None = None, names: Sequence[str] | None = None) -> Received:
    """external, email, phone and moment of each record."""
    records = list(names) if names else [f"r{i}" for i in range(len(rows))]
    columns = [[key(r[i]) for r in rows] for i in range(3)]  # type: ignore[arg-type]
    account = [key(a) for a in accounts] if accounts else [None] * len(rows)
    keys = Keys(columns[0], columns[1], columns[2], account, "crm")
    return Received("feedback", no_rows(FEEDBACK), records, record_keys("s", records), [None] * len(rows), keys, source="s")


class Memory:
    """What a ledger remembers between batches."""

    def __init__(self) -> None:
        self.known: dict[bytes, bytes] = {}
        self.externals: dict[bytes, dict[str, bytes]] = {}

    def take(self, rows: Sequence[Row], **more: Any) -> Resolution:
        got = resolve(batch(rows, **more), self.known, self.externals, [r[3] for r in rows], NOW)
        for new in got.new_keys:
            self.known.setdefault(new.key, new.party)
            if new.kind == "external":
                self.externals.setdefault(new.party, {}).setdefault(new.namespace, new.key)
        for old, into in got.moves.items():
            self.known = {k: into if p == old else p for k, p in self.known.items()}
            for namespace, external in self.externals.pop(old, {}).items():
                self.externals.setdefault(into, {}).setdefault(namespace, external)
        return got

    def together(self) -> set[frozenset[bytes]]:
        """Which keys belong to one party."""
        return {frozenset(k for k, p in self.known.items() if p == party) for party in self.known.values()}


names = st.sampled_from("abcde")
moments = st.integers(1, 10**12)
no_ids = st.lists(st.tuples(st.none(), names.map(lambda n: f"m{n}"), st.none() | names.map(lambda n: f"p{n}"), moments), min_size=1, max_size=8)
any_rows = st.lists(
    st.tuples(st.none() | names, st.none() | names.map(lambda n: f"m{n}"), st.none() | names.map(lambda n: f"p{n}"), moments), min_size=1, max_size=8
)


@settings(max_examples=150, deadline=None)
@given(no_ids, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_change_who_is_together(rows: list[Row], random: Any) -> None:
    shuffled = random.sample(rows, len(rows))
    one, other, piecewise = Memory(), Memory(), Memory()
    one.take(rows)
    other.take(shuffled)
    for row in shuffled:
        piecewise.take([row])
    assert one.together() == other.together() == piecewise.together()
    assert one.known == other.known


@settings(max_examples=150, deadline=None)
@given(any_rows)
def test_repeats_change_nothing(rows: list[Row]) -> None:
    memory = Memory()
    memory.take(rows)
    before = dict(memory.known)
    again = memory.take(rows)
    assert memory.known == before
    assert not again.new_keys
    assert not again.moves
    assert again.parties.num_rows == 0
    assert memory.take(rows).mentions.drop_columns("evidence") == again.mentions.drop_columns("evidence")


@settings(max_examples=150, deadline=None)
@given(any_rows, any_rows)
def test_ids_change_only_by_merging_into_the_older(first: list[Row], second: list[Row]) -> None:
    memory = Memory()
    memory.take(first)
    before = dict(memory.known)
    got = memory.take(second)
    for k, party in before.items():
        assert memory.known[k] == got.moves.get(party, party)
    assert all(into < old and got.reasons[old] for old, into in got.moves.items())


@settings(max_examples=150, deadline=None)
@given(any_rows, any_rows)
def test_two_ids_of_one_system_are_never_one_party(first: list[Row], second: list[Row]) -> None:
    memory = Memory()
    memory.take(first)
    memory.take(second)
    ids = [memory.known[k] for k in memory.known if len(k.rstrip(b"_")) == 1]
    assert len(ids) == len(set(ids))


def test_a_family_mailbox_is_kept_apart_with_evidence() -> None:
    got = Memory().take([("a", "mx", None, 1000), ("b", "mx", None, 2000), (None, "mx", None, 3000)])
    assert got.party[0] == got.party[2] != got.party[1]
    said = [(m["record"], m["key_kind"], m["evidence"]) for m in got.mentions.to_pylist()]
    assert ("r1", "email", "conflict, kept apart") in said
    assert ("r1", "external", "new") in said
    assert ("r2", "email", "same email") in said


def test_two_known_people_named_at_once_become_the_older() -> None:
    memory = Memory()
    young = memory.take([(None, "mx", None, 2000)]).party[0]
    old = memory.take([("a", None, None, 1000)]).party[0]
    got = memory.take([("a", "mx", None, 3000)])
    assert got.moves == {young: old}
    assert got.reasons == {young: "same email"}
    assert got.party == [old]


def test_a_party_is_minted_from_its_earliest_mention() -> None:
    got = Memory().take([("a", None, None, 5000), ("a", None, None, 3000)])
    party = got.party[0]
    assert party is not None
    assert int.from_bytes(party[:6], "big") == 3000
    assert got.parties["first_seen"].to_pylist() == [datetime.fromtimestamp(3, UTC)]
    assert got.parties.schema == PARTIES.schema
    assert got.mentions.schema == MENTIONS.schema


def test_accounts_and_persons_are_apart_and_belong_together() -> None:
    got = Memory().take([("a", None, None, 1), (None, None, None, 2)], accounts=["x", "x"])
    assert got.party[1] is None
    assert got.account[0] == got.account[1]
    kinds = {row["kind"]: row for row in got.parties.to_pylist()}
    assert UUID(str(kinds["person"]["account"])).bytes == got.account[0]
    assert all_keys(batch([("a", "m", None, 1)], accounts=["x"]).people) == sorted({key("a"), key("m"), key("x")})  # type: ignore[type-var]


def test_contacts_follow_their_party() -> None:
    one = batch([("a", "mx", None, 1)])
    told = Received(**{f: getattr(one, f) for f in one.__slots__} | {"contacts": (Contact(key("mx") or b"", "email", "x@y.se"),)})
    got = resolve(told, {}, {}, [1], NOW)
    assert list(got.contacts) == [got.party[0]]


@pytest.mark.parametrize("text_ids", [True, False])
def test_a_silent_source_wipes_nothing_out(text_ids: bool) -> None:
    party = UUID(int=7)
    before = _parties([{"id": party, "market": "SE", "value": 5.0, "attrs": {"a": "1", "b": "2"}, "first_seen": NOW}])
    if text_ids:
        before = before.set_column(0, "id", pa.array([str(party)]))
    rows = _parties([{"id": party, "market": None, "value": 6.0, "attrs": {"b": "3"}, "first_seen": NOW}, {"id": party, "segment": "gold"}])
    got = filled(rows, before).to_pylist()
    assert len(got) == 1
    assert (got[0]["market"], got[0]["value"], got[0]["segment"]) == ("SE", 6.0, "gold")
    assert dict(got[0]["attrs"]) == {"a": "1", "b": "3"}


def _parties(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    def column(name: str, kind: pa.DataType) -> pa.Array:
        values = [row.get(name) for row in rows]
        if isinstance(kind, pa.UuidType):
            return pa.ExtensionArray.from_storage(kind, pa.array([v.bytes if v else None for v in values], pa.binary(16)))
        return pa.array([list(v.items()) if isinstance(v, dict) else v for v in values], kind)

    return pa.table({f.name: column(f.name, f.type) for f in PARTIES.schema})
