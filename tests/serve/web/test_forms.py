"""The forms: nothing from another site, nothing twice, and every way from a file to a receipt."""

import re
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from gensvar.kit.errors import NotAllowed
from gensvar.serve.web.guard import COOKIE, Forms
from tests.serve.web.desk import YAML, FakeDesk

CSV = ("tickets.csv", b"ticket_id;stars\nT-1;5\n", "text/csv")


def token(client: TestClient[Litestar]) -> str:
    """The form token, as the page hands it out together with its cookie."""
    found = re.search(r'name="token" value="([0-9a-f]{128})"', client.get("/sources").text)
    assert found
    return found[1]


def uploaded(client: TestClient[Litestar], source: str = "tickets") -> str:
    """The address of the draft for a file just uploaded."""
    sent = client.post("/drafts", data={"token": token(client), "source": source}, files={"file": CSV}, follow_redirects=False)
    assert sent.status_code == 303
    return str(sent.headers["location"])


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver.local"},
    ],
)
def test_a_form_from_another_site_is_refused(client: TestClient[Litestar], desk: FakeDesk, headers: dict[str, str]) -> None:
    sent = client.post("/set-aside/1", data={"token": token(client), "do": "discard"}, headers=headers)
    assert sent.status_code == 403
    assert desk.done == []


def test_an_old_browser_is_known_by_its_origin(client: TestClient[Litestar], desk: FakeDesk) -> None:
    given = {"token": token(client), "do": "discard"}
    del client.headers["sec-fetch-site"]
    assert client.post("/set-aside/1", data=given).status_code == 403, "says nothing of where it comes from"
    assert client.post("/set-aside/1", data=given, headers={"origin": "null"}).status_code == 403
    sent = client.post("/set-aside/1", data=given, headers={"origin": str(client.base_url).rstrip("/")}, follow_redirects=False)
    assert sent.status_code == 303


def test_a_form_needs_its_token_and_its_cookie(client: TestClient[Litestar], desk: FakeDesk) -> None:
    right = token(client)
    assert client.post("/set-aside/1", data={"do": "discard"}).status_code == 403
    assert client.post("/set-aside/1", data={"do": "discard", "token": "0" * 128}).status_code == 403
    client.cookies.delete(COOKIE)
    assert client.post("/set-aside/1", data={"do": "discard", "token": right}).status_code == 403
    assert desk.done == []
    with pytest.raises(NotAllowed):
        Forms().check({"token": Forms().token("one")}, "one")


def test_a_token_belongs_to_one_session_and_is_written_anew_each_time() -> None:
    forms = Forms()
    one, again = forms.token("one"), forms.token("one")
    assert one != again
    forms.check({"token": one}, "one")
    forms.check({"token": again}, "one")
    for bound_to in ("other", ""):
        with pytest.raises(NotAllowed):
            forms.check({"token": one}, bound_to)


def test_from_a_file_to_a_receipt(client: TestClient[Litestar], desk: FakeDesk) -> None:
    draft = uploaded(client)
    page = client.get(draft).text
    assert "2 lines are worth a look" in page
    assert "The first 20 rows, mapped" in page
    assert page.index("party.email") < page.index("created, dmy") < page.index(">ticket_id"), "least sure first"
    address = draft.partition("?")[0]
    looked = client.post(address, data={"token": token(client), "yaml": YAML.replace("\n", "\r\n"), "do": "preview"})
    assert looked.status_code == 200
    assert desk.done == [("preview", "tickets.csv")]
    added = client.post(address, data={"token": token(client), "yaml": YAML, "do": "add"}, follow_redirects=False)
    assert added.headers["location"] == "/imports/j1"
    assert desk.done[1:] == [("add", "tester"), ("import", "helpdesk", CSV[1])]
    running = client.get("/imports/j1").text
    assert 'hx-trigger="every 1s"' in running
    assert "31,000" in running
    assert client.get("/imports/j1.json").json()["part"] == 23
    client.post("/imports/j1/stop", data={"token": token(client)})
    assert desk.jobs["j1"].state == "stopping"
    desk.finish("j1")
    ended = client.get("/imports/j1").text
    assert "every 1s" not in ended
    assert "129,000" in ended
    assert "/set-aside?source=helpdesk&amp;reason=off_scale" in ended


