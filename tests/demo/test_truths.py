"""Each planted truth is there to be found, by direct computation on the raw files."""

import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.compute as pc
import pytest

from gensvar.demo import Company, planted
from gensvar.demo.spellings import Known
from tests.demo.exports import Exports, Row

TRUTHS = planted()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
DRIVERS = ("delivery", "price", "integration", "support", "app", "onboarding")
COUNTRY = {"SE": "Sverige", "NO": "Norge", "DK": "Danmark", "FI": "Finland"}


def leaving_ratio(company: Company, exports: Exports) -> float:
    """Mantel–Haenszel rate ratio of leaving, exposed ÷ unexposed, over segment."""
    plan, first_day = TRUTHS["integration_and_leaving"], TRUTHS["company"]["first_day"]
    said: dict[str, list[date]] = defaultdict(list)
    for complaint in company.truth.complaints:
        said[complaint.account].append(complaint.day)
    started = {r["Kundnr"]: date.fromisoformat(r["Kund sedan"]) for r in exports.table("crm_accounts")}
    cells: dict[str, list[float]] = defaultdict(lambda: [0.0] * 4)
    for spell in company.truth.spells:
        first = max(first_day, started[spell.account] + timedelta(60))
        exposed = np.zeros(max(0, (spell.last - first).days + 1), np.bool_)
        for day in said[spell.account]:
            exposed[max(0, (day - first).days + 1) : max(0, (day - first).days + 1 + plan["window_days"])] = True
        if len(exposed):
            cell = cells[spell.segment]
            cell[0 if exposed[-1] else 2] += spell.left
            cell[1] += exposed.sum()
            cell[3] += (~exposed).sum()
    above = sum(c[0] * c[3] / (c[1] + c[3]) for c in cells.values())
    return float(above / sum(c[2] * c[1] / (c[1] + c[3]) for c in cells.values()))


def test_complaints_of_integration_raise_leaving_by_two_fifths(full: Company, exports: Exports) -> None:
    assert leaving_ratio(full, exports) == pytest.approx(TRUTHS["integration_and_leaving"]["ratio"], abs=0.1)


def test_churn_events_and_the_register_tell_the_same_leaving(full: Company, exports: Exports) -> None:
    left = {s.account: s.last.isoformat() for s in full.truth.spells if s.left}
    assert {r["Kundnr"]: r["Avslutad"] for r in exports.table("crm_accounts") if r["Avslutad"]} == left
    churn = exports.events().filter(pc.field("name") == "churn")
    assert set(churn["customer_no"].to_pylist()) == left.keys()


def slopes(rows: list[Row], market: str) -> dict[str, float]:
    """Least squares of overall satisfaction on the drivers, complete answers of one market."""
    whole = [r for r in rows if r["Market"] == market and all(r[f"DRV_{d}"] for d in DRIVERS)]
    x = np.array([[1.0, *(float(r[f"DRV_{d}"]) for d in DRIVERS)] for r in whole])
    found = np.linalg.lstsq(x, np.array([float(r["OVERALL"]) for r in whole]), rcond=None)[0]
    return dict(zip(DRIVERS, found[1:].tolist(), strict=True))


@pytest.mark.parametrize(("market", "driver"), TRUTHS["drivers"]["first"].items())
def test_the_first_driver_of_a_market_is_found(exports: Exports, market: str, driver: str) -> None:
    found = slopes(exports.answered(), market)
    second = max(v for d, v in found.items() if d != driver)
    assert found[driver] > second + 0.15


@pytest.mark.parametrize("market", ["SE", "DK"])
def test_elsewhere_the_app_weighs_most_and_no_driver_stands_alone(exports: Exports, market: str) -> None:
    found = slopes(exports.answered(), market)
    assert found["app"] > found["onboarding"]
    assert max(found.values()) < 0.45


def test_driver_weights_sum_to_one() -> None:
    assert [sum(w.values()) for w in TRUTHS["drivers"]["weights"].values()] == pytest.approx([1.0, 1.0, 1.0])


def support(exports: Exports, market: str) -> tuple[np.ndarray, np.ndarray]:
    """Ratings of a market before and from the day of the new documentation."""
    change = TRUTHS["documentation"]["day"]
    rated = [t for t in exports.tickets() if t["stars"] and t["country"] == COUNTRY[market]]
    on = [datetime.strptime(t["created"][:10], "%d-%m-%Y").replace(tzinfo=UTC).date() for t in rated]
    before = np.array([t["stars"] for t, d in zip(rated, on, strict=True) if d < change])
    return before, np.array([t["stars"] for t, d in zip(rated, on, strict=True) if d >= change])


def test_the_documentation_lifted_support_in_sweden_only(exports: Exports) -> None:
    lift = {m: float(np.diff([b.mean() for b in support(exports, m)])[0]) for m in COUNTRY}
    others = float(np.mean([lift[m] for m in COUNTRY if m != "SE"]))
    assert lift["SE"] - others == pytest.approx(TRUTHS["documentation"]["lift"], abs=0.1)
    assert all(abs(lift[m]) < 0.15 for m in COUNTRY if m != "SE")


