"""Words and outcomes on pages, by API and in Python: what stands, what is not known, and who may see which of it."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from litestar.testing import TestClient
from rich.console import Console

from gensvar.contracts.topics import shipped
from gensvar.explain.outcomes import KIND, Looked, Ratio, found_json
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.errors import NotFound
from gensvar.kit.scope import Scope
from gensvar.kit.settings import read_settings
from gensvar.serve import show_why, why_outcomes
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.front import Hub
from gensvar.serve.web.charts_dots import dots_chart
from gensvar.serve.web.outcomes_words import mark_of, sentence
from gensvar.serve.web.words import Words
from tests.explain.impact.answers import Given, rows_of
from tests.houses import signed_in
from tests.serve.conftest import HERE
from tests.serve.web.outcoming import LOOKED

SAID = "/why/outcomes/left/negative/topic:features.integration"
WORD = "/why/outcomes/left/negative/word:sv:krångl"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = read_settings({"data": str(tmp_path_factory.mktemp("outcomes")), "memory_mb": "512", "port": "0", "today": "2026-10-15"}, env={})
    with open_house(settings, At("2026-10-15T12:00:00")) as made:
        moods = (-0.8, -0.1, 0.7, -0.6)
        made.engine.merge("feedback", rows_of(Given(i, 1.0, {"features.integration": tone}, "SE" if i % 2 else "NO") for i, tone in enumerate(moods)))
        made.engine.bump()
        made.ledger.findings.keep(KIND, "left", found_json(LOOKED))
        made.ledger.findings.keep(KIND, "renewed", found_json(Looked("renewed", why="no_outcome", made_of=("renewal",))))
        made.ledger.findings.keep(KIND, "bought", found_json(Looked("bought", why="too_few", needed=634)))
        yield made


@pytest.fixture(scope="module")
def client(house: House) -> Iterator["TestClient[Any]"]:
    with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url=HERE) as made:
        yield made


def test_the_page_says_association_with_its_interval(house: House, client: "TestClient[Any]") -> None:
    page = client.get("/why/outcomes.json", headers=signed_in(house, "administrator")).json()
    assert page["sentence"] == (
        "Those who spoke ill of “Works with other tools” left us 1.4 times as often (1.2–1.7) within 6 months as others who complained; "
        "this is an association."
    )
    assert page["outcome"] == "left"
    assert [line["way"] for line in page["surest"]] == ["worse"]
    assert page["once"][0]["sentence"].endswith("this was not seen again in the other half of the customers.")
    assert [line["mark_name"] for line in page["rest"]] == ["cannot be known yet", "no visible difference", "cannot be known yet"]
    assert page["rest"][0]["sentence"].endswith("cannot be known yet; about 640 more customers would have to say so.")
    assert [line["more"] for line in page["rest"]] == ["640", "", "900"]
    assert page["banner"].startswith("More differs here than chance allows (λ 1.26)")
    assert page["lead"][0].startswith("355 words, phrases, topics and themes")
    shown = client.get("/why/outcomes", headers=signed_in(house, "administrator")).text
    assert f'href="{SAID.replace("topic:", "topic%3A")}"' in shown


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", "De som talade illa om ”Fungerar med andra verktyg” lämnade oss 1,4 gånger så ofta (1,2–1,7) inom 6 månader som andra som klagade;"),
        ("nb", "forlot oss 1,4 ganger så ofte (1,2–1,7) innen 6 måneder som andre som klaget; det er en sammenheng."),
        ("da", "forlod os 1,4 gange så ofte (1,2–1,7) inden for 6 måneder som andre, der klagede; det er en sammenhæng."),
        ("fi", "lähtivät 1,4 kertaa niin usein (1,2–1,7) 6 kuukauden kuluessa kuin muut, jotka valittivat; tämä on yhteys."),
    ],
)
def test_the_sentence_in_every_language(house: House, client: "TestClient[Any]", language: str, said: str) -> None:
    page = client.get(f"/why/outcomes.json?lang={language}", headers=signed_in(house, "administrator")).json()
    assert said.partition(" om ")[0] in page["sentence"]
    assert said.rpartition(")")[2] in page["sentence"]


def test_what_was_seen_again_and_not_among_those_who_write_as_much_is_told_as_that() -> None:
    word = next(a for a in LOOKED.associations if a.verdict == "unconfirmed")
    w, taxonomy = Words("en"), shipped()
    assert sentence(word, taxonomy, w).endswith("this was not seen again in the other half of the customers.")
    held = replace(word, replicated="both", again=Ratio(1.2, 0.9, 1.6, 0.2))
    assert sentence(held, taxonomy, w).endswith("but among those who write as often this is not for certain.")


@pytest.mark.parametrize(
    ("ratio", "said", "mark"),
    [
        (
            Ratio(1.08, 1.03, 1.12, 0.0004),
            "others who praised: a small difference, sure among all that was tested, but not surely beyond 1.1",
            "rose",
        ),
        (
            Ratio(0.93, 0.89, 0.97, 0.0004),
            "others who praised: a small difference, sure among all that was tested, but not surely beyond 0.91",
            "fell",
        ),
        (Ratio(1.3, 1.05, 1.6, 0.01), "others who praised: sure among all that was tested, but not surely beyond 1.1", "rose"),
    ],
)
def test_small_and_sure_is_told_from_nothing_to_see(ratio: Ratio, said: str, mark: str) -> None:
    alike = next(a for a in LOOKED.associations if a.verdict == "none")
    small = replace(alike, verdict="slight", ratio=ratio, q=0.004)
    assert said in sentence(small, shipped(), Words("en"))
    assert mark_of(small) == mark
    assert "about as often" in sentence(alike, shipped(), Words("en"))
    assert mark_of(alike) == "same"
    for language in ("sv", "nb", "da", "fi"):
        assert sentence(small, shipped(), Words(language)) != sentence(replace(small, verdict="none"), shipped(), Words(language))


def test_who_may_not_read_voices_sees_topics_alone(house: House, client: "TestClient[Any]") -> None:
    for who in (signed_in(house), signed_in(house, "administrator", Scope(free_text=False))):
        page = client.get("/why/outcomes.json", headers=who).json()
        assert page["once"] == []
        assert page["hidden"].startswith("Only topics are shown")
        assert client.get(WORD, headers=who).status_code == 404
        assert client.get("/v1/why/outcomes?outcome=left", headers=who).json()["hidden"] == 1
        assert "krångl" not in client.get("/why/outcomes", headers=who).text
    assert client.get("/v1/why/outcomes/words?outcome=left", headers=signed_in(house)).status_code == 403
    assert client.get(WORD, headers=signed_in(house, "administrator")).status_code == 200


def test_numbers_of_fewer_people_than_may_be_shown_are_not(house: House, client: "TestClient[Any]") -> None:
    who = signed_in(house, "administrator", Scope(least={"customer": 50}))
    page = client.get("/why/outcomes.json", headers=who).json()
    assert [line["name"] for line in page["rest"]] == ["Price and value", "Customer service"]
    assert page["hidden"] == "One line is left out, since so few stand behind it."


def test_a_narrow_reader_has_a_state_of_her_own(house: House, client: "TestClient[Any]") -> None:
    who = signed_in(house, "administrator", Scope({"market": frozenset({"NO"})}))
    page = client.get("/why/outcomes.json", headers=who).json()
    assert (page["state"], page["surest"], page["know"]) == ("scope", [], [])
    assert "over the whole organisation" in page["sentence"]
    assert client.get(SAID, headers=who).status_code == 404
    assert client.get("/v1/why/outcomes?outcome=left", headers=who).json() == {"state": "scope", "outcome": "left"}
    parts = {p["href"]: p["lead"] for p in client.get("/why.json", headers=who).json()["parts"]}
    assert parts["/why/outcomes"] == []


@pytest.mark.parametrize(
    ("outcome", "state", "sentence", "lead"),
    [
        ("renewed", "why", "No event of this kind has come in: renewal.", ""),
        ("bought", "why", "Too few customers have met this outcome", "It takes about 640 customers who write."),
        ("completed_goal", "not_yet", "This has not been looked for yet", "Gensvar does so by itself each night"),
    ],
)
def test_what_cannot_be_told_says_why(house: House, client: "TestClient[Any]", outcome: str, state: str, sentence: str, lead: str) -> None:
    page = client.get(f"/why/outcomes.json?outcome={outcome}", headers=signed_in(house)).json()
    assert page["state"] == state
    assert page["sentence"].startswith(sentence)
    assert "".join(page["lead"]).startswith(lead)
    assert client.get(f"/why/outcomes?outcome={outcome}", headers=signed_in(house)).status_code == 200


def test_searching_and_choosing(house: House, client: "TestClient[Any]") -> None:
    who = signed_in(house, "administrator")
    found = client.get("/why/outcomes.json?q=krångl&kind=word&tone=negative", headers=who).json()
    assert (found["searched"], len(found["once"]), found["rest"]) == ("One line speaks of “krångl”.", 1, [])
    missed = client.get("/why/outcomes.json?q=zebra", headers=who).json()
    assert missed["searched"].startswith("“zebra” is not among these. Words and phrases are listed only where they are nearest to being seen")
    assert missed["searched"].endswith("which of the two is not kept.")
    assert client.get("/why/outcomes?kind=topics", headers=who).status_code == 422
    assert client.get("/why/outcomes?kinds=topic", headers=who).status_code == 422
    assert client.get("/why/outcomes?outcome=lefd", headers=who).status_code == 404


def test_one_association_has_a_picture_quotes_and_next_steps(house: House, client: "TestClient[Any]") -> None:
    page = client.get(f"{SAID}.json", headers=signed_in(house, "administrator")).json()
    assert page["lead"] == [
        "It concerns 412 customers, worth 1,230,000 a year.",
        "The outcome came 131 times among them; 93 would have come if they were like the others.",
        "Half of those times it came within 2.5 months of the text.",
    ]  # fmt: skip
    assert [row[0] for row in page["drawn"]["table"]["rows"]] == ["all customers", "the other half", "who write as much"]
    assert len(page["quotes"]) == 2
    assert [href for _, href in page["steps"]] == ["/voices?topic=features.integration", "/topics/features.integration", "/why/impact"]
    viewer = client.get(f"{SAID}.json", headers=signed_in(house)).json()
    assert viewer["quotes"] == []
    assert all(not href.startswith("/voices") for _, href in viewer["steps"])
    assert client.get(SAID, headers=signed_in(house)).status_code == 200


def test_every_door_gives_the_same(house: House, client: "TestClient[Any]") -> None:
    found = Hub(house).outcomes("left")
    assert found == LOOKED
    told = client.get("/v1/why/outcomes/words?outcome=left&kind=topic", headers=signed_in(house, "administrator")).json()
    assert [a["term"] for a in told["associations"]] == [a.term for a in LOOKED.associations if a.kind == "topic"]
    console = Console(record=True, width=160, file=StringIO())
    show_why.outcomes(told, console)
    show_why.outcomes(why_outcomes.of_words(Hub(house).desk, why_outcomes.OutcomeOf("completed_goal")), console)
    text = console.export_text()
    assert "1.41" in text
    assert "not looked for yet" in text
    assert Hub(house).outcomes("contacted_support") is None
    with pytest.raises(NotFound, match="outcome 'lost'"):
        Hub(house).outcomes("lost")


def test_the_room_leads_here(house: House, client: "TestClient[Any]") -> None:
    parts = {p["href"]: p["lead"] for p in client.get("/why.json", headers=signed_in(house)).json()["parts"]}
    assert len(parts["/why/outcomes"]) == 1
    assert "this is an association" in parts["/why/outcomes"][0]


def test_ratios_stand_on_a_scale_of_their_own() -> None:
    """Twice as often lies as far from the line as half as often."""
    rows = [{"group": "a", "tone": "none", "value": 2.0, "low": 0.5, "high": 2.0, "figure": "2.0", "says": "a"}]
    scale = dots_chart(rows, Words("en"), "t", ratios=True)["layer"][0]["encoding"]["x"]["scale"]
    low, high = scale["domain"]
    assert scale["type"] == "log"
    assert low * high == pytest.approx(1.0)
    assert replace(LOOKED.associations[0], ratio=Ratio(0.5, 0.4, 0.6, 0.0)).direction == "less"