def test_a_contract_with_faults_stays_on_its_page(client: TestClient[Litestar], desk: FakeDesk) -> None:
    address = uploaded(client).partition("?")[0]
    for do in ("preview", "add"):
        page = client.post(address, data={"token": token(client), "yaml": "source: x\n", "do": do})
        assert page.status_code == 422
        assert "record: is missing" in page.text
        assert "source: x" in page.text
    assert desk.done == []


def test_a_file_for_a_source_that_is_there(client: TestClient[Litestar], desk: FakeDesk) -> None:
    sent = client.post("/sources/helpdesk/import", data={"token": token(client)}, files={"file": CSV}, follow_redirects=False)
    assert sent.headers["location"] == "/imports/j1"
    assert desk.done == [("import", "helpdesk", CSV[1])]


def test_a_file_that_is_none(client: TestClient[Litestar]) -> None:
    given = {"token": token(client)}
    assert "No file was chosen" in client.post("/drafts", data=given, files={"other": CSV}).text
    assert "is empty" in client.post("/drafts", data=given, files={"file": ("a.csv", b"", "text/csv")}).text
    sent = client.post("/drafts", data=given, files={"file": ("a.exe", b"MZ", "text/csv")})
    assert sent.status_code == 422
    assert "not what it says it is" in sent.text


def test_a_row_is_repaired_and_sent_through(client: TestClient[Litestar], desk: FakeDesk) -> None:
    given = {"token": token(client), "do": "replay", "raw.stars": "1", "raw.ticket_id": "T-1001", "raw.weight": "3", "raw.note": ""}
    page = client.post("/set-aside/1", data=given)
    assert "1 row was taken in." in page.text
    kind, rows, raw = desk.done[0]
    assert (kind, rows) == ("replay", (1,))
    assert raw == {"ticket_id": "T-1001", "stars": "1", "created": "29.10.2026", "note": None, "weight": 3}
    assert "settled: replayed" in client.get("/set-aside/1").text


def test_a_row_that_is_still_wrong_says_so(client: TestClient[Litestar]) -> None:
    page = client.post("/set-aside/1", data={"token": token(client), "do": "replay", "raw.stars": "12"})
    assert "1 row was set aside again" in page.text


def test_all_of_a_reason_in_parts_and_the_chosen_ones(client: TestClient[Litestar], desk: FakeDesk) -> None:
    given = {"token": token(client), "source": "returns", "reason": "bad_score"}
    page = client.post("/set-aside", data={**given, "do": "replay_all"})
    assert "65 rows were set aside again" in page.text
    assert len(desk.done[0][1]) == 65
    page = client.post("/set-aside", data={**given, "do": "discard", "row": ["10", "11"]})
    assert "2 rows were discarded." in page.text
    assert desk.done[1] == ("discard", (10, 11))
    assert "No row was chosen" in client.post("/set-aside", data={**given, "do": "replay"}).text


def test_a_page_of_rows_leads_to_the_next(client: TestClient[Litestar]) -> None:
    first = client.get("/set-aside.json?source=returns").json()
    second = client.get(f"/set-aside.json?source=returns&after={first['next_after']}").json()
    assert (len(first["rows"]), len(second["rows"]), second["next_after"]) == (50, 15, None)


def test_a_body_too_large_is_refused(client: TestClient[Litestar], tmp_path: Path) -> None:
    sent = client.post("/set-aside/1", data={"token": token(client), "raw.note": "x" * (33 << 20)})
    assert sent.status_code == 413
