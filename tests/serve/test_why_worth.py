"""Onboarding, feature value, employees and customers through every door: page, operation, command, Python; whole readers and limited ones."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from litestar.testing import TestClient

import gensvar
from gensvar import flow
from gensvar.explaining import features, onboarding, units
from gensvar.explaining.nightly import look
from gensvar.house import House, open_house
from gensvar.kit.scope import Scope
from gensvar.kit.settings import Settings, read_settings
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.cli import main
from tests.houses import signed_in, small_house
from tests.serve.conftest import HERE
from tests.world import WORLD, source

BRANCH = """
source: {name}
version: 1
owner: anna.berg
purpose: how {audience}s of each branch fare
audience: {audience}
record: id
at: {{column: at, order: iso, zone: UTC}}
kind: {{always: {kind}}}
dimensions: {{unit: branch}}
answers:
  - {{item: a, measure: {measure}@1, score: score}}
measures:
  - {{id: {measure}, version: 1, metric: {metric}, low: {low}, high: {high}, owner: anna.berg, name: {{en: {measure}}}}}
"""
EMPLOYEES = BRANCH.format(name="moods", audience="employee", kind="pulse", measure="enps.branch", metric="enps", low=0, high=10)
CUSTOMERS = BRANCH.format(name="counters", audience="customer", kind="survey", measure="csat.branch", metric="csat", low=1, high=5)
SWEDISH = Scope({"market": frozenset({"SE"})})
IN_APP = Scope({"channel": frozenset({"app"})})
BRANCHES, MONTHS = 8, 9
__all__ = ["small_house"]
Get = Callable[..., Any]


def written(folder: Path, name: str, rows: list[str]) -> Path:
    path = folder / f"{name}.csv"
    path.write_text("id,at,branch,score\n" + "".join(rows), "utf-8")
    return path


def branches(folder: Path) -> tuple[Path, Path]:
    """In months in which the people of a branch fare better than usual, so do its customers."""
    rng, moods, counters = np.random.default_rng(1), list[str](), list[str]()
    for branch in range(BRANCHES):
        for month in range(MONTHS):
            mood, at = rng.normal(), f"2026-{month + 1:02}-1"
            for person in range(8):
                score = int(np.clip(round(7 + 1.5 * mood + rng.normal()), 0, 10))
                moods.append(f"m{branch}-{month}-{person},{at}{person % 9},branch {branch},{score}\n")
            for person in range(16):
                score = int(np.clip(round(3.4 + 0.6 * mood + rng.normal()), 1, 5))
                counters.append(f"c{branch}-{month}-{person},{at}{person % 9},branch {branch},{score}\n")
    return written(folder, "moods", moods), written(folder, "counters", counters)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder with the small company's register, use and projects, and with branches."""
    data = tmp_path_factory.mktemp("worth")
    made = read_settings({"data": str(data / "house"), "memory_mb": "512", "today": "2026-11-01", "encoder": "none", "port": "0"}, env={})
    with open_house(made) as house:
        with house.ledger.transaction():
            house.ledger.measures.add(WORLD.measures, "test")
        for name in ("crm_accounts", "product", "projects"):
            flow.add_source(house, source(name).contract_path.read_text("utf-8"), "test")
            flow.import_file(house, source(name).path, name)
        for yaml, path in zip((EMPLOYEES, CUSTOMERS), branches(data), strict=True):
            flow.add_source(house, yaml, "test")
            flow.import_file(house, path, path.stem)
        flow.release(house)
    return made


