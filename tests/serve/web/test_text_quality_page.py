"""Text quality and labelling as pages: what is not known is said to be so, answers are kept, and nothing shows what a model said."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.serve.desks.text_quality import Bin, Neutral, together
from gensvar.serve.encoding import Encoding
from gensvar.serve.jobs import Hands
from gensvar.serve.web.quality_charts import calibration_chart
from gensvar.serve.web.text_quality_page import neutral_said, together_said
from gensvar.serve.web.words import Words
from gensvar.stats.normal import Interval
from tests.houses import signed_in
from tests.serve.web.visitors import Site, Visitor, site_of, sixty_texts

ROW = re.compile(r'name="row" value="([^"]+)"')
EN = Words("en")


@pytest.fixture(scope="module")
def site(long_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    sixty_texts(long_house, tmp_path_factory.mktemp("rows"), ("Mycket bra", "Riktigt dåligt", "Det var en låda"))
    with site_of(long_house) as made:
        yield made


@pytest.fixture
def analyst(site: Site) -> Visitor:
    return site.visitor("analyst")


def sent(who: Visitor, to: str, page: str, **form: str) -> str:
    """Where the form leads to."""
    answer = who.post(to, page, **form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def hands(house: House) -> Hands:
    """A server's hands, without an encoder: what has no vector teaches nothing."""
    return Hands(house, encoding=Encoding(replace(house.settings, encoder="none")))


def test_without_labels_the_page_says_how_many_it_takes(analyst: Visitor) -> None:
    page = analyst.page("/text-quality")
    assert "not known yet" in page
    assert "Label 50 more texts" in page
    assert "neutral is told only where your own labels" in page
    twin = analyst.client.get("/text-quality.json", headers=analyst.headers).json()
    assert (twin["missing"], twin["labelled"], twin["tones"]["rows"]) == (50, 0, [])


def test_fifty_answers_give_a_figure_and_one_can_be_taken_back(analyst: Visitor) -> None:
    address = sent(analyst, "/text-quality/draws", analyst.page("/text-quality"), mode="fair")
    draw = address.rpartition("=")[2]
    for at in range(50):
        page = analyst.page(address)
        assert f"{at + 1} of 50" in page
        row = ROW.findall(page)[0]
        tone = "positive" if "Mycket bra" in page else "negative" if "dåligt" in page else "neutral"
        about = {"topic": "delivery"} if at == 3 else {}
        address = sent(analyst, f"/text-quality/draws/{draw}/labels", page, row=row, tone=tone, skip="0", **about)
    assert "Every text of this draw has been labelled." in analyst.page(address)
    said = analyst.page("/text-quality")
    assert "of texts are read rightly here." in said
    assert "By 50 texts that were drawn by chance" in said
    assert sum(one.topics == ("delivery",) for one in analyst.house.ledger.labels.all()) == 1
    sent(analyst, f"/text-quality/draws/{draw}/back", said)
    assert "50 of 50" in analyst.page(f"/text-quality/label?draw={draw}")


def test_what_a_model_said_is_not_on_the_page_that_asks(analyst: Visitor) -> None:
    draw = sent(analyst, "/text-quality/draws", analyst.page("/text-quality"), mode="unsure")
    twin = analyst.client.get(draw.replace("label?", "label.json?"), headers=analyst.headers).json()
    assert set(twin) == {"draw", "row", "text", "language", "place", "share", "skipped", "tones", "topics", "intents", "fair", "shared"}
    later = sent(analyst, f"/text-quality/draws/{draw.rpartition('=')[2]}/labels", analyst.page(draw), row=twin["row"], later="1", skip="0")
    assert analyst.client.get(later.replace("label?", "label.json?"), headers=analyst.headers).json()["row"] != twin["row"]


