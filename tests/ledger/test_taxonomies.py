"""The topics of the house: each change is a version, two at once are not, and every version can be had again."""

import pytest

from gensvar.contracts.topic_changes import added, renamed
from gensvar.contracts.topics import shipped
from gensvar.kit.errors import Conflict, NotFound
from gensvar.ledger import Ledger


def test_a_change_is_the_next_version_and_can_be_gone_back_from(ledger: Ledger) -> None:
    first = ledger.taxonomies.current()
    assert first == shipped()
    new = ledger.taxonomies.change(added(first, {"en": "Queues"}, ["a long queue"]), "add queues", "anna")
    assert (new.version, new.topics["queues"].examples) == (1, ("a long queue",))
    assert ledger.taxonomies.current() == new
    ledger.taxonomies.change(renamed(new, "queues", {"en": "Lines"}), "rename queues", "bo")
    back = ledger.taxonomies.undo(1, "anna")
    assert (back.version, back.topics["queues"].name) == (3, {"en": "Queues"})
    assert ledger.taxonomies.at(2).topics["queues"].name == {"en": "Lines"}
    assert [(s.version, s.did, s.by) for s in ledger.taxonomies.history()] == [
        (3, "undo 1", "anna"),
        (2, "rename queues", "bo"),
        (1, "add queues", "anna"),
    ]


def test_two_who_change_the_same_version_do_not_wipe_out_each_other(ledger: Ledger) -> None:
    both = ledger.taxonomies.current()
    ledger.taxonomies.change(renamed(both, "food", {"en": "Meals"}), "rename food", "anna")
    with pytest.raises(Conflict, match="meanwhile"):
        ledger.taxonomies.change(renamed(both, "food", {"en": "Dishes"}), "rename food", "bo")
    assert ledger.taxonomies.current().topics["food"].name == {"en": "Meals"}


def test_a_version_that_never_was_is_not_found(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="No version 9"):
        ledger.taxonomies.at(9)
