"""Redaction on its page, and a text as it was written: who may, what is written down, and what nobody is shown."""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest

from gensvar import flow
from gensvar.house import House
from gensvar.kit.scope import Scope
from tests.houses import csv
from tests.serve.web.visitors import Site, site_of

SAID = "Ring Gunilla Lind på 070-174 06 05 om M-123456"
NORWAY = Scope({"market": frozenset({"NO"})})
MUTE = Scope({}, free_text=False)


@pytest.fixture(scope="module")
def site(long_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    said(long_house, tmp_path_factory.mktemp("said"))
    flow.recount(long_house)
    with site_of(long_house) as made:
        yield made


def said(house: House, folder: Path) -> None:
    flow.import_file(house, csv(folder, f'r1,2026-09-01T10:00,a@example.org,SE,5,"{SAID}"', name="said.csv"), "survey")


def voice_of(site: Site) -> str:
    feedback = site.house.engine.table("feedback")
    found = site.house.engine.run(feedback.filter(feedback.text.contains("[telefon]")).select(id=feedback.id.cast("string")))
    return f"/voices/{found['id'][0].as_py()}"


def reads(site: Site) -> int:
    return [did for did, _ in deeds(site)].count("read original")


def deeds(site: Site) -> list[tuple[str, str]]:
    return [(d.did, d.who) for d in site.house.ledger.audit.rows(limit=1000)]


def test_a_text_is_tried_with_the_houses_own_patterns_and_written_nowhere(site: Site) -> None:
    owner, analyst = site.visitor("owner"), site.visitor("analyst")
    here = "/redaction"
    assert owner.send(f"{here}/patterns", here, name="medlemsnummer", pattern=r"\bM-\d{6}\b") == (303, here)
    before = site.house.ledger.originals.count()
    tried = analyst.post(f"{here}/try", analyst.page(here), text=SAID, language="sv")
    assert tried.status_code == 200
    assert "Ring [namn] på [telefon] om [medlemsnummer]" in html.unescape(tried.text)
    assert site.house.ledger.originals.count() == before
    assert "Gunilla" not in str(site.house.ledger.audit.rows(limit=1000))


def test_what_a_pattern_of_the_house_took_out_is_marked_in_voices_even_after_it_is_removed(site: Site, tmp_path: Path) -> None:
    owner, here = site.visitor("owner"), "/redaction"
    owner.send(f"{here}/patterns", here, name="avtalsnummer", pattern=r"\bAVT\d{6}\b")
    flow.import_file(site.house, csv(tmp_path, "r9,2026-09-02T10:00,b@example.org,SE,2,Om AVT123456 [sic]", name="own.csv"), "survey")
    number = next(p["id"] for p in owner.twin(here)["patterns"] if p["name"] == "avtalsnummer")
    owner.send(f"{here}/patterns/{number}/remove", here)
    listed = owner.twin("/voices?q=om+avtalsnummer&period=all")["voices"][0]
    assert [(p["text"], p["kind"]) for p in listed["pieces"] if p["kind"] == "left_out"] == [("[avtalsnummer]", "left_out")]
    assert '<span class="left-out">[avtalsnummer]</span>' in owner.page(f"/voices/{listed['id']}")


def test_patterns_are_the_owners_and_what_cannot_be_read_is_refused_with_the_reason(site: Site) -> None:
    owner, analyst, here = site.visitor("owner"), site.visitor("analyst"), "/redaction"
    assert analyst.send(f"{here}/patterns", here, name="x", pattern="abc")[0] == 403
    assert owner.send(f"{here}/patterns", here, name="x", pattern="(")[0] == 422
    assert owner.send(f"{here}/patterns", here, name="meter", pattern=r"\bMTR\d{8}\b") == (303, here)
    assert owner.send(f"{here}/patterns", here, name="Meter", pattern="abc")[0] == 409
    assert r"\bMTR\d{8}\b" in html.unescape(analyst.get(here))
    number = next(p["id"] for p in owner.twin(here)["patterns"] if p["name"] == "meter")
    assert owner.send(f"{here}/patterns/{number}/remove", here) == (303, here)
    assert number not in [p["id"] for p in owner.twin(here)["patterns"]]
    assert {"add pattern", "remove pattern"} <= {did for did, _ in deeds(site)}


def test_what_was_written_is_shown_on_asking_and_who_asked_is_written_down(site: Site) -> None:
    analyst, voice = site.visitor("analyst"), voice_of(site)
    assert SAID not in analyst.get(voice)
    assert "Gunilla" not in str(analyst.twin(voice))
    shown = analyst.post(f"{voice}/original", analyst.page(voice))
    assert shown.status_code == 200
    assert SAID in html.unescape(shown.text)
    assert reads(site) == 1


def test_what_was_written_is_had_by_the_form_alone_and_its_page_leads_to_no_address_of_it(site: Site) -> None:
    analyst, voice = site.visitor("analyst"), voice_of(site)
    shown = analyst.post(f"{voice}/original", analyst.page(voice)).text
    before = reads(site)
    assert ".json" not in shown
    assert "?lang=" not in shown
    for address in (f"{voice}/original", f"{voice}/original.json"):
        assert analyst.client.get(address, headers=analyst.headers).status_code in {404, 405}
    assert reads(site) == before


@pytest.mark.parametrize(("role", "scope"), [("contributor", None), ("analyst", NORWAY), ("analyst", MUTE)])
def test_who_may_not_see_rows_or_the_row_or_text_does_not_see_it(site: Site, role: str, scope: Scope | None) -> None:
    visitor, voice, before = site.visitor(role, scope), voice_of(site), reads(site)
    assert "as it was written" not in visitor.get(voice).lower()
    status, answer = visitor.send(f"{voice}/original", "/redaction" if role == "analyst" else "/voices")
    assert status in {403, 404}
    assert "Gunilla" not in answer
    assert reads(site) == before


def test_where_nothing_is_kept_it_says_so(site: Site) -> None:
    analyst, voice = site.visitor("analyst"), voice_of(site)
    site.house.ledger.originals.purge(site.house.clock.now())
    assert analyst.twin(voice)["original"] is False
    assert analyst.send(f"{voice}/original", "/redaction")[0] == 404