def test_who_may_not_read_text_sees_figures_and_no_texts(analyst: Visitor) -> None:
    blind = signed_in(analyst.house, "analyst", Scope(free_text=False))
    assert analyst.client.get("/text-quality.json", headers=blind).status_code == 200
    assert analyst.client.get("/text-quality/label.json?draw=1", headers=blind).status_code == 403
    viewer = signed_in(analyst.house, "viewer")
    assert analyst.client.get("/text-quality/label.json", headers=viewer).status_code == 403


def test_teaching_waits_for_the_hands_one_at_a_time_and_says_what_came_of_it(analyst: Visitor) -> None:
    assert sent(analyst, "/text-quality/teach", analyst.page("/text-quality")) == "/text-quality#taught"
    page = analyst.page("/text-quality")
    assert "Teaching waits for its turn." in page
    assert "data-under-way" in page
    assert "Teach now" not in page
    again = analyst.post("/text-quality/teach", page)
    assert again.status_code == 409
    assert "being taught already" in again.text
    hands(analyst.house)._teach()
    done = analyst.twin("/text-quality")["teaching"]
    assert (done["state"], done["under_way"], done["error"]) == ("done", False, "")
    assert "too little to learn from" in done["title"]
    assert "Teach now" in analyst.page("/text-quality")


def test_a_program_asks_for_teaching_and_hears_how_it_is_doing(analyst: Visitor) -> None:
    admin = {"authorization": f"Bearer {analyst.house.ledger.keys.create('t', {'admin'}, None)[1]}"}
    job = analyst.client.post("/v1/text-models", json={}, headers=admin).json()["job"]
    assert analyst.client.post("/v1/text-models", json={}, headers=admin).status_code == 409
    assert analyst.client.get("/v1/text-models", headers=admin).json()["state"] == "waiting"
    hands(analyst.house)._teach()
    found = analyst.client.get("/v1/text-models", headers=admin).json()
    assert (found["job"], found["state"]) == (job, "done")
    assert [(head["kind"], head["number"]) for head in found["result"]["heads"]] == [("vectors", None)]


def test_the_command_line_and_programs_do_the_same(analyst: Visitor) -> None:
    admin = {"authorization": f"Bearer {analyst.house.ledger.keys.create('t', {'admin'}, None)[1]}"}
    draw = analyst.client.post("/v1/text-draws", json={"mode": "fair", "most": 3}, headers=admin).json()
    turn = analyst.client.get(f"/v1/text-draws/next?draw={draw['draw']}", headers=admin).json()
    assert (draw["texts"], turn["left"]) == (3, 3)
    kept = analyst.client.post("/v1/text-labels", json={"row": turn["row"], "tone": "mixed"}, headers=admin)
    assert kept.json()["tone"] == "mixed"
    assert analyst.client.get(f"/v1/text-draws/next?draw={draw['draw']}", headers=admin).json()["left"] == 2
    assert analyst.client.get("/v1/text-quality", headers=admin).json()["reach"]["texts"] == 60


def test_calibration_is_drawn_about_the_line_where_sure_and_right_are_the_same() -> None:
    spec = calibration_chart([Bin(0.9, Interval(0.8, 0.7, 0.9), 20), Bin(0.6, Interval(0.7, 0.1, 0.8), 10)], EN, "t")
    line, rules, dots = spec["layer"]
    assert line["data"]["values"] == [{"sure": 10.0, "right": 10.0}, {"sure": 100.0, "right": 100.0}]
    assert [r["right"] for r in dots["data"]["values"]] == [80.0, 70.0]
    assert rules["encoding"]["y2"] == {"field": "high"}


def test_neutral_and_agreement_are_told_only_where_they_are_known() -> None:
    assert "not told" in neutral_said(None, EN)
    assert "is calibrated" in neutral_said(Neutral(Interval(0.2, 0.1, 0.3), 0.25, calibrated=True), EN)
    assert "do not go by" in neutral_said(Neutral(Interval(0.2, 0.1, 0.3), 0.05, calibrated=False), EN)
    assert "not known" in together_said(together([]), EN)
