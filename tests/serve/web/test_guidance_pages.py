"""Annotations, saved views, definitions, steps and settings on the pages of a real house, by people of different roles."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from gensvar import flow
from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.ledger.tables import ANNOTATIONS, MEASURES, PROPOSALS, PUT_AWAY, REMARKS, VIEWS
from tests.houses import csv
from tests.serve.web.visitors import Site, Visitor, site_of

MEASURE = "/measures/csat.delivery"
NORWAY = Scope({"market": frozenset({"NO"})})


@pytest.fixture(scope="module")
def built(long_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    rows = [f"d{n},2026-{7 + n % 3:02}-1{n % 10}T10:00:00,c{n}@example.org,{'NO' if n % 2 else 'SE'},{1 + n % 5},fine" for n in range(240)]
    flow.import_file(long_house, csv(tmp_path_factory.mktemp("rows"), *rows), "survey")
    flow.recount(long_house)
    with site_of(long_house) as made:
        yield made


@pytest.fixture
def site(built: Site) -> Site:
    """One house for all tests of this file, without what the one before has written on its walls."""
    with built.house.ledger._db.write() as conn:
        for table in (ANNOTATIONS, VIEWS, PROPOSALS, REMARKS, PUT_AWAY):
            conn.execute(delete(table))
        conn.execute(delete(MEASURES).where(MEASURES.c.key == "csat.delivery@2"))
    return built


# ── annotations ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_note_is_written_seen_and_removed_without_scripts(site: Site) -> None:
    anna = site.visitor("contributor")
    sent = {"day": "2026-08-12", "text": "New guides", "measure": "csat.delivery", "where": "market=SE", "here_only": "yes", "back": MEASURE}
    assert anna.send("/annotations", MEASURE, **sent) == (303, MEASURE)
    page, twin = anna.get(MEASURE), anna.twin(MEASURE)
    assert "One annotation" in page
    assert "Sweden: New guides" in page
    (note,) = twin["notes_on_charts"]
    assert (note["text"], note["place"], note["mine"]) == ("New guides", "Sweden", True)
    assert any("Sweden: New guides" in row for row in twin["trends"][0]["table"]["rows"][1:] or twin["trends"][0]["table"]["rows"])
    assert "New guides" in anna.get("/"), "Home's trend shows it at once"
    assert anna.send(f"/annotations/{note['id']}/remove", MEASURE, back=f"{MEASURE}?market=SE") == (303, f"{MEASURE}?market=SE")
    assert anna.twin(MEASURE)["notes_on_charts"] == []
    assert "New guides" not in anna.get("/")


def test_a_note_about_one_market_is_not_for_another(site: Site) -> None:
    site.visitor("contributor").send("/annotations", MEASURE, day="2026-08-12", text="Secret of Sweden", where="market=SE", here_only="yes")
    oslo = site.visitor("contributor", NORWAY)
    assert "Secret of Sweden" not in oslo.get(MEASURE) + oslo.get("/")
    assert oslo.twin(MEASURE)["notes_on_charts"] == []
    assert oslo.send("/annotations", MEASURE, day="2026-08-12", text="x", where="market=SE", here_only="yes")[0] == 403
    number = site.house.ledger.annotations.standing()[0].id
    assert oslo.send(f"/annotations/{number}/remove", MEASURE)[0] == 404


def test_one_does_not_remove_anothers_but_an_administrator_does(site: Site) -> None:
    site.visitor("contributor").send("/annotations", MEASURE, day="2026-08-12", text="New guides")
    number = site.house.ledger.annotations.standing()[0].id
    bo, admin = site.visitor("analyst"), site.visitor("administrator")
    assert f"/annotations/{number}/remove" not in bo.get(MEASURE)
    assert bo.send(f"/annotations/{number}/remove", MEASURE)[0] == 403
    assert f"/annotations/{number}/remove" in admin.get(MEASURE)
    assert admin.send(f"/annotations/{number}/remove", MEASURE)[0] == 303
    assert len(site.house.ledger.annotations.history()) == 1


def test_who_may_only_look_cannot_note(site: Site) -> None:
    viewer = site.visitor("viewer")
    assert 'action="/annotations"' not in viewer.get(MEASURE)
    assert 'action="/views"' not in viewer.get(MEASURE)
    assert viewer.send("/annotations", "/glossary", day="2026-08-12", text="x")[0] == 403


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_form_leads_nowhere_else(site: Site, back: str) -> None:
    status, location = site.visitor("contributor").send("/annotations", MEASURE, day="2026-08-12", text="x", back=back)
    assert (status, location) == (422, "")
    assert site.house.ledger.annotations.history() == []


def test_what_is_noted_is_text_and_nothing_else(site: Site) -> None:
    anna = site.visitor("administrator")
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    anna.send("/annotations", MEASURE, day="2026-08-12", text=evil)
    anna.send("/views", name=evil, address=MEASURE, shared="yes")
    anna.send("/definitions/csat.delivery/remarks", "/definitions/csat.delivery", text=evil)
    anna.send("/definitions/csat.delivery/proposals", "/definitions/csat.delivery", why=evil, owner=evil)
    for address in (MEASURE, "/", "/views", "/definitions", "/definitions/csat.delivery"):
        page = anna.get(address)
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address


# ── saved views ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_view_is_saved_under_its_sentence_and_opened_again(site: Site) -> None:
    anna = site.visitor("contributor")
    address = f"{MEASURE}?market=NO&period=last+quarter&against=year+before"
    page = anna.get(address)
    sentence = "CSAT for delivery, in Norway, last quarter, against the same quarter last year"
    assert f"<title>{sentence}" in page
    assert f'value="{sentence}"' in page
    kept = re.search(r'name="address" value="([^"]+)"', page)
    assert kept
    assert anna.send("/views", address, name=sentence, address=kept[1].replace("&amp;", "&"))[0] == 303
    (view,) = anna.twin("/views")["mine"]
    assert (view["name"], view["href"]) == (sentence, address)
    assert anna.get(view["href"])
    assert anna.answers[-1] == 200


def test_a_shared_view_shows_each_reader_her_own_part(site: Site) -> None:
    anna, oslo = site.visitor("analyst"), site.visitor("viewer", NORWAY)
    anna.send("/views", name="All of it", address=f"{MEASURE}?period=all", shared="yes")
    (view,) = oslo.twin("/views")["shared"]
    hers, part = anna.twin(view["href"]), oslo.twin(view["href"])
    assert (hers["verdict"]["n"], part["verdict"]["n"]) == ("240", "120")


def test_views_are_renamed_unshared_and_deleted_by_their_owner_alone(site: Site) -> None:
    anna, bo = site.visitor("analyst"), site.visitor("analyst")
    anna.send("/views", name="Mine", address=MEASURE, shared="yes")
    number = anna.twin("/views")["mine"][0]["id"]
    for deed, form in (("rename", {"name": "Yours"}), ("share", {"do": "unshare"}), ("delete", {})):
        assert bo.send(f"/views/{number}/{deed}", **form)[0] == 404, deed
    assert anna.send(f"/views/{number}/rename", name="Ours") == (303, "/views")
    assert bo.twin("/views")["shared"][0]["name"] == "Ours"
    assert anna.send(f"/views/{number}/share", do="unshare") == (303, "/views")
    assert bo.twin("/views")["shared"] == []
    assert anna.send(f"/views/{number}/delete") == (303, "/views")
    assert anna.twin("/views") == {"mine": [], "shared": []}
    deeds = [d.did for d in site.house.ledger.audit.rows(0, 10_000) if "view" in d.did]
    assert deeds[-4:] == [
        "save view",
        "rename view",
        "unshare view",
        "delete view",
    ]


def test_who_may_not_share_keeps_it_to_herself(site: Site) -> None:
    anna, bo = site.visitor("contributor"), site.visitor("viewer")
    anna.send("/views", name="Mine", address=MEASURE, shared="yes")
    assert anna.twin("/views")["mine"][0]["shared"] is False
    assert bo.twin("/views")["shared"] == []
    assert anna.send(f"/views/{anna.twin('/views')['mine'][0]['id']}/share", do="share")[0] == 403


def test_an_address_that_leads_elsewhere_is_not_saved(site: Site) -> None:
    anna = site.visitor("analyst")
    for address in ("https://evil.example", "//evil.example", "javascript:alert(1)", "/people", f"{MEASURE}?markt=NO"):
        assert anna.send("/views", name="x", address=address)[0] == 422
    assert anna.twin("/views") == {"mine": [], "shared": []}


# ── definitions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_definitions_tell_owner_sources_and_answers_within_the_scope(site: Site) -> None:
    (line,) = [m for m in site.visitor("viewer").twin("/definitions")["measures"] if m["owner"] != "Gensvar"]
    assert (line["owner"], line["asked_by"], line["answers"]) == ("anna.berg", ["survey"], "240")
    assert site.visitor("viewer", NORWAY).twin("/definitions")["measures"][0]["answers"] == "120"
    one = site.visitor("viewer", NORWAY).twin("/definitions/csat.delivery")
    assert (one["versions"][0]["answers"], one["versions"][0]["feeds"][0]["source"]) == ("120", "survey")


def test_the_definition_stands_beside_the_number(site: Site) -> None:
    viewer = site.visitor("viewer")
    assert '<a href="/definitions/csat.delivery">Definition, version 1</a>' in viewer.get(MEASURE)
    assert viewer.get("/definitions/csat.delivery")
    assert viewer.answers[-1] == 200
    assert "Did you mean" in viewer.get("/definitions/csat.delivry")
    assert viewer.answers[-1] == 404


def test_one_proposes_and_the_owner_decides(site: Site) -> None:
    bo, owner, here = site.visitor("contributor"), site.visitor("owner"), "/definitions/csat.delivery"
    form = {"wording.en": "How was the delivery?", "wording.sv": "Hur var leveransen?", "cut": "5", "why": "plainer words"}
    assert bo.send(f"{here}/proposals", here, **form) == (303, here)
    (proposal,) = bo.twin(here)["proposals"]
    assert [c[0] for c in proposal["changes"]] == ["wording, Svenska", "wording, English", "cut"]
    assert bo.send(f"/proposals/{proposal['id']}/settle", here, do="approve")[0] == 403
    assert "one proposal waits" in owner.get("/definitions")
    assert owner.send(f"/proposals/{proposal['id']}/settle", here, do="decline")[0] == 422, "declining takes a reason"
    assert owner.send(f"/proposals/{proposal['id']}/settle", here, do="approve", reason="good") == (303, here)
    page = bo.twin(here)
    assert [v["version"] for v in page["versions"]] == [2, 1]
    assert page["versions"][0]["feeds"] == []
    assert (page["proposals"][0]["state"], page["proposals"][0]["reason"]) == ("approved", "good")
    assert "Its contract must name csat.delivery@2" in bo.get(here)
    assert owner.send(f"/proposals/{proposal['id']}/settle", here, do="approve")[0] == 409


@pytest.mark.parametrize(
    ("form", "status"),
    [({"cut": "five"}, 422), ({"from_day": "soon"}, 422), ({"low": "9"}, 422), ({"owner": "anna.berg"}, 422), ({"high": "1e99", "low": "0"}, 422)],
)
def test_a_proposal_that_cannot_be_is_refused_and_says_why(site: Site, form: dict[str, str], status: int) -> None:
    bo, here = site.visitor("contributor"), "/definitions/csat.delivery"
    assert bo.send(f"{here}/proposals", here, why="because", **form)[0] == status
    assert site.house.ledger.proposals.all() == []


def test_remarks_are_the_owners(site: Site) -> None:
    bo, owner, here = site.visitor("analyst"), site.visitor("owner"), "/definitions/csat.delivery"
    assert bo.send(f"{here}/remarks", here, text="x")[0] == 403
    assert owner.send(f"{here}/remarks", here, text="Norway was not asked in July") == (303, here)
    assert "Norway was not asked in July" in bo.get(here)
    number = owner.twin(here)["remarks"][0]["id"]
    assert owner.send(f"/remarks/{number}/remove", here) == (303, here)
    assert owner.twin(here)["remarks"] == []


def test_a_dimension_tells_what_it_holds_within_the_scope(site: Site) -> None:
    def markets(visitor: Visitor) -> list[str]:
        found = {d["name"]: d for d in visitor.twin("/definitions")["dimensions"]}
        return sorted(found["market"]["values"])

    assert markets(site.visitor("viewer")) == ["Norway", "Sweden"]
    assert markets(site.visitor("viewer", NORWAY)) == ["Norway"]


def test_kinds_are_told_in_the_words_of_each_source(site: Site) -> None:
    kinds = {k["name"]: k for k in site.visitor("viewer").twin("/definitions")["kinds"]}
    assert [local["source"] for local in kinds["survey"]["local"]] == ["survey"]
    assert kinds["complaint"]["says"].startswith("Something went wrong")


# ── steps, loop, settings, glossary ──────────────────────────────────────────────────────────────────────────────────


def test_steps_are_for_those_who_can_take_them_and_can_be_put_away(site: Site) -> None:
    owner, other, viewer = site.visitor("owner"), site.visitor("owner"), site.visitor("viewer")
    assert "Customer feedback and support" in owner.get("/")
    assert [s["id"] for s in owner.twin("/")["steps"]] == ["voices", "worth", "inside", "owners", "aside"]
    assert "Next steps" not in viewer.get("/")
    assert owner.send("/steps/away") == (303, "/")
    assert "Next steps" not in owner.get("/")
    assert "Next steps" in other.get("/"), "put away for one is not put away for all"


def test_the_loop_is_told_to_those_who_see_sources(site: Site) -> None:
    lines = [line for line, _ in site.visitor("analyst").twin("/")["loop"]["lines"]]
    assert lines[0].endswith("are set aside.")
    assert "Every measure has an owner." in lines
    assert site.visitor("viewer").twin("/")["loop"] is None


def test_settings_say_what_is_in_force_and_no_secret(site: Site) -> None:
    page = site.visitor("auditor").twin("/settings")
    shown = {s["name"]: s for s in page["settings"]}
    assert (shown["memory_mb"]["value"], shown["memory_mb"]["origin"]) == ("512", "given when it was started")
    assert shown["rate"]["origin"] == "as it comes"
    assert page["anonymous"] == [["Employees", 5]]
    assert {h["state"] for h in page["health"]} <= {"fine", "notice"}
    viewer = site.visitor("viewer")
    viewer.get("/settings")
    assert viewer.answers == [403]


def test_every_page_stands_in_every_language(site: Site) -> None:
    admin = site.visitor("administrator")
    for address in ("/views", "/definitions", "/definitions/csat.delivery", "/glossary", "/settings", "/measures", MEASURE, "/"):
        for language in ("sv", "nb", "da", "fi", "en"):
            assert f'<html lang="{language}">' in admin.get(f"{address}?lang={language}"), address
    assert set(admin.answers) == {200}


def test_the_glossary_is_open_to_everybody(site: Site) -> None:
    answer = site.client.get("/glossary", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert 'id="interval"' in answer.text