@pytest.fixture(scope="module")
def free(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same in another folder, that nobody holds."""
    data = tmp_path_factory.mktemp("free") / "house"
    shutil.copytree(settings.data, data)
    return replace(settings, data=data)


@pytest.fixture(scope="module")
def house(settings: Settings, free: Settings) -> Iterator[House]:
    """One for all; it is held from now on, so `free` has been copied."""
    with open_house(settings) as made:
        yield made


@pytest.fixture(scope="module")
def get(house: House) -> Iterator[Get]:
    """get(path, role, scope): what a signed-in reader is answered."""
    with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url=HERE) as client:
        yield lambda path, scope=None, role="analyst", **given: client.get(path, params=given, headers=signed_in(house, role, scope))


# ── whole readers ──


def test_onboarding_is_told_with_who_is_not_compared(get: Get) -> None:
    told = get("/v1/why/onboarding").json()
    assert (told["state"], told["success"], told["kind"], told["why"]) == ("told", "go_live", "account", "")
    assert told["n"] >= 20
    assert told["out"]["early"] > told["n"]
    assert {"training", "kickoff"} <= {m["name"] for m in told["marks"]}
    page = get("/why/onboarding").text
    assert "What cannot be known yet" in page
    assert "It is association" in page
    assert get("/why/onboarding.json").json()["value"]["n"] == told["n"]


def test_success_can_be_declared_and_days_changed(get: Get) -> None:
    told = get("/v1/why/onboarding", success="stays", window=14, within=90).json()
    assert (told["success"], told["window"], told["soon"], told["within"]) == ("stays", 14, 7, 90)
    assert get("/v1/why/onboarding", success="go_liv").json()["detail"]
    assert get("/v1/why/onboarding", window=200).status_code == 422
    assert get("/why/onboarding", window="many").status_code == 422
    assert get("/why/onboarding", succes="go_live").status_code == 422


def test_features_are_told_as_they_stand_and_among_customers_alike(get: Get) -> None:
    told = get("/v1/why/features", use=60, after=60).json()
    assert told["state"] == "told"
    assert told["outcomes"] == ["stays"]
    known = [f for f in told["features"] if f["gaps"]]
    assert known
    assert all(g["plain"] is not None and g["value"] is not None for f in known for g in f["gaps"])
    assert not {"login", "churn", "renewal", "signup"} & {f["name"] for f in told["features"]}
    page = get("/why/features", use=60, after=60).text
    assert "What this cannot say" in page


def test_one_feature_is_held_beside_those_who_do_not_use_it(get: Get) -> None:
    (one,) = get("/v1/why/features", feature="feature_use/export").json()["features"]
    assert (one["name"], one["step"]) == ("feature_use", "export")
    assert 0 < one["users"] < one["of"]
    assert "Who uses it, and who does not" in get("/why/features", feature="feature_use/export").text
    missing = get("/v1/why/features", feature="feature_use/exprt")
    assert missing.status_code == 404
    assert "feature_use/export" in missing.text


def test_employees_and_customers_are_linked_by_unit_with_the_warning(get: Get) -> None:
    told = get("/v1/why/units", customers="csat.branch").json()
    assert (told["dimension"], told["employees"], len(told["shared"])) == ("unit", "enps.branch", BRANCHES)
    assert told["lags"][0]["verdict"] == "together"
    assert told["lags"][0]["low"] > 0
    assert "ecological" in told["warning"]
    page = get("/why/employees", customers="csat.branch").text
    assert "Units are compared, not people" in page
    assert "Where employees fare better than usual, customers do so too in the same month" in page
    few = get("/v1/why/units", dimension="market").json()
    assert (few["why"], few["lags"]) == ("nothing_shared", [])
    assert get("/v1/why/units", dimension="units").status_code == 422
    assert get("/v1/why/units", employees="csat.branch").status_code == 422


# ── limited readers ──


def test_a_reader_of_a_part_is_told_of_her_own_customers(get: Get) -> None:
    for name in ("onboarding", "features"):
        every, mine = get(f"/v1/why/{name}").json(), get(f"/v1/why/{name}", scope=SWEDISH).json()
        assert mine["state"] == "told"
        assert mine["made_at"] is None
        page = get(f"/why/{name}", scope=SWEDISH)
        assert page.status_code == 200
        assert "Counted from the customers of your part alone" in page.text
        count = {"onboarding": "n", "features": "customers"}[name]
        assert 0 <= mine[count] < every[count]
    assert get("/why", scope=SWEDISH).status_code == 200


def test_a_reader_of_a_channel_is_told_why_it_is_not_for_her(get: Get) -> None:
    for name in ("onboarding", "features"):
        assert get(f"/v1/why/{name}", scope=IN_APP).json() == {"state": "hidden", "why": "scope"}
        page = get(f"/why/{name}", scope=IN_APP)
        assert page.status_code == 200
        assert "cannot be counted from your part alone" in page.text
        assert "go_live" not in page.text
        assert "training" not in json.dumps(get(f"/why/{name}.json", scope=IN_APP).json())


def test_a_reader_of_larger_groups_is_told_why_she_may_not_choose(get: Get) -> None:
    large = Scope(least={"customer": 5})
    page = get("/why/onboarding", scope=large, window=14)
    assert page.status_code == 200
    assert "among so few that they would not stay unknown" in page.text
    assert get("/v1/why/features", scope=large, use=60).json() == {"state": "hidden", "why": "small_group"}
    usual = get("/why/onboarding", scope=large)
    assert usual.status_code == 200
    assert 'name="window"' not in usual.text


def test_a_larger_least_hides_smaller_groups(get: Get) -> None:
    told = get("/v1/why/onboarding", scope=Scope(least={"customer": 10_000})).json()
    assert (told["n"], told["hits"]) == (0, 0) or all(m["people"] == 0 and m["difference"] is None for m in told["marks"])
    for f in get("/v1/why/features", scope=Scope(least={"customer": 60})).json()["features"]:
        assert f["users"] == 0 or f["users"] >= 60


def test_a_limited_reader_has_units_from_what_she_may_see_alone(get: Get) -> None:
    some = Scope({"unit": frozenset({"branch 0", "branch 1"})})
    told = get("/v1/why/units", scope=some, customers="csat.branch", dimension="unit").json()
    assert set(told["shared"]) <= {"branch 0", "branch 1"}
    assert all(one["verdict"] == "cannot_tell" for one in told["lags"])


def test_one_more_employee_moves_nothing(house: House, tmp_path: Path) -> None:
    """What is told of employees is made of released blocks alone: a late answer waits until it makes a block of its own."""
    asked = units.Asked("enps.branch", "csat.branch", "unit")

    def told() -> Any:
        known = units.possible(units.audiences(house), {m.id: m.metric for m in house.ledger.measures.all()})
        return units.units(house, Scope(), asked, known)

    before = told()
    flow.import_file(house, written(tmp_path, "late", ["late-1,2026-03-12,branch 3,0\n"]), "moods")
    flow.release(house)
    assert told() == before


# ── by night, on the command line, in Python ──


def test_each_night_they_are_looked_for_and_why_leads_with_them(house: House, get: Get) -> None:
    works = (onboarding.NIGHTLY, features.NIGHTLY, units.NIGHTLY)
    found = look(house, works, lambda _: True)
    assert set(found) == {"onboarding", "features", "units"}
    assert house.ledger.findings.latest("onboarding") is not None
    assert "looked for again each night" in get("/why/onboarding").text
    assert "looked for again each night" not in get("/why/onboarding", window=14).text
    assert "looked for again each night" in get("/why/employees").text
    limited = Scope({"unit": frozenset({"branch 0", "branch 1"})})
    assert "looked for again each night" not in get("/why/employees", scope=limited).text
    assert get("/v1/why/units", scope=Scope(least={"employee": 9})).json()["made_at"] is None
    why = get("/why").text
    for address in ("/why/onboarding", "/why/features", "/why/employees"):
        assert address in why
    told = get("/v1/why/onboarding").json()
    assert told["made_at"] is not None


def test_commands_say_it_in_words(free: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for words in (["onboarding"], ["features", "--use", "60", "--after", "60"], ["employees", "--customers", "csat.branch"]):
        with pytest.raises(SystemExit) as ended:
            main(["why", *words, "--data", str(free.data)])
        assert not ended.value.code
        said.append(" ".join(capsys.readouterr().out.split()))
    assert "new customers" in said[0]
    assert "training" in said[0]
    assert "association, not cause" in said[1]
    assert "together" in said[2]
    assert "ecological fallacy" in said[2]


def test_an_assumption_is_waited_for_and_a_slip_is_told(free: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    def said(measure: str) -> tuple[object, str]:
        where = ["--measure", measure, "--where", "unit=branch 0", "--data", str(free.data)]
        with pytest.raises(SystemExit) as ended:
            main(["why", "assume", "Branch 0 is content", "level", *where])
        found = capsys.readouterr()
        return ended.value.code, " ".join((found.out + found.err).split())

    code, told = said("csat.branch")
    assert not code
    assert "“Branch 0 is content”" in told
    assert "being asked" not in told
    assert "asked again on" in told
    code, told = said("csat.brnch")
    assert code
    assert "csat.branch" in told
    assert "Traceback" not in told


def test_python_has_the_same_values(free: Settings) -> None:
    with gensvar.open(free.data, today="2026-11-01", encoder="none") as hub:
        assert hub.onboarding("go_live").n >= 20
        assert hub.features(use=60, after=60).tested > 0
        assert [one.lag for one in hub.units("enps.branch", "csat.branch").standing][:1] == [0]
        assert hub.assume("Branch 1 is content", "level", measure="csat.branch", where="unit=branch 1").evidence is not None


def test_an_empty_house_says_that_nothing_is_known(small_house: House) -> None:
    assert onboarding.onboarding(small_house, onboarding.Asked()).why == "no_start"
    assert features.features(small_house, features.Asked()).why == "no_events"
    known = units.possible(units.audiences(small_house), {})
    assert units.units(small_house, Scope(), units.Asked(), known).why == "no_employees"
