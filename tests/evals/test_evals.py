"""The evaluations themselves: they find what is right and what is wrong, and their results have the agreed shape."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from evals.result import Result, covering, save, table

from evals import __main__ as program
from evals import company, completeness, contracts
from gensvar import collect
from tests.collect.files import csv_of, put

KEYS = {"name", "value", "unit", "target", "met", "peer", "ratio", "commit"}
SURVEY = csv_of(
    ["id", "answered_at", "How satisfied are you?", "comment", "e-mail", "wrapping"],
    [[i, f"2026-03-{i % 28 + 1:02} 10:00:00", i % 5 + 1, f"Number {i} came too late again", f"a{i}@example.org", "ab"[i % 2]] for i in range(60)],
)
ABOUT = {
    "path": "shop.csv", "format": "plain", "record": [1], "at": [2, "iso", "Europe/Stockholm"], "scores": [["3", "csat", 1, 5, []]],
    "text": "4", "attr": "6", "audience": "customer",
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[company.Told]:
    with company.told(tmp_path_factory.mktemp("company"), size=0.05) as world:
        yield world


def test_people_are_told_apart_by_exact_keys(small: company.Told) -> None:
    precision, recall, every = company.identity(small)
    assert (precision.target, recall.target, every.target) == (0.999, 0.99, None)
    assert precision.met
    assert recall.met
    assert 0 < every.value < recall.value


@pytest.mark.parametrize("truth", ["two wordings are never joined", "twelve answers are too few", "scores off the scale are set aside"])
def test_truths_that_need_no_large_company_come_to_light(small: company.Told, truth: str) -> None:
    assert [r.met for r in company.truths(small, [truth])] == [True]


def test_every_planted_truth_can_be_asked(small: company.Told) -> None:
    results = company.truths(small)
    assert [r.name.removeprefix("planted: ") for r in results] == list(company.QUESTIONS)
    assert {r.value for r in results} <= {0.0, 1.0}


def test_facts_are_held_against_the_contract(tmp_path: Path) -> None:
    made = collect.suggest(put(tmp_path, "shop.csv", SURVEY), "shop")
    found = list(contracts.facts(ABOUT, made.contract, made.found.names))
    assert {f.what for f in found} >= {"target", "audience", "record", "time", "order", "zone", "column 3: metric", "column 3: scale", "column 4"}
    assert [f.what for f in found if not f.right] == []


def test_a_wrong_contract_is_found_out(tmp_path: Path) -> None:
    made = collect.suggest(put(tmp_path, "shop.csv", SURVEY), "shop")
    wrong = replace(made.contract, record=("wrapping",), answers=(), audience="employee")
    missed = {f.what for f in contracts.facts(ABOUT, wrong, made.found.names) if not f.right}
    assert missed == {"audience", "record", "column 4", "column 3: metric", "column 3: scale", "column 3: direction", "column 3: missing"}


@pytest.mark.parametrize(("said", "places"), [("", []), ("3", [2]), ("1,3-5", [0, 2, 3, 4])])
def test_places_of_columns(said: str, places: list[int]) -> None:
    assert contracts.columns(said) == places


def test_files_that_are_not_there_are_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert contracts.evaluate(tmp_path) == completeness.evaluate(tmp_path) == []
    assert "not there, left out" in capsys.readouterr().out


def test_every_cell_is_accounted_for_also_one_set_aside(tmp_path: Path) -> None:
    spoilt = SURVEY.replace("2026-03-03 10:00:00", "soon", 1).replace(",4,Number 3 ", ",many,Number 3 ")
    tally = completeness.tally(put(tmp_path, "shop.csv", spoilt))
    assert sum(tally.cells.values()) == 360
    assert all(tally.found[n] >= tally.cells[n] for n in tally.cells)


def test_a_cell_that_goes_nowhere_is_found_out(tmp_path: Path) -> None:
    silent = csv_of(["id", "How satisfied are you?", "wrapping"], [[i, i % 5 + 1 if i % 2 else "", "ab"[i % 2]] for i in range(60)])
    tally = completeness.tally(put(tmp_path, "shop.csv", silent))
    assert tally.cells["wrapping"] - tally.found["wrapping"] == 30


def test_results_have_the_agreed_shape(tmp_path: Path) -> None:
    results = [Result("right", 0.95, "of 20", 0.9), Result("wrong", 0.5, "of 20", 0.9), Result("measured", 7.0, "things")]
    save(results, tmp_path / "results.json")
    rows = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert [set(r) for r in rows] == [KEYS] * 3
    assert [r["met"] for r in rows] == [True, False, None]
    assert "NOT MET" in table(results).splitlines()[1]
    save([Result("wrong", 0.95, "of 20", 0.9), Result("new", 1.0, "things")], tmp_path / "results.json", beside=True)
    rows = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert [(r["name"], r["met"]) for r in rows] == [("right", True), ("measured", None), ("wrong", True), ("new", None)]


def test_an_interval_that_holds_too_seldom_or_too_often_is_found_out() -> None:
    assert [covering("x", share).met for share in (0.90, 0.93, 0.96, 0.99)] == [False, True, True, False]
    assert "0.93–0.97" in table([covering("x", 0.95)])


def test_without_real_data_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("EVAL_DATA", raising=False)
    assert program.real_data() is None
    assert [program.results_of(part, None) for part in program.ON_REAL_DATA] == [[]] * len(program.ON_REAL_DATA)
    monkeypatch.setattr(program, "save", lambda *_, **__: None)
    assert program.main(["tones"]) == 0
    assert "only what needs none" in capsys.readouterr().out
