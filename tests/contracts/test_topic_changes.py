"""Laws of changing topics: an id is given once, a name is not an id, and whatever was done can be undone."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.contracts.topic_changes import added, merged, removed, renamed, split, taught, undone
from gensvar.contracts.topics import Taxonomy, read_taxonomy, shipped, written
from gensvar.kit.errors import BadInput, Conflict, GensvarError

PLAIN = shipped()
NAMES = st.text(min_size=1, max_size=20).filter(lambda s: bool(s.strip()))
SOME = st.sampled_from(list(PLAIN.topics)[:12])
Step = Callable[[Taxonomy], Taxonomy]


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """One change of any kind; one that cannot be made changes nothing."""
    one, other, name = draw(SOME), draw(SOME), draw(NAMES)
    kind = draw(st.sampled_from(["add", "part", "rename", "merge", "remove", "teach"]))

    def step(t: Taxonomy) -> Taxonomy:
        try:
            match kind:
                case "add":
                    return added(t, {"en": name}, ["an example"])
                case "part":
                    return added(t, {"en": name}, ["an example"], parent=one)
                case "rename":
                    return renamed(t, one, {"en": name})
                case "merge":
                    return merged(t, one, other)
                case "remove":
                    return removed(t, one)
                case _:
                    return taught(t, one, [name])
        except GensvarError:
            return t

    return step


@given(st.lists(steps(), max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_id_is_ever_lost_or_given_twice_and_every_text_keeps_a_topic_that_stands(changes: list[Step]) -> None:
    taxonomy = PLAIN
    for change in changes:
        after = change(taxonomy)
        assert set(taxonomy.topics) <= set(after.topics)
        taxonomy = after
    for name in taxonomy.topics:
        there = taxonomy.now(name)
        assert there is None or (not taxonomy.topics[there].removed and not taxonomy.topics[there].into)
    assert read_taxonomy(7, written(taxonomy)) == Taxonomy(7, taxonomy.topics)


@given(st.lists(steps(), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_whatever_was_done_can_be_undone_and_no_id_comes_free(changes: list[Step]) -> None:
    taxonomy = PLAIN
    for change in changes:
        taxonomy = change(taxonomy)
    back = undone(taxonomy, PLAIN)
    assert list(back) == list(PLAIN)
    assert back.mark == PLAIN.mark == "0"
    assert set(back.topics) == set(taxonomy.topics)


def test_a_name_that_comes_again_makes_another_id() -> None:
    first = added(PLAIN, {"sv": "Köer i kassan"}, ["lång kö"])
    gone = removed(first, "koer_i_kassan")
    again = added(gone, {"sv": "Köer i kassan"}, ["lång kö"])
    assert "koer_i_kassan_2" in again.topics
    assert [t.id for t in again if not t.shipped] == ["koer_i_kassan_2"]


def test_a_rename_keeps_the_id_and_changes_nothing_that_is_read() -> None:
    called = renamed(PLAIN, "delivery", {"sv": "Hemleverans"})
    assert called.topics["delivery"].name == {"sv": "Hemleverans"}
    assert called.mark == PLAIN.mark
    assert taught(PLAIN, "delivery", ["the van never came"]).mark != PLAIN.mark


def test_a_merge_takes_parts_and_examples_along() -> None:
    base = taught(PLAIN, "returns", ["sent it back"])
    one = merged(base, "returns", "billing")
    assert one.now("returns") == "billing"
    assert one.whole(["returns.exchange"]) == ("billing", "returns.exchange")
    assert one.topics["billing"].examples == ("sent it back",)


def test_a_split_makes_parts_under_the_topic_or_beside_it() -> None:
    halves = [({"en": "Ladies"}, ["dresses"]), ({"en": "Gents"}, ["suits"])]
    assert [t.parent for t in split(PLAIN, "outcome", halves) if not t.shipped] == ["outcome", "outcome"]
    assert [t.parent for t in split(PLAIN, "outcome", halves, apart=True) if not t.shipped] == ["", ""]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda: added(PLAIN, {}, ["x"]), "needs a name"),
        (lambda: added(PLAIN, {"en": "New"}, []), "needs an example"),
        (lambda: added(PLAIN, {"en": "New"}, [f"text {n}" for n in range(21)]), "more than a topic takes"),
        (lambda: added(PLAIN, {"en": "New"}, ["x"], parent="delivery.late"), "part itself"),
        (lambda: merged(PLAIN, "delivery", "delivery.late"), "part of itself"),
        (lambda: merged(PLAIN, "delivery", "work.load"), "stay apart"),
        (lambda: split(PLAIN, "outcome", [({"en": "One"}, ["x"])]), "two topics"),
    ],
)
def test_what_cannot_be_meant_is_refused(change: Callable[[], Taxonomy], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        change()


def test_what_is_gone_cannot_be_changed() -> None:
    with pytest.raises(Conflict, match="no longer in force"):
        renamed(removed(PLAIN, "food"), "food", {"en": "Meals"})