def good(exports: Exports, market: str, first: str, last: str) -> float:
    """Share of 4–5 under the second wording."""
    rows = [r for r in exports.table("delivery") if r["question_version"] == "v2" and r["market"] == market and first <= r["answered_at"] < last]
    return float(np.mean([int(r["score"]) >= 4 for r in rows]))


def test_delivery_fell_in_norway_and_nowhere_else(exports: Exports) -> None:
    day = TRUTHS["real_fall"]["day"].isoformat()
    change = {m: good(exports, m, day, "2027") - good(exports, m, "2026", day) for m in COUNTRY}
    assert change["NO"] < -0.08
    assert all(abs(change[m]) < 0.08 for m in COUNTRY if m != "NO")


def test_the_wording_changes_on_its_day_and_lies_higher(exports: Exports) -> None:
    rows, day = exports.table("delivery"), TRUTHS["wording_change"]["day"].isoformat()
    assert all((r["question_version"] == "v2") == (r["answered_at"] >= day) for r in rows)
    first = [int(r["score"]) for r in rows if r["answered_at"] < day]
    second = [int(r["score"]) for r in rows if day <= r["answered_at"] < TRUTHS["real_fall"]["day"].isoformat()]
    assert np.mean(second) - np.mean(first) == pytest.approx(TRUTHS["wording_change"]["lift"], abs=0.1)


def test_the_payment_step_blocks_people_who_then_call(exports: Exports) -> None:
    events = exports.events()
    calls: dict[str, list[float]] = defaultdict(list)
    for row in exports.table("calls"):
        calls[row["Kundnr"]].append(datetime.fromisoformat(row["Tid"]).replace(tzinfo=STOCKHOLM).timestamp())
    shares = {}
    for name in ("payment_blocked", "payment_done"):
        seen = events.filter(pc.field("name") == name)
        when, window = seen["ts"].cast("int64").to_numpy() / 1e6, TRUTHS["payment_step"]["within_hours"] * 3600
        shares[name] = np.mean([any(0 <= c - t <= window for c in calls[a]) for a, t in zip(seen["customer_no"].to_pylist(), when, strict=True)])
    assert shares["payment_blocked"] == pytest.approx(TRUTHS["payment_step"]["calls_after_block"], abs=0.06)
    assert shares["payment_done"] < 0.03


def test_android_is_blocked_most(exports: Exports) -> None:
    ends = exports.events().filter(pc.field("name").isin(["payment_blocked", "payment_done"]))
    blocked = defaultdict(list)
    for platform, name in zip(ends["platform"].to_pylist(), ends["name"].to_pylist(), strict=True):
        blocked[platform].append(name == "payment_blocked")
    assert {p: float(np.mean(b)) for p, b in blocked.items()} == pytest.approx(TRUTHS["payment_step"]["blocked"], abs=0.02)


def test_the_small_segment_looks_terrible_by_chance(exports: Exports) -> None:
    plan = TRUTHS["small_segment"]
    scores = [int(r["NPS"]) for r in exports.answered() if r["Segment"] == plan["segment"]]
    nps = 100 * (np.mean([s >= 9 for s in scores]) - np.mean([s <= 6 for s in scores]))
    assert (len(scores), nps) == (plan["n"], pytest.approx(plan["nps"]))


def test_terminals_send_hundredths_in_the_known_weeks_and_turn_the_scale_before(exports: Exports) -> None:
    plan, rows = TRUTHS["wrong_scores"], exports.table("terminals")
    hundred = [r for r in rows if r["firmware"] == plan["hundred_firmware"]]
    turned = [int(r["score"]) for r in rows if r["firmware"] == plan["reversed_firmware"]]
    days = [r["pressed_at"][:10].replace("/", "-") for r in hundred]
    assert plan["hundred_from"].isoformat() <= min(days) <= max(days) < plan["fixed_on"].isoformat()
    assert all(0 <= int(r["score"]) <= 100 for r in hundred)
    assert np.mean(turned) < 3 < np.mean([int(r["score"]) for r in rows if r["firmware"] == "4.1"])
    assert all(1 <= int(r["score"]) <= 5 for r in rows if r["firmware"] != plan["hundred_firmware"])


def by_person(company: Company) -> list[dict[str, Known]]:
    """For each person, what each system knows."""
    people: dict[int, dict[str, Known]] = defaultdict(dict)
    for known in company.truth.same:
        people[known.person][known.system] = known
    return list(people.values())


def test_everybody_is_known_to_three_systems(full: Company, exports: Exports) -> None:
    people = by_person(full)
    assert len(people) == len(exports.table("crm_contacts"))
    assert all(set(p) == set(TRUTHS["same_people"]["systems"]) for p in people)


def test_exact_ways_share_a_key_with_the_register_and_the_others_do_not(full: Company) -> None:
    for person in by_person(full):
        for system in ("helpdesk", "app"):
            known, crm = person[system], person["crm"]
            same_mail = known.email.lower() == crm.email.lower()
            same_number = bool(known.phone) and national(known.phone) == national(crm.phone)
            if known.how in TRUTHS["same_people"]["exact"]:
                assert same_mail or same_number
            else:
                assert not same_mail


