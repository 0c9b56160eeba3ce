"""Who is held equal with whom, which words are tested, and how what is found is ranked."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.explain.outcomes.strata import LEAST_UNITS, strata
from gensvar.explain.outcomes.taken import numbered, unit_of
from gensvar.explain.outcomes.terms import LEAST_TEXTS, lexicon

profiles = st.dictionaries(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(-3, 4)), st.integers(1, 200), min_size=1)


@given(profiles)
def test_strata_are_no_finer_than_there_are_units_for(units: dict[tuple[str, str, int], int]) -> None:
    found = strata(units)
    assert set(found.of) == set(units)
    assert set(found.of.values()) == set(range(found.count))
    assert found.count == 1 or found.count <= sum(units.values()) / LEAST_UNITS
    for one in units:
        for other in units:
            if found.of[one] == found.of[other]:
                assert one[0] == other[0] or "segment" not in found.held
                assert one[2] == other[2] or "tenure" not in found.held


def test_tenure_is_held_equal_coarsely_where_half_years_are_too_fine() -> None:
    assert strata({("a", "x", at): 30 for at in range(6)}).held == ("tenure",)
    assert strata({("a", "x", at): 8 for at in (-2, -1, 0, 1, 2, 3, 4, 5)}).held == ("tenure_coarse",)
    assert strata({("a", "x", at): 1 for at in range(6)}).held == ()


def test_each_unit_is_in_the_stratum_of_its_profile() -> None:
    rng, n = np.random.default_rng(1), 500
    columns = {name: rng.choice(list(values), n) for name, values in {"segment": "abc", "product": "xy"}.items()}
    rest = {"enter": np.zeros(n, np.int32), "leave": np.ones(n, np.int32), "value": np.ones(n), "cohort": rng.integers(-1, 2, n).astype(np.int32)}
    flags = {"first_half": rng.random(n) < 0.5, "ended": rng.random(n) < 0.5, "faulty": np.arange(n) == 7}
    units = pa.table({"unit": [f"u{i}" for i in range(n)], **columns, **rest, **flags})
    lives, names, held, faulty = numbered(units)
    assert (faulty, len(lives), names[7].as_py()) == (1, n - 1, "u8")
    kept = np.arange(n) != 7
    keys = zip(columns["segment"][kept].tolist(), columns["product"][kept].tolist(), rest["cohort"][kept].tolist(), strict=True)
    assert lives["stratum"].to_pylist() == [held.of[key] for key in keys]


def test_forms_of_a_word_are_one_term_named_by_the_commonest() -> None:
    rows = [("sv", "leveranserna", 20), ("sv", "leveranser", 40), ("nb", "levering", 50), ("sv", "och", 900), ("sv", "fest", 3), ("is", "verð", 80)]
    found = lexicon(rows, "word", 10, first=5)
    assert [(t.id, t.name, t.texts) for t in found.terms] == [
        ("word:sv:leverans", {"sv": "leveranser"}, 60),
        ("word:nb:levering", {"nb": "levering"}, 50),
    ]
    assert sorted(map(tuple, (r.values() for r in found.forms.to_pylist()))) == [
        ("nb", "levering", 6), ("sv", "leveranser", 5), ("sv", "leveranserna", 5),
    ]  # fmt: skip
    assert len(lexicon([("en", f"word{chr(97 + i)}", LEAST_TEXTS) for i in range(9)], "word", 4).terms) == 4


@pytest.mark.parametrize(("accounts", "units", "said"), [(3, 3, "account"), (0, 3, "person"), (1, 3, "both")])
def test_whose_time_is_counted(accounts: int, units: int, said: str) -> None:
    assert unit_of(accounts, units) == said
