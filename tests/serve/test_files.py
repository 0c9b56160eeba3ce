"""Taking along: answers and the report at their pages, by API and by command; safe to open, within the scope, and written into the audit."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader

from gensvar import flow
from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.ledger.audit import Deed, Wanted
from gensvar.serve.export import FORMS
from gensvar.serve.export.tables import about_parquet
from tests.houses import csv, signed_in
from tests.serve.conftest import Served
from tests.serve.export.test_tables import read_csv, read_xlsx
from tests.serve.test_cli import ROWS, data, failed, ran

__all__ = ["data"]  # the folder that the commands are tried on
PAGE = {"accept": "text/html,application/xhtml+xml"}
NORWAY = Scope(rows={"market": frozenset({"NO"})})


@pytest.fixture
def full(served: Served, tmp_path: Path) -> Served:
    flow.import_file(served.house, csv(tmp_path, *ROWS), "survey")
    flow.recount(served.house)
    return served


def exported(house: House) -> Iterator[Deed]:
    return iter(house.ledger.audit.page(Wanted(did="exported")))


@pytest.mark.parametrize("form", FORMS)
def test_a_page_is_had_as_a_file_at_its_own_address(full: Served, form: str) -> None:
    got = full.client.get(f"/measures/csat.delivery.{form}", params={"by": "market", "period": "2026-09"}, headers=signed_in(full.house))
    assert got.status_code == 200
    assert got.headers["content-type"].removesuffix("; charset=utf-8") == FORMS[form].type
    assert got.headers["content-disposition"] == f'attachment; filename="csat.delivery-by-market-2026-09-01_2026-09-30.{form}"'
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "private, no-store"
    assert len(got.content) > 300


def test_the_file_says_what_the_page_says(full: Served) -> None:
    query = {"by": "market", "period": "2026-09", "against": "none"}
    page = full.client.get("/measures/csat.delivery.json", params=query).json()
    head, *rows = read_csv(full.client.get("/measures/csat.delivery.csv", params=query).content)
    assert {row[head.index("market")] for row in rows} == {"SE", "NO"}
    assert {row[head.index("sentence")] for row in rows} == {note["sentence"] for note in page["notes"]}
    trend = full.client.get("/measures/csat.delivery.csv", params=query | {"part": "trend", "grain": "week"}).content
    head, *rows = read_csv(trend)
    assert len({row[head.index("step")] for row in rows} - {""}) >= 4


@pytest.mark.parametrize(("address", "status", "says"), [
    ("/measures/csat.delivery.cvs", 404, "No form 'cvs'"), ("/measures/csat.delivery.exe", 404, "No form 'exe'"),
    ("/measures/csat.delivry.csv", 404, "No measure 'csat.delivry'"), ("/measures/csat.delivery.csv?part=half", 422, "No part 'half'"),
    ("/measures/csat.delivery.png?mode=drak", 422, "No mode 'drak'"), ("/measures/csat.delivery.csv?marked=NO", 422, "No filter 'marked'"),
    ("/report.pdf?lanugage=sv", 422, "No choice 'lanugage'"), ("/report.pdf?language=xx", 422, "No language 'xx'"),
    ("/report.pdf?measures=csat.delivry", 404, "No measure 'csat.delivry'"), ("/v1/answers.csv?measure=csat.delivry", 404, "No measure"),
    ("/v1/answers.csv?measure=csat.delivery&mode=drak", 422, "No mode"), ("/v1/report.pdf?title=" + "x" * 121, 413, "The title has 121"),
])  # fmt: skip
def test_what_cannot_be_had_is_told_with_the_nearest(full: Served, address: str, status: int, says: str) -> None:
    got = full.client.get(address)
    assert got.status_code == status
    told = got.json()
    assert says in told["detail"]
    assert told.get("do") or told.get("nearest") or "Did you mean" in told["detail"] or "shorter" in told["detail"]


def test_the_api_gives_the_same_files(full: Served) -> None:
    asked = {"measure": "csat.delivery", "by": "market", "period": "2026-09", "language": "sv"}
    answer = full.client.get("/v1/answers", params=asked).json()
    table = pq.read_table(io.BytesIO(full.client.get("/v1/answers.parquet", params=asked).content))
    assert table["sentence"].to_pylist() == [g["sentence"] for g in answer["groups"]]
    assert about_parquet(table.schema)["sentence"] == answer["sentence"]
    book = full.client.get("/v1/answers.xlsx", params=asked)
    assert read_xlsx(book.content)[0][0] == "market"
    assert full.client.get("/v1/answers.png", params=asked).content[:4] == b"\x89PNG"
    light, dark = (full.client.get("/v1/answers.svg", params=asked | {"mode": mode}).text for mode in ("light", "dark"))
    assert light.startswith("<svg")
    assert light != dark


def test_a_report_is_made_on_its_page_and_by_the_api(full: Served) -> None:
    page = full.client.get("/report", headers=PAGE | signed_in(full.house))
    assert page.status_code == 200
    assert "CSAT for delivery" in page.text
    got = full.client.get("/report.pdf", params={"period": "2026-09", "title": "Höstens <rapport>", "language": "sv", "measures": "csat.delivery"})
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"] == 'attachment; filename="gensvar-report-2026-10-15.pdf"'
    pdf = PdfReader(io.BytesIO(got.content))
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Höstens <rapport>"
    assert "csat" not in "".join(pdf.metadata)
    assert full.client.get("/v1/report.pdf", params={"period": "2026-09"}).content.startswith(b"%PDF-")


def test_the_page_of_the_report_remembers_what_was_chosen(full: Served) -> None:
    query = {"measures": "csat.delivery", "title": 'A "quoted" <title>', "comment": "Words", "language": "fi", "period": "last month"}
    value = full.client.get("/report.json", params=query).json()
    assert [m["value"] for m in value["measures"] if m["chosen"]] == ["csat.delivery"]
    assert (value["title"], value["comment"]) == (query["title"], "Words")
    assert [o["value"] for o in value["language"]["options"] if o["chosen"]] == ["fi"]
    text = full.client.get("/report", params=query, headers=PAGE | signed_in(full.house)).text
    assert "A &#34;quoted&#34; &lt;title&gt;" in text


def test_a_file_follows_its_readers_scope(full: Served) -> None:
    hers = signed_in(full.house, "viewer", NORWAY)
    headers = {"authorization": "", **hers}
    head, *rows = read_csv(full.client.get("/measures/csat.delivery.csv", params={"by": "market", "period": "2026-09"}, headers=headers).content)
    assert [row[head.index("market")] for row in rows] == ["NO"]
    assert int(rows[0][head.index("n")]) == 30
    svg = full.client.get("/measures/csat.delivery.svg", params={"by": "market", "period": "2026-09"}, headers=headers).text
    assert "Norway" in svg
    assert "Sweden" not in svg
    pdf = full.client.get("/report.pdf", params={"period": "2026-09", "language": "sv"}, headers=headers).content
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "Norge" in said
    assert "Sverige" not in said


def test_who_may_not_see_answers_takes_none_along(full: Served) -> None:
    for address in ("/measures/csat.delivery.csv", "/report", "/report.pdf", "/v1/answers.csv?measure=csat.delivery", "/v1/report.pdf"):
        assert full.client.get(address, headers={"authorization": "", **signed_in(full.house, "auditor")}).status_code == 403
        assert full.client.get(address, headers={"authorization": ""}).status_code in {401, 403}
    assert not list(exported(full.house))


def test_each_file_is_in_the_audit_before_it_is_sent(full: Served) -> None:
    full.client.get("/measures/csat.delivery.csv", params={"by": "market", "period": "2026-09", "market": "NO"}, headers=signed_in(full.house))
    full.client.get("/v1/answers.xlsx", params={"measure": "csat.delivery"})
    full.client.get("/report.pdf", params={"period": "2026-09", "comment": "between us"})
    deeds = sorted(exported(full.house), key=lambda d: d.id)
    assert [d.what.rsplit(".", 1)[1] for d in deeds] == ["csv", "xlsx", "pdf"]
    assert deeds[0].detail == {"measure": "csat.delivery", "by": "market", "where": "market=NO", "period": "2026-09", "compare": "previous"}
    assert "between us" not in json.dumps([dict(d.detail) for d in deeds])
    full.client.get("/measures/csat.delivery.cvs")
    assert len(list(exported(full.house))) == 3, "what was not given is not noted"


@pytest.mark.parametrize("hostile", ['a"b', "a\r\nX-Evil: 1", "../../x", "ü;filename=y", "%0d%0aX-Evil:1"])
def test_no_filter_gets_into_a_header(full: Served, hostile: str) -> None:
    got = full.client.get("/v1/answers.csv", params={"measure": "csat.delivery", "where": f"channel={hostile}"})
    assert "x-evil" not in got.headers
    name = got.headers.get("content-disposition", "")
    assert name.count('"') in {0, 2}
    assert not set(name) & set("\r\n/\\;") - {";"}


def test_the_measure_page_links_to_its_files(full: Served) -> None:
    text = full.client.get("/measures/csat.delivery", params={"by": "market"}, headers=PAGE | signed_in(full.house)).text
    for form in FORMS:
        assert f"/measures/csat.delivery.{form}?by=market" in text
    assert "/measures/csat.delivery.png?market=SE&amp;part=trend" in text
    assert '"/report?measures=csat.delivery"' in text
    for address in ("/measures/csat.delivery.png?market=SE&part=trend", "/report?measures=csat.delivery"):
        assert full.client.get(address).status_code == 200


def test_the_tables_of_compare_are_a_file_too(full: Served) -> None:
    query = {"rows": "market", "columns": "channel", "period": "2026-09", "against": "rest"}
    page = full.client.get("/compare/csat.delivery.json", params=query).json()
    assert page["save"] == "/compare/csat.delivery.{form}?period=2026-09&against=rest&rows=market&columns=channel"
    head, *rows = read_csv(full.client.get(page["save"].replace("{form}", "csv")).content)
    assert head[:2] == ["market", "channel"]
    assert {(row[0], row[1]) for row in rows} == {("SE", "web"), ("NO", "web")}
    drawn = full.client.get(page["save"].replace("{form}", "svg") + "&lang=sv").text
    assert "mot resten av tabellen" in drawn
    assert full.client.get("/compare/csat.delivery.cvs").status_code == 404
    assert next(d.what for d in exported(full.house)).endswith(".svg")


def test_commands_write_files(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form, begins in (("csv", b"market,"), ("xlsx", b"PK"), ("parquet", b"PAR1"), ("png", b"\x89PNG"), ("svg", b"<svg")):
        out = tmp_path / f"answer.{form}"
        told: dict[str, Any] = ran(capsys, "ask", "csat.delivery", "--by", "market", "--output", out, "--data", data)
        assert out.read_bytes().startswith(begins)
        assert told == {"file": str(out), "bytes": out.stat().st_size}
    board = tmp_path / "board.pdf"
    ran(capsys, "report", "--output", board, "--period", "2026-09", "--language", "sv", "--title", "Hösten", "--data", data)
    assert board.read_bytes().startswith(b"%PDF-")


def test_commands_refuse_what_they_cannot_write(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept.csv"
    kept.write_text("mine", "utf-8")
    code, said = failed(capsys, "ask", "csat.delivery", "--output", kept, "--data", data)
    assert code == 4
    assert "is there already" in said
    assert kept.read_text("utf-8") == "mine"
    code, said = failed(capsys, "ask", "csat.delivery", "--output", tmp_path / "x.pgn", "--data", data)
    assert code == 2
    assert "Did you mean 'png'" in said
    code, said = failed(capsys, "report", "--output", tmp_path / "board.doc", "--data", data)
    assert code == 2
    assert "Did you mean 'pdf'" in said
