"""The editor of topics: a change is shown on a sample, put in force where it is sent again, and can be gone back from."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import ibis
import msgspec
import pytest

from gensvar import reading
from gensvar.house import House
from gensvar.kit.scope import Scope, whole
from gensvar.ledger import Job
from gensvar.serve import working
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.taxonomy import READING_AGAIN, Change, put_in_force, rerun
from gensvar.serve.working import Told
from tests.flow.test_reading import drawn
from tests.serve.web.visitors import Site, Visitor, site_of, sixty_texts

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
EXAMPLES = "Lång kö i kassan\nStod 20 minuter i kö\nlånga köer hela tiden\nalldeles för få kassor öppna, lång kö"


WORDS = ("Alldeles lång kö i kassan", "Maten var god", "Bra")


@pytest.fixture(scope="module")
def site(long_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    sixty_texts(long_house, tmp_path_factory.mktemp("rows"), WORDS)
    with site_of(long_house) as made:
        yield made


@pytest.fixture
def owner(site: Site) -> Visitor:
    return site.visitor("owner")


def change(owner: Visitor, page: str, **form: str) -> Any:
    return owner.post("/taxonomy/change", owner.page(page), **form)


def test_a_topic_is_shown_on_a_sample_put_in_force_renamed_and_undone(owner: Visitor) -> None:
    topics = owner.house.ledger.taxonomies
    shown = change(owner, "/taxonomy", op="add", name="Queues", examples=EXAMPLES, terms="", parent="", about="customers")
    assert shown.status_code == 200, shown.text
    assert "20 of 60 texts would move." in shown.text
    assert "Queues: 20 more, 0 fewer" in shown.text
    assert topics.current().version == 0, "nothing is changed by looking"

    fields = {**dict(HIDDEN.findall(shown.text)), "do": "apply"}
    assert fields["base"] == "0"
    applied = owner.client.post("/taxonomy/change", data=fields, headers=owner.headers, follow_redirects=False)
    assert (applied.status_code, applied.headers["location"]) == (303, "/taxonomy")
    assert topics.current().topics["queues"].name == {"en": "Queues"}
    assert "added queues" in owner.page("/taxonomy")

    again = owner.client.post("/taxonomy/change", data=fields, headers={**owner.headers, "accept": "text/html"}, follow_redirects=False)
    assert again.status_code == 409, "sent twice, it is done once"

    renamed = change(owner, "/taxonomy/queues", op="rename", topic="queues", name="Lines")
    assert renamed.headers["location"] == "/taxonomy/queues"
    assert "Lines" in owner.page("/taxonomy/queues")

    back = change(owner, "/taxonomy", op="undo", version="0", do="apply")
    assert back.status_code == 303
    assert topics.current().topics["queues"].removed
    assert [s.did for s in topics.history()] == ["undo to version 0", "rename queues", "add queues"]


def left(house: House) -> None:
    """Nothing waits to be read again."""
    waits = house.ledger.jobs.latest(READING_AGAIN.kind)
    if waits is not None:
        house.ledger.jobs.ask_stop(waits.id)


def read_on(house: House) -> None:
    """What waits to be read again is."""
    working.begin(house, READING_AGAIN)
    assert working.work(house, "test", READING_AGAIN, lambda job, told: rerun(house, drawn, told, job.progress))


def test_texts_are_read_again_on_asking_with_a_record_of_how_far_that_is(owner: Visitor) -> None:
    house = owner.house
    left(house)
    assert "60 texts are still to be read again." in owner.page("/taxonomy")
    assert owner.send("/taxonomy/read-again", "/taxonomy") == (303, "/taxonomy")
    assert 'hx-trigger="every 1s"' in owner.page("/taxonomy")
    assert owner.send("/taxonomy/read-again", "/taxonomy")[0] == 409
    seen = []

    def run(job: Job, told: Told) -> Mapping[str, Any]:
        def looked_at(how_far: Mapping[str, Any]) -> bool:
            go_on = told(how_far)
            seen.append(owner.twin("/taxonomy")["again"])
            return go_on

        return rerun(house, drawn, looked_at)

    assert working.work(house, "test", READING_AGAIN, run)
    assert {one["state"] for one in seen} == {"running"}
    assert any("The encoder has looked at" in one["says"] for one in seen)
    done = owner.twin("/taxonomy")
    assert (done["again"]["title"], done["waiting"], done["may_ask"]) == ("60 texts were read again.", "", False)


def test_a_change_has_everything_read_again_and_the_page_says_which_topics_moved(owner: Visitor) -> None:
    read_on(owner.house)
    change(owner, "/taxonomy", op="add", name="Tills", terms="kassan", about="customers", do="apply")
    waits = owner.twin("/taxonomy")["again"]
    assert (waits["state"], waits["by"].partition(",")[0]) == ("waiting", "Begun by Gensvar itself")
    read_on(owner.house)
    shown = owner.twin("/taxonomy")["moved"]
    assert shown["sentence"] == "20 of 60 texts have other topics than before."
    assert shown["topics"]["rows"] == [["Tills", "0", "20", "0", "20"]]
    assert (shown["more"], shown["moves"]) == (None, None), "what only came in left nothing"
    assert shown["notes"] == ["What these wrote is not among them, since they are protected: employees."]
    page = owner.page("/taxonomy")
    assert shown["sentence"] in page
    assert "had it before" in page

    change(owner, "/taxonomy", op="merge", topic="tills", into="sustainability.climate", do="apply")
    read_on(owner.house)
    moved = owner.twin("/taxonomy")["moved"]
    assert [row[0] for row in moved["topics"]["rows"]] == ["Tills", "Sustainability", "Sustainability: Climate"]
    assert moved["moves"]["rows"][0][:2] == ["Tills", "Sustainability"]
    assert {row[0] for row in moved["moves"]["rows"]} == {"Tills"}
    assert sum(int(row[2]) for row in moved["moves"]["rows"]) == 20, "but who spoke of both got no new topic"
    assert moved["by"] == [], "who had them read stands above"
    read_on(owner.house)
    later = owner.twin("/taxonomy")["moved"]
    assert later["by"][0] == f"Version {owner.house.ledger.taxonomies.current().version}"
    assert later == {**moved, "by": later["by"]}, "where nothing waited, nothing is known anew"


def test_what_one_process_left_and_another_went_on_with_is_one_record(owner: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    house = owner.house
    read_on(house)
    monkeypatch.setattr(reading, "AT_ONCE", 20)
    put_in_force(house, "anna", Change("add", name={"en": "Counter"}, terms=["kassan"]))

    def run(job: Job, told: Told) -> Mapping[str, Any]:
        return rerun(house, drawn, told, job.progress)

    assert working.work(house, "one", READING_AGAIN, run, stopping=lambda: reading.unread(house) < 60)
    assert (reading.unread(house), owner.twin("/taxonomy")["again"]["state"]) == (40, "waiting")
    read_on(house)
    shown = owner.twin("/taxonomy")
    assert (shown["again"]["title"], shown["moved"]["sentence"]) == ("60 texts were read again.", "20 of 60 texts have other topics than before.")


def test_texts_that_are_read_alike_are_said_not_to_have_moved(owner: Visitor) -> None:
    read_on(owner.house)
    feedback = owner.house.engine.table("feedback")
    owner.house.engine.merge("feedback", owner.house.engine.run(feedback.filter(feedback.text != "").mutate(enriched_by=ibis.literal("earlier"))))
    read_on(owner.house)
    moved = owner.twin("/taxonomy")["moved"]
    assert (moved["sentence"], moved["topics"]) == ("Nothing moved: all 60 texts that were read again have the topics that they had.", None)


def test_who_may_not_see_small_groups_or_all_rows_is_not_told_what_moved(site: Site) -> None:
    house = site.house
    read_on(house)
    put_in_force(house, "anna", Change("add", name={"en": "Desk"}, terms=["kassan"]))
    read_on(house)
    few, many = (site.visitor("owner", Scope(least={"customer": n})).twin("/taxonomy")["moved"] for n in (21, 20))
    assert (few["sentence"], few["topics"]) == ("Too few texts were read again to say what moved.", None)
    assert many["topics"]["rows"] == [["Desk", "0", "20", "0", "20"]]
    assert site.visitor("owner", Scope({"market": frozenset({"SE"})})).twin("/taxonomy")["moved"] is None
    jobs = msgspec.json.encode(HouseDesk(house, whole()).jobs()).decode()
    assert READING_AGAIN.kind in jobs
    assert "moved" not in jobs, "whoever sees to sources has no part in it"


def test_who_sees_a_part_is_told_that_texts_are_read_and_not_how_many(site: Site) -> None:
    left(site.house)
    part = site.visitor("owner", Scope({"market": frozenset({"NO"})}))
    job = site.house.ledger.jobs.add_alone(READING_AGAIN.kind, {"who": "anna"})
    assert job is not None
    site.house.ledger.jobs.beat(job, "test", {"read": 7, "total": 9, "seen": 9}, 60)
    again = part.twin("/taxonomy")["again"]
    assert (again["state"], again["says"], again["part"]) == ("waiting", "", None)
    site.house.ledger.jobs.finish(job, {"read": 9, "total": 9})
    assert part.twin("/taxonomy")["again"]["title"] == "The texts were read again."


def test_a_change_that_nobody_knows_is_refused_in_words(owner: Visitor) -> None:
    wrong = change(owner, "/taxonomy", op="ad")
    assert wrong.status_code == 422
    assert "No change" in wrong.text
    assert "add" in wrong.text


def test_who_may_not_change_topics_does_not_reach_the_forms(site: Site) -> None:
    analyst = site.visitor("analyst")
    analyst.get("/taxonomy")
    analyst.get("/topics")
    assert analyst.answers == [403, 200]
