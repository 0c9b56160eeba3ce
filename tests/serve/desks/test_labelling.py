"""Drawing texts and labelling them: by chance, within the scope, and never what a protected audience wrote."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar import flow
from gensvar.house import House
from gensvar.kit.errors import BadInput, NotAllowed, NotFound
from gensvar.kit.scope import Scope, whole
from gensvar.serve.desks import labelling
from gensvar.serve.desks.labelling import shared_out
from gensvar.text.keys import key_of
from tests.houses import csv

ANNA, BO = (1, "anna"), (2, "bo")
WORDS = ("Mycket bra leverans", "Paketet kom aldrig", "Det var en låda")
NORWAY = Scope({"market": frozenset({"NO"})})
SIZES = st.dictionaries(st.tuples(st.sampled_from(["sv", "nb", "?"]), st.sampled_from(["negative", "middle", "unread"])), st.integers(1, 500))


@pytest.fixture(scope="module")
def spoken(long_house: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Ninety comments, two thirds of them from Sweden: one house for all tests, which label as different people."""
    tmp_path = tmp_path_factory.mktemp("spoken")
    rows = [f"{i},2026-09-{1 + i % 28:02d}T10:00:00,p{i}@x.se,{'SE' if i % 3 else 'NO'},{1 + i % 5},{WORDS[i % 3]} nummer {i}" for i in range(90)]
    flow.import_file(long_house, csv(tmp_path, *rows), "survey")
    return long_house


@given(SIZES, st.integers(1, 60))
def test_a_draw_is_shared_out_whole(sizes: dict[tuple[str, str], int], most: int) -> None:
    quota = shared_out(sizes, most)
    assert sum(quota.values()) == min(most, sum(sizes.values()))
    assert all(1 <= n <= sizes[stratum] for stratum, n in quota.items())
    assert set(quota) == set(sizes) or len(quota) == most


def test_weights_of_a_draw_add_up_to_all_texts(spoken: House) -> None:
    draw = labelling.draw(spoken, whole(), "anna", "fair", 30)
    assert len(draw.rows) == len({one.row for one in draw.rows}) == 30
    assert sum(one.weight for one in draw.rows) == pytest.approx(90)
    assert labelling.draw_of(spoken, draw.id) == draw
    assert labelling.draw(spoken, whole(), "anna", "fair", 30).rows != draw.rows


def test_one_text_after_the_other_then_none_and_back(spoken: House) -> None:
    lisa = (33, "lisa")
    draw = labelling.draw(spoken, whole(), "lisa", "fair", 3)
    seen: list[str] = []
    while turn := labelling.turn(spoken, whole(), lisa[0], draw):
        assert (turn.done, turn.left) == (len(seen), 3 - len(seen))
        seen.append(turn.row)
        labelling.label(spoken, whole(), *lisa, turn.row, "negative", ["delivery"], "complaint")
    assert seen == [one.row for one in draw.rows]
    assert labelling.undo(spoken, *lisa, draw)
    again = labelling.turn(spoken, whole(), lisa[0], draw)
    assert again is not None
    assert again.row == seen[-1]
    assert labelling.own_draw(spoken, *lisa, "fair") == draw
    assert not labelling.undo(spoken, *BO, draw)


def test_what_is_left_for_later_comes_back(spoken: House) -> None:
    draw = labelling.draw(spoken, whole(), "anna", "fair", 3)
    shown = [labelling.turn(spoken, whole(), 44, draw, skip) for skip in range(4)]
    assert [t.row for t in shown if t] == [draw.rows[i].row for i in (0, 1, 2, 0)]


def test_a_colleague_labels_the_same_texts(spoken: House) -> None:
    draw = labelling.draw(spoken, whole(), "anna", "fair", 4)
    for one in draw.rows[:2]:
        labelling.label(spoken, whole(), 55, "eva", one.row, "neutral")
    assert labelling.shared_draw(spoken, whole(), BO[0]) == draw
    assert labelling.shared_draw(spoken, whole(), 55) != draw


def test_nothing_outside_the_scope_is_drawn_shown_or_labelled(spoken: House) -> None:
    draw = labelling.draw(spoken, NORWAY, "anna", "fair")
    assert len(draw.rows) == 30
    everything = labelling.draw(spoken, whole(), "bo", "fair", 90)
    inside = {one.row for one in draw.rows}
    outside = next(one for one in everything.rows if one.row not in inside)
    turn = labelling.turn(spoken, NORWAY, 66, everything)
    assert turn is not None
    assert turn.left == 30
    with pytest.raises(NotFound):
        labelling.label(spoken, NORWAY, *ANNA, outside.row, "positive")
    blind = Scope(free_text=False)
    for ask in (lambda: labelling.draw(spoken, blind, "anna", "fair"), lambda: labelling.turn(spoken, blind, 1, draw)):
        with pytest.raises(NotAllowed):
            ask()


def test_the_least_certain_are_new_ones_and_weigh_nothing(spoken: House) -> None:
    first = labelling.draw(spoken, whole(), "anna", "unsure", 10)
    labelling.label(spoken, whole(), *ANNA, first.rows[0].row, "mixed")
    second = labelling.draw(spoken, whole(), "anna", "unsure", 10)
    assert {one.weight for one in first.rows} == {0.0}
    assert first.rows[0].key not in {one.key for one in second.rows}


def test_what_is_no_tone_topic_or_row_is_refused(spoken: House) -> None:
    row = labelling.draw(spoken, whole(), "anna", "fair", 1).rows[0].row
    with pytest.raises(BadInput, match="negative"):
        labelling.label(spoken, whole(), 77, "per", row, "negativ")
    with pytest.raises(BadInput, match="delivery"):
        labelling.label(spoken, whole(), 77, "per", row, "negative", ["deliverry"])
    with pytest.raises(BadInput, match="complaint"):
        labelling.label(spoken, whole(), 77, "per", row, "negative", None, "complain")
    for wrong in ("", "1", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(NotFound):
            labelling.label(spoken, whole(), 77, "per", wrong, "negative")
    with pytest.raises(BadInput, match="fair"):
        labelling.draw(spoken, whole(), "anna", "fairly")
    assert spoken.ledger.labels.of(77) == []


def test_where_there_are_no_texts_nothing_is_drawn(small_house: House) -> None:
    with pytest.raises(NotFound):
        labelling.draw(small_house, whole(), "anna", "fair")


def test_each_label_is_in_the_audit(spoken: House) -> None:
    row = labelling.draw(spoken, whole(), "anna", "fair", 1).rows[0].row
    labelling.label(spoken, whole(), *ANNA, row, "mixed")
    deeds = spoken.ledger.audit.rows(0, 10_000)
    assert [(d.who, d.did, d.what) for d in deeds[-2:]] == [("anna", "draw texts to label", "fair"), ("anna", "label text", row)]
    kept = spoken.ledger.labels.of(ANNA[0])[-1]
    assert (kept.tone, kept.by) == ("mixed", "anna")


def test_a_text_that_has_changed_is_not_shown(spoken: House, tmp_path: Path) -> None:
    draw = labelling.draw(spoken, whole(), "anna", "fair", 90)
    flow.import_file(spoken, csv(tmp_path, "4,2026-09-05T10:00:00,p4@x.se,SE,5,Helt andra ord"), "survey")
    turn = labelling.turn(spoken, whole(), 88, draw)
    assert turn is not None
    assert turn.left == 89
    assert key_of("Helt andra ord") not in {one.key for one in draw.rows}
