"""Whether a hub holds exactly what those who sent to it were told."""

from collections import Counter
from collections.abc import Mapping

import pytest

from gensvar import flow
from gensvar.contracts import CUBES
from gensvar.contracts.tone import TONE
from gensvar.house import House
from tests.faults.truth import ASIDE, State

SAID_IN = {"topic": "topics", "reason": "reasons"}


def of_hub(house: House) -> dict[str, list[State]]:
    rows = house.engine.run(house.engine.table("feedback")).to_pylist()
    found: dict[str, list[State]] = {}
    for row in rows:
        found.setdefault(row["record"], []).append((row["occurred_at"].date().isoformat(), row["score"]))
    return found


def assert_counted_once(house: House) -> None:
    """Every cube says exactly what the rows say."""
    rows = house.engine.run(house.engine.table("feedback")).to_pylist()
    by_day = Counter(r["occurred_at"].date() for r in rows)
    total = sum(r["score"] or 0 for r in rows)
    for cube in CUBES:
        cells = house.engine.run(house.engine.table(cube.name)).to_pylist()
        counted: Counter[object] = Counter()
        for cell in cells:
            counted[cell["day"]] += cell["n"] if cube.each or cell["measure"] != TONE.key else 0
        if cube.each:
            assert counted == Counter(r["occurred_at"].date() for r in rows for _ in r[SAID_IN[cube.each]] or ()), cube.name
            continue
        assert counted == by_day, cube.name
        assert sum(c["total"] for c in cells if c["measure"] != TONE.key) == pytest.approx(total)


def assert_true(house: House, may: Mapping[str, set[State]]) -> None:
    """Each record is there once, in a state that it may be in; nothing else is there; every cube agrees."""
    found = of_hub(house)
    aside = Counter(house.ledger.set_aside.get(number).row.record for number in flow.open_ids(house, None, None))
    assert not {record: states for record, states in found.items() if len(states) > 1}
    assert not [n for n in aside.values() if n > 1]
    is_in = {record: ASIDE if aside[record] else found.get(record, [None])[0] for record in may}
    wrong = {record: (is_in[record], may[record]) for record in may if is_in[record] not in may[record]}
    assert not wrong, f"{len(wrong)} of {len(may)} records are not as they were left"
    assert set(found) | set(aside) <= set(may)
    assert_counted_once(house)
