"""Rows and whole files that no honest export holds, through `import`: read or set aside; neighbours go in; all is counted."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from gensvar import flow
from gensvar.flow import Receipt
from gensvar.house import House
from gensvar.kit.errors import GensvarError
from tests.faults.test_files import tried
from tests.houses import HEADER

LEFT, RIGHT = "left,2026-09-01T10:00,l@example.com,SE,5,Bra\n", "right,2026-09-01T10:00,r@example.com,SE,1,Sent\n"
BIG = "å" * 2_000_000
ROWS = {
    "no id": ",2026-09-01T10:00,a@b.se,SE,4,x",
    "blank id": "   ,2026-09-01T10:00,a@b.se,SE,4,x",
    "id of 20,000": "i" * 20_000 + ",2026-09-01T10:00,,SE,4,x",
    "no time": "x,,a@b.se,SE,4,x",
    "time in words": "x,i går,a@b.se,SE,4,x",
    "dmy": "x,10/09/2026,a@b.se,SE,4,x",
    "mdy": "x,09/31/2026,a@b.se,SE,4,x",
    "dotted": "x,10.09.2026,a@b.se,SE,4,x",
    "Excel's day": "x,46275,a@b.se,SE,4,x",
    "year 0": "x,0000-01-01,a@b.se,SE,4,x",
    "year 9999": "x,9999-12-31,,SE,4,x",
    "year 20266": "x,20266-01-01,,SE,4,x",
    "the hour that is not": "x,2026-03-29T02:30,,SE,4,x",
    "the hour twice": "x,2026-10-25T02:30,,SE,4,x",
    "comma score": 'x,2026-09-01T10:00,,SE,"4,0",x',
    "NaN": "x,2026-09-01T10:00,,SE,NaN,x",
    "infinity": "x,2026-09-01T10:00,,SE,inf,x",
    "1e400": "x,2026-09-01T10:00,,SE,1e400,x",
    "off the scale": "x,2026-09-01T10:00,,SE,6,x",
    "minus": "x,2026-09-01T10:00,,SE,-5,x",
    "formula as score": "x,2026-09-01T10:00,,SE,=2+2,x",
    "error value": "x,2026-09-01T10:00,,SE,#REF!,x",
    "too few cells": "x,2026-09-01T10:00",
    "too many cells": "x,2026-09-01T10:00,,SE,4,x,more,and,more",
    "one cell": "x",
    "only commas": ",,,,,",
    "a text of 2 million": f"x,2026-09-01T10:00,,SE,4,{BIG}",
    "a market of 2 million": f"x,2026-09-01T10:00,,{BIG},4,x",
    "an e-mail of 2 million": f"x,2026-09-01T10:00,{BIG},SE,4,x",
    "control characters": "x,2026-09-01T10:00,,SE,4,a\x01\x07\x1bb",
    "null byte": "x,2026-09-01T10:00,,SE,4,a\x00b",
    "null byte in the id": "x\x00,2026-09-01T10:00,,SE,4,a",
    "emoji": "x,2026-09-01T10:00,,SE,4,👩‍👩‍👧‍👦",
    "right to left": "x,2026-09-01T10:00,,SE,4,\u202eمرحبا",
    "line separators": "x,2026-09-01T10:00,,SE,4,a\u2028b\x85c\x0bd",
    "open quote": 'x,2026-09-01T10:00,,SE,4,"open',
    "quote in the middle": 'x,2026-09-01T10:00,,SE,4,a"b"c',
    "quoted newline": 'x,2026-09-01T10:00,,SE,4,"a\nb\r\nc"',
    "SQL": "x'); DROP TABLE feedback;--,2026-09-01T10:00,' OR 1=1,SE,4,'; DELETE FROM daily;--",
    "script": "x,2026-09-01T10:00,,<script>alert(1)</script>,4,<img onerror=alert(1)>",
    "formula as text": 'x,2026-09-01T10:00,,SE,4,"=HYPERLINK(""http://x"")"',
    "the left one again, other": "left,2026-09-01T10:00,l@example.com,SE,2,Annat",
    "the left one again, same": LEFT.strip(),
    "twin in unicode": "le\u0301ft,2026-09-01T10:00,,SE,4,x\nl\u00e9ft,2026-09-01T10:00,,SE,5,y",
    "the header again": HEADER.strip(),
    "a total": "Total,,,,3.5,",
    "separator line": "-----,-----,-----,-----,-----,-----",
    "byte order mark": "\ufeffx,2026-09-01T10:00,,SE,4,x",
    "half a surrogate": "x,2026-09-01T10:00,,SE,4,\\ud800",
}


def accounted(house: House, receipt: Receipt, path: Path) -> set[str]:
    """Whatever was read is in, unchanged, or set aside with a reason; the records that are in."""
    found = {r["record"] for r in house.engine.run(house.engine.table("feedback")).to_pylist()}
    asides = [house.ledger.set_aside.get(n).row for n in flow.open_ids(house, None, None)]
    assert all(a.reason and a.message and a.line for a in asides)
    assert len(found) + len({a.line for a in asides}) + receipt.unchanged >= receipt.read
    last = house.ledger.imports.last("survey")
    assert last
    assert (last.state, last.receipt) == ("done", receipt.as_json())
    return found


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("alone", [False, True])
def test_a_bad_row_costs_no_neighbour_and_is_accounted_for(empty_house: House, tmp_path: Path, kind: str, alone: bool) -> None:
    path = tmp_path / "survey.csv"
    text = HEADER + ("" if alone else LEFT + RIGHT) + ROWS[kind] + "\n"
    path.write_text(text, "utf-8", newline="")
    found = accounted(empty_house, flow.import_file(empty_house, path, "survey"), path)
    assert alone or {"left", "right"} <= found
    flow.recount(empty_house)


HEADS = {
    "10,000 columns": ",".join([HEADER.strip(), *(f"c{i}" for i in range(10_000))]),
    "a column of 100,000": HEADER.strip() + "," + "h" * 100_000,
    "the same column twice": HEADER.strip() + ",stars",
    "columns without names": HEADER.strip() + ",,,",
    "a column with SQL": HEADER.strip() + ',"x\') FROM feedback; --"',
    "a column with a script": HEADER.strip() + ",<script>alert(1)</script>",
    "another order": "comment,stars,country,mail,answered,id",
    "capitals": HEADER.strip().upper(),
    "spaces": HEADER.strip().replace(",", " , "),
    "no id column": "answered,mail,country,stars,comment",
    "no header": LEFT.strip(),
    "a mark before it": "\ufeff" + HEADER.strip(),
    "numbers": "1,2,3,4,5,6",
    "emoji": "🆔,🕐,📧,🏳,⭐,💬",
    "attrs' own prefix": HEADER.strip() + ",unread.language",
    "row": HEADER.strip() + ",_row,id_,source,record",
}


@pytest.mark.parametrize("kind", HEADS)
def test_a_strange_header_is_read_or_refused_in_words(empty_house: House, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "survey.csv"
    width = HEADS[kind].count(",") - 5
    path.write_text(HEADS[kind] + "\n" + (LEFT.strip() + "," * width + "\n") + (RIGHT.strip() + "," * width + "\n"), "utf-8")
    made = tried(empty_house, path)
    if isinstance(made, GensvarError):
        assert made.exit_code == 2, made
        assert made.do or made.faults
        return
    assert made.accepted + sum(made.set_aside.values()) >= 2


def test_a_zip_bomb_in_a_workbook_is_refused_before_it_fills_the_memory(empty_house: House, tmp_path: Path) -> None:
    small, bomb = tmp_path / "small.xlsx", tmp_path / "survey.xlsx"
    with xlsxwriter.Workbook(small) as book:
        book.add_worksheet().write_row(0, 0, HEADER.strip().split(","))
    with zipfile.ZipFile(small) as read, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        for name in read.namelist():
            if name.endswith("sheet1.xml"):
                with out.open(name, "w", force_zip64=True) as sheet:
                    sheet.write(b'<?xml version="1.0"?><worksheet><sheetData>')
                    for _ in range(600):
                        sheet.write(b" " * 1_000_000)
            else:
                out.writestr(name, read.read(name))
    assert bomb.stat().st_size < 5_000_000
    with pytest.raises(GensvarError) as refused:
        flow.import_file(empty_house, bomb, "survey")
    assert refused.value.exit_code == 2


def test_entities_in_a_workbook_are_not_followed(empty_house: House, tmp_path: Path) -> None:
    path = tmp_path / "survey.xlsx"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><workbook>&b;</workbook>')
    with pytest.raises(GensvarError):
        flow.import_file(empty_house, path, "survey")


@pytest.mark.parametrize(
    "name", ["-rf.csv", "a b;c.csv", "å ö.csv", "a'b\"c.csv", "%00.csv", "x" * 200 + ".csv", "[1].csv", "*.csv", "$(id).csv", "a\nb.csv"]
)
def test_a_strange_file_name_is_only_a_name(empty_house: House, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(HEADER + LEFT + RIGHT, "utf-8")
    assert flow.import_file(empty_house, path, "survey").accepted == 4


def test_what_is_exported_is_no_formula_anywhere(empty_house: House, tmp_path: Path) -> None:
    from gensvar.keep import export

    path = tmp_path / "survey.csv"
    evil = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1")
    path.write_text(HEADER + "".join(f'"r{i}","2026-09-01T10:00",,"{e}",4,"{e}"\n' for i, e in enumerate(evil)), "utf-8", newline="")
    flow.import_file(empty_house, path, "survey")
    export(empty_house, tmp_path / "open", "csv", ("feedback",))
    import csv

    with (tmp_path / "open" / "feedback.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [c for c in cells if c.startswith(("=", "+", "@", "\t", "\r")) or (c.startswith("-") and not c[1:].replace(".", "").isdigit())]
