"""Combinations of keys that meet no other are settled by themselves: the same as settling all of them in groups, which is the slower method."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.contracts.rows import Keys
from gensvar.identity.named import Named, accounts, persons
from gensvar.identity.settle import Found, _settle_tangled, _tangled, settle
from tests.identity.test_resolve import key

Row = tuple[str | None, str | None, str | None]
names = st.integers(0, 9).map(str)
rows = st.lists(st.tuples(*(st.none() | names.map(lambda n, k=kind: k + n) for kind in "xmp")), max_size=12)  # type: ignore[misc]
parties = st.sampled_from([bytes([n]) * 16 for n in range(1, 5)])
known = st.dictionaries(st.tuples(st.sampled_from("xmp"), names).map(lambda p: key(p[0] + p[1])), parties, max_size=12)


def named(rows: Sequence[Row], moments: Sequence[int] | None = None) -> Named:
    columns = [[key(row[i]) for row in rows] for i in range(3)]
    at = np.array(moments or range(1, len(rows) + 1), dtype=np.int64)
    return persons(Keys(columns[0], columns[1], columns[2], [None] * len(rows), "crm"), at)


def in_groups(of: Named, known: dict[bytes, bytes], externals: dict[bytes, dict[str, bytes]]) -> Found:
    found = settle(of, known, externals)
    slow = Found(of, [b""] * len(of.combos), found.before, np.zeros(of.combos.shape, dtype=bool))
    _settle_tangled(slow, np.arange(len(of.combos)), known, externals)
    return slow


@settings(max_examples=300, deadline=None)
@given(rows, known)
def test_alone_or_in_groups_is_the_same(rows: list[Row], known: dict[bytes, bytes]) -> None:
    of = named(rows)
    externals = {party: {"crm": k} for k, party in known.items() if k.startswith(b"x")}
    fast, slow = settle(of, known, externals), in_groups(of, known, externals)
    assert (fast.party, fast.owner, fast.minted) == (slow.party, slow.owner, slow.minted)
    assert (fast.moves, fast.reasons) == (slow.moves, slow.reasons)
    assert fast.apart.tolist() == slow.apart.tolist()


def test_only_what_touches_another_is_tangled() -> None:
    of = named([("x1", "m1", None), ("x2", "m2", None), ("x3", "m2", None), (None, "m4", None), ("x1", "m1", None)])
    tangled = _tangled(of, np.full(of.combos.shape, -1))
    assert sorted(of.keys[k] for k in of.combos[tangled].ravel() if k >= 0) == [key(k) for k in ("m2", "m2", "x2", "x3")]


def test_each_combination_stands_once_with_its_earliest_moment() -> None:
    of = named([("x1", "m1", None), (None, None, None), ("x1", None, None), ("x1", "m1", None)], [9, 1, 5, 4])
    assert of.key_kinds == ("external", "email")
    assert of.of_row[1] == -1
    assert of.of_row[0] == of.of_row[3] != of.of_row[2]
    assert of.moments[of.of_row].tolist()[0] == 4
    assert of.moments[of.of_row].tolist()[2] == 5


def test_rows_that_name_nobody_are_nobody() -> None:
    of = accounts(Keys([], [], [], [None, key("a"), None], "crm"), np.array([3, 2, 1]))
    assert settle(of, {}, {}).of_rows()[::2] == [None, None]
    nobody = accounts(Keys([], [], [], [None], "crm"), np.array([1]))
    assert settle(nobody, {}, {}).of_rows() == [None]
    assert nobody.combos.size == 0
