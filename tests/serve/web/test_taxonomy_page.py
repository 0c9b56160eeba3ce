"""The editor of topics: a change is shown on a sample, put in force where it is sent again, and can be gone back from."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.ledger import Job
from gensvar.serve import working
from gensvar.serve.desks.taxonomy import READING_AGAIN, rerun
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


def test_texts_are_read_again_on_asking_with_a_record_of_how_far_that_is(owner: Visitor) -> None:
    house = owner.house
    assert "60 texts are still to be read again." in owner.page("/taxonomy")
    assert owner.send("/taxonomy/read-again", "/taxonomy") == (303, "/taxonomy")
    assert 'hx-trigger="every 1s"' in owner.page("/taxonomy")
    assert owner.send("/taxonomy/read-again", "/taxonomy")[0] == 409
    seen = []

    def run(job: Job, told: Told) -> dict[str, int]:
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


def test_who_sees_a_part_is_told_that_texts_are_read_and_not_how_many(site: Site) -> None:
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
