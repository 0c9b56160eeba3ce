"""Agreement: golden values with their recipes, and laws."""

from hypothesis import given
from hypothesis import strategies as st

from gensvar.stats.agreement import alpha, kappa

LABELS = st.sampled_from(["a", "b", "c"])
UNITS = st.lists(st.lists(LABELS, min_size=0, max_size=4), max_size=30)


def test_alpha_of_the_published_example() -> None:
    """Krippendorff 2011, “Computing Krippendorff's Alpha-Reliability”, example C: four observers, twelve units, some missing -> nominal 0.743."""
    units = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
    assert round(alpha([list(u) for u in units]) or 0, 3) == 0.743


def test_kappa_of_a_worked_table() -> None:
    """sklearn 1.7: cohen_kappa_score of 45 yes-yes, 15 yes-no, 25 no-yes, 15 no-no -> 0.1304."""
    pairs = [("y", "y")] * 45 + [("y", "n")] * 15 + [("n", "y")] * 25 + [("n", "n")] * 15
    assert round(kappa(pairs) or 0, 4) == 0.1304


@given(UNITS)
def test_agreement_is_at_most_one_and_whole_where_all_agree(units: list[list[str]]) -> None:
    found = alpha(units)
    assert found is None or found <= 1
    same = [[unit[0]] * len(unit) for unit in units if unit]
    assert alpha(same) in {None, 1.0}


@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=40))
def test_kappa_does_not_mind_who_is_first(pairs: list[tuple[str, str]]) -> None:
    one, other = kappa(pairs), kappa([(b, a) for a, b in pairs])
    assert (one is None and other is None) or abs((one or 0) - (other or 0)) < 1e-12
    assert one is None or one <= 1


def test_nothing_is_said_of_nothing() -> None:
    assert (alpha([]), alpha([["a"], ["b"]]), kappa([]), kappa([("a", "a")])) == (None, None, None, None)
