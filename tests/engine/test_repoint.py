"""repoint: parties that were found to be one."""

import pytest

from gensvar.engine import Engine
from gensvar.engine.rows import uuid_text
from gensvar.kit.errors import BadInput
from tests.engine.rows import happened, ident, named, said, somebody, table

A, B, C, D = (ident(n) for n in (101, 102, 103, 104))
REFERENCES = [
    ("feedback", "party"),
    ("feedback", "account"),
    ("events", "party"),
    ("events", "account"),
    ("mentions", "party"),
    ("parties", "account"),
]


@pytest.fixture
def hub(engine: Engine) -> Engine:
    engine.merge("feedback", table("feedback", [said(1, party=A, account=B), said(2, 90, party=C), said(3)]))
    engine.merge("events", table("events", [happened(1, party=A, account=B), happened(2, party=D)]))
    engine.merge("mentions", table("mentions", [named(1, A), named(2, B), named(3, C)]))
    engine.merge("parties", table("parties", [somebody(101, account=B), somebody(102), somebody(103, account=A), somebody(104)]))
    return engine


def held(engine: Engine, name: str, column: str) -> list[str | None]:
    return sorted(engine.run(engine.table(name).select(column)).column(0).to_pylist(), key=str)


def texts(*ids: bytes | None) -> list[str | None]:
    return sorted((None if i is None else uuid_text(i) for i in ids), key=str)


def test_each_row_that_held_the_old_holds_the_new(hub: Engine) -> None:
    hub.repoint({A: C, B: D})
    assert held(hub, "feedback", "party") == texts(C, C, None)
    assert held(hub, "feedback", "account") == texts(D, None, None)
    assert held(hub, "events", "party") == texts(C, D)
    assert held(hub, "events", "account") == texts(D, None)
    assert held(hub, "mentions", "party") == texts(C, D, C)
    assert held(hub, "parties", "id") == texts(C, D)
    assert held(hub, "parties", "account") == texts(C, None)


def test_a_chain_ends_at_its_last(hub: Engine) -> None:
    hub.repoint({A: B, B: C, C: D})
    assert held(hub, "mentions", "party") == texts(D, D, D)
    assert held(hub, "parties", "id") == texts(D)


def test_a_repeat_and_nobody_change_nothing(hub: Engine) -> None:
    hub.repoint({A: C})
    after = [held(hub, *r) for r in REFERENCES]
    hub.repoint({A: C})
    hub.repoint({ident(999): C})
    hub.repoint({})
    assert [held(hub, *r) for r in REFERENCES] == after


def test_a_circle_is_refused(hub: Engine) -> None:
    before = [held(hub, *r) for r in REFERENCES]
    with pytest.raises(BadInput, match="circle"):
        hub.repoint({A: B, B: A})
    assert [held(hub, *r) for r in REFERENCES] == before
