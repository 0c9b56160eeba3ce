"""The audit as pages, API and commands: who may read it, what is found, a broken chain is told, also while a server runs."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from litestar.testing import TestClient

from gensvar.house import House
from gensvar.kit.errors import BadInput, TooLarge
from gensvar.ledger.audit import Done, Wanted
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.desks import audit
from gensvar.serve.seen import Seen
from tests.houses import signed_in
from tests.serve.conftest import HERE

PAGE = {"accept": "text/html"}


@dataclass(frozen=True)
class Book:
    house: House
    client: TestClient  # type: ignore[type-arg]
    reader: dict[str, str]
    seen: Seen

    def rows(self, query: str = "") -> list[str]:
        found = self.client.get(f"/audit.json{query}", headers=self.reader)
        assert found.status_code == 200, found.text
        return [row["what"] for row in found.json()["rows"]]

    def bend(self, sql: str) -> None:
        with self.house.ledger._db.write() as conn:
            conn.exec_driver_sql(sql)


@pytest.fixture
def book(small_house: House) -> Iterator[Book]:
    small_house.ledger.audit.append_many([Done("anna", "see", f"/p{n}", {"market": "NO", "n": n}) for n in range(60)])
    small_house.ledger.audit.append("bo", "change", "=cmd()", {"name": "<b>Åsa</b>"})
    seen = Seen(small_house.ledger.audit, small_house.clock.now)
    access = Access(small_house.settings, small_house.ledger, seen=seen)
    with TestClient(build_app(small_house, access), base_url=HERE) as client:
        yield Book(small_house, client, signed_in(small_house, "auditor"), seen)


def test_rows_stand_newest_first_page_by_page(book: Book) -> None:
    first = book.client.get("/audit.json?who=anna", headers=book.reader).json()
    assert [r["what"] for r in first["rows"]][:2] == ["/p59", "/p58"]
    rest = book.client.get(first["next"].replace("/audit?", "/audit.json?"), headers=book.reader).json()
    assert [r["what"] for r in rest["rows"]] == [f"/p{n}" for n in range(9, -1, -1)]
    assert (rest["next"], rest["newest"]) == ("", "/audit?who=anna")
    assert book.rows("?did=change") == ["=cmd()"]
    assert book.rows("?text=%C3%85sa") == ["=cmd()"]
    assert book.rows("?until=2000-01-01") == []
    assert len(book.rows("?since=2026-10-15&until=2026-10-15&who=anna")) == 50


def test_reading_it_is_written_in_it(book: Book) -> None:
    book.rows("?text=secret&who=anna")
    last = book.house.ledger.audit.page(Wanted(), limit=1)[0]
    assert (last.did, last.what, last.detail) == ("read", "/audit.json", {"text": "…", "who": "anna"})


def test_a_page_shows_it_escaped_with_a_check(book: Book) -> None:
    page = book.client.get("/audit?did=change", headers=book.reader | PAGE).text
    assert "&lt;b&gt;Åsa&lt;/b&gt;" in page
    assert "<b>Åsa" not in page
    token = page.split('name="token" value="')[1].split('"')[0]
    headers, form = book.reader | PAGE | {"origin": HERE}, {"token": token}
    whole = book.client.post("/audit/verify", headers=headers, data=form).text
    assert "/audit/verify.json" not in whole, "what a form answers stands at no address"
    assert "The chain is whole; " in whole
    book.bend("UPDATE audit SET who = 'bo' WHERE id = 7")
    broken = book.client.post("/audit/verify", headers=headers, data=form).text
    assert "The chain is broken at row 7; 7 rows were checked." in broken
    assert 'role="alert"' in broken
    assert book.house.ledger.audit.page(Wanted(did="verify audit"))[0].detail == {"rows": 7, "broken": 7}


def test_it_is_taken_along_without_formulas(book: Book) -> None:
    file = book.client.get("/audit-as/csv?did=change", headers=book.reader)
    assert file.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert lines[0] == ["id", "at", "who", "did", "what", "detail"]
    assert lines[1][2:5] == ["bo", "change", "'=cmd()"]
    assert json.loads(lines[1][5]) == {"name": "<b>Åsa</b>"}
    assert book.house.ledger.audit.page(Wanted(did="export audit"))[0].detail == {"did": "change"}


def test_a_file_has_every_row_or_none(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "AT_ONCE", 7)
    table = audit.table(book.house, "anna", Wanted(who="anna"), told={})
    assert table["what"].to_pylist() == [f"/p{n}" for n in range(59, -1, -1)] or table["what"].to_pylist()[1:] == [
        f"/p{n}" for n in range(59, -1, -1)
    ]
    monkeypatch.setattr(audit, "MOST_TABLE", 20)
    with pytest.raises(TooLarge, match="More than 20 rows"):
        audit.table(book.house, "anna", Wanted(), told={})


@pytest.mark.parametrize("role", ["viewer", "contributor", "analyst", "owner"])
def test_only_who_has_the_right_reads_it(book: Book, role: str) -> None:
    headers = signed_in(book.house, role)
    for path in ("/audit", "/audit.json", "/audit-as/csv", "/v1/audit", "/v1/audit/verify"):
        assert book.client.get(path, headers=headers).status_code == 403
    assert book.client.post("/audit/verify", headers=headers | {"origin": HERE}).status_code == 403


@pytest.mark.parametrize("query", ["since=soon", "since=1800-01-01", "whom=anna", "limit=9", "before=-1", "before=x"])
def test_an_address_that_cannot_be_understood_says_so(book: Book, query: str) -> None:
    assert book.client.get(f"/audit.json?{query}", headers=book.reader).status_code in {404, 422}


def test_days_are_the_readers() -> None:
    found = audit.wanted(since="2026-10-25", until="2026-10-25", zone="Europe/Stockholm")
    assert (str(found.since), str(found.until)) == ("2026-10-24 22:00:00+00:00", "2026-10-25 23:00:00+00:00")
    with pytest.raises(BadInput, match="No day"):
        audit.wanted(until="25/10/2026", zone="Europe/Stockholm")


def test_the_api_gives_the_same(book: Book) -> None:
    found = book.client.get("/v1/audit?who=anna&limit=2", headers=book.reader).json()
    assert [r["what"] for r in found["rows"]] == ["/p59", "/p58"]
    assert book.client.get(f"/v1/audit?who=anna&limit=1&before={found['next']}", headers=book.reader).json()["rows"][0]["what"] == "/p57"
    assert book.client.get("/v1/audit?limit=501", headers=book.reader).status_code == 422
    checked = book.client.get("/v1/audit/verify", headers=book.reader).json()
    assert (checked["whole"], checked["broken"]) == (True, None)
    assert checked["rows"] >= 61
    book.bend("DELETE FROM audit WHERE id = 30")
    assert book.client.get("/v1/audit/verify", headers=book.reader).json() == {"rows": 30, "whole": False, "broken": 30}