def national(phone: str) -> str:
    """The last nine digits, without country code or leading zero."""
    return "".join(c for c in phone if c.isdigit()).removeprefix("00").removeprefix("46").lstrip("0").rjust(9, "0")[-9:]


def test_all_ways_of_spelling_occur(full: Company) -> None:
    ways = Counter(k.how for k in full.truth.same if k.system == "helpdesk")
    assert set(ways) == set(TRUTHS["same_people"]["ways"])
    assert ways["same"] > 0.5 * ways.total()


def test_what_texts_say_is_told_for_every_text(full: Company, exports: Exports) -> None:
    told = {(s.source, s.record) for s in full.truth.said}
    assert {("delivery", r["answer_id"]) for r in exports.table("delivery") if r["comment"]} <= told
    assert {("calls", r["Samtal"]) for r in exports.table("calls")} <= told
    assert {("relationship", r["ResponseId"]) for r in exports.table("relationship") if r["NPS_WHY"]} <= told


def test_tone_follows_the_score(full: Company, exports: Exports) -> None:
    tone = {s.record: s.about[0][1] for s in full.truth.said if s.source == "relationship"}
    low = [tone[r["ResponseId"]] for r in exports.answered() if r["NPS_WHY"] and int(r["NPS"]) <= 6]
    high = [tone[r["ResponseId"]] for r in exports.answered() if r["NPS_WHY"] and int(r["NPS"]) >= 9]
    assert np.mean(low) < -0.8
    assert np.mean(high) > 0.8


def test_the_truths_are_written_nowhere_in_the_files(full: Company) -> None:
    names = {p.name for p in full.folder.iterdir()}
    assert names == {f.path.name for f in full.files} | {f.contract_path.name for f in full.files}
    ticket = json.loads(full.file("helpdesk").path.read_text("utf-8").splitlines()[0])
    assert not {"topic", "tone", "how", "person"} & ticket.keys()


def projects(exports: Exports) -> tuple[list[Row], dict[str, list[tuple[int, str]]]]:
    """New firms that were followed for long enough and stayed for thirty days; each one's log: days since the start, step."""
    last = TRUTHS["company"]["last_day"] - timedelta(TRUTHS["onboarding"]["goes_live_after"][1])
    first = TRUTHS["company"]["first_day"]
    steps: dict[str, list[tuple[int, str]]] = defaultdict(list)
    began = {r["Kundnr"]: date.fromisoformat(r["Kund sedan"]) for r in exports.table("crm_accounts")}
    for row in exports.table("projects"):
        day = datetime.strptime(row["Tidspunkt"][:10], "%d.%m.%Y").replace(tzinfo=UTC).date()
        steps[row["Kundenr"]].append(((day - began[row["Kundenr"]]).days, row["Hva"]))
    firms = [r for r in exports.table("crm_accounts") if first <= began[r["Kundnr"]] <= last]
    ended = {r["Kundnr"]: date.fromisoformat(r["Avslutad"]) for r in firms if r["Avslutad"]}
    return [r for r in firms if r["Kundnr"] not in ended or ended[r["Kundnr"]] >= began[r["Kundnr"]] + timedelta(30)], steps


def live_ratio(exports: Exports, step: str, until: int) -> tuple[float, float]:
    """Mantel–Haenszel risk ratio of going live over plan, with the step before this day ÷ without it; and the same without strata."""
    firms, steps = projects(exports)
    cells: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for firm in firms:
        log = steps[firm["Kundnr"]]
        had, live = any(s == step and d < until for d, s in log), any(s == "i drift" for _, s in log)
        for key in (firm["Avtal"], ""):
            cells[key][0 if had else 2] += live
            cells[key][1 if had else 3] += 1
    crude = cells.pop("")
    above = sum(c[0] * c[3] / (c[1] + c[3]) for c in cells.values())
    return above / sum(c[2] * c[1] / (c[1] + c[3]) for c in cells.values()), crude[0] / crude[1] / (crude[2] / crude[3])


def test_early_training_makes_going_live_likelier_by_two_fifths(exports: Exports) -> None:
    plan = TRUTHS["onboarding"]
    held, crude = live_ratio(exports, "opplæring", plan["within_days"])
    assert held == pytest.approx(plan["ratio"], abs=0.15)
    assert crude > held
    assert all(live_ratio(exports, step, 30)[0] == pytest.approx(1, abs=0.18) for step in ("data flyttet", "første eksport"))


def test_follow_ups_that_are_all_counted_seem_to_hinder(exports: Exports) -> None:
    """So that whoever forgets the landmark is found out: a project that lasts has more of them."""
    firms, steps = projects(exports)
    many = [sum(s == "oppfølging" for _, s in steps[f["Kundnr"]]) > 3 for f in firms]
    live = [any(s == "i drift" for _, s in steps[f["Kundnr"]]) for f in firms]
    shares = {few: np.mean([one for one, m in zip(live, many, strict=True) if m != few]) for few in (True, False)}
    assert shares[False] < shares[True] - 0.2
