"""Input files that are cut off, renamed or corrupt: what was good is in, the rest is listed with line and reason."""

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import xlsxwriter

from gensvar import flow
from gensvar.house import House
from gensvar.kit.errors import BadInput, GensvarError
from tests.houses import HEADER

pytestmark = pytest.mark.faults
COUNT = 200
NAMES = HEADER.strip().split(",")


def rows() -> list[list[str]]:
    return [[str(i), f"2026-09-{1 + i % 28:02d}T10:00", f"p{i}@example.com", "SE", str(1 + i % 5), f'sade "{i}", å'] for i in range(COUNT)]


def as_csv(path: Path) -> None:
    quoted = ('{},{},{},{},{},"{}"'.format(*r[:5], r[5].replace('"', '""')) for r in rows())
    path.write_text(HEADER + "".join(f"{line}\n" for line in quoted), "utf-8")


def as_tsv(path: Path) -> None:
    path.write_text("\t".join(NAMES) + "\n" + "".join("\t".join(r).replace('"', "") + "\n" for r in rows()), "utf-16")


def as_json(path: Path) -> None:
    path.write_text(json.dumps([dict(zip(NAMES, r, strict=True)) for r in rows()]), "utf-8")


def as_jsonl(path: Path) -> None:
    path.write_text("".join(json.dumps(dict(zip(NAMES, r, strict=True))) + "\n" for r in rows()), "utf-8")


def as_parquet(path: Path) -> None:
    pq.write_table(pa.table({n: [r[i] for r in rows()] for i, n in enumerate(NAMES)}), path)


def as_xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([NAMES, *rows()]):
            sheet.write_row(at, 0, row)


def as_sav(path: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame(rows(), columns=NAMES), str(path))


FORMS: dict[str, Callable[[Path], None]] = {
    "csv": as_csv, "tsv": as_tsv, "json": as_json, "jsonl": as_jsonl, "parquet": as_parquet, "xlsx": as_xlsx, "sav": as_sav,
}  # fmt: skip
BY_LINE = {"csv", "tsv", "json", "jsonl"}


def tried(house: House, path: Path) -> flow.Receipt | GensvarError:
    """What an import of a damaged file comes to; anything unforeseen fails the test."""
    try:
        return flow.import_file(house, path, "survey")
    except GensvarError as refused:
        return refused


def records(house: House) -> set[str]:
    return {r["record"] for r in house.engine.run(house.engine.table("feedback")).to_pylist()}


@pytest.mark.parametrize("form", FORMS)
def test_a_whole_file_goes_in(empty_house: House, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"survey.{form}"
    FORMS[form](path)
    receipt = flow.import_file(empty_house, path, "survey")
    assert (receipt.read, dict(receipt.set_aside)) == (COUNT, {})
    assert len(records(empty_house)) == COUNT


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.77, 0.99])
@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_cut_off(empty_house: House, tmp_path: Path, form: str, share: float) -> None:
    path = tmp_path / f"survey.{form}"
    FORMS[form](path)
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    made = tried(empty_house, path)
    if form in BY_LINE and share > 0.1:
        assert isinstance(made, flow.Receipt)
        good = int(COUNT * share) - 4
        assert {str(i) for i in range(good)} <= records(empty_house), "what was good is in"
        assert records(empty_house) <= {str(i) for i in range(COUNT)}
        assert_accounted(empty_house, made)
    elif isinstance(made, GensvarError):
        assert made.do
        assert len(records(empty_house)) == 0
    assert empty_house.ledger.imports.last("survey") is None or empty_house.ledger.imports.last("survey").state in {"done", "failed"}  # type: ignore[union-attr]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("form", FORMS)
def test_a_file_with_flipped_bytes(empty_house: House, tmp_path: Path, form: str, seed: int) -> None:
    path, chance = tmp_path / f"survey.{form}", random.Random(seed)
    FORMS[form](path)
    raw = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 5, 40])):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    path.write_bytes(raw)
    made = tried(empty_house, path)
    if isinstance(made, flow.Receipt):
        assert_accounted(empty_house, made)


def assert_accounted(house: House, receipt: flow.Receipt) -> None:
    """Every row that was read is in, or set aside with its line and reason."""
    asides = [house.ledger.set_aside.get(number).row for number in flow.open_ids(house, None, None)]
    assert all(a.reason and a.message for a in asides)
    seen = len(records(house)) + len({a.line for a in asides if not a.item and a.reason != "bad_email"})
    assert seen >= receipt.read - receipt.unchanged
    assert sum(receipt.set_aside.values()) >= len(asides)


WRONG: dict[str, Callable[[Path], Any]] = {
    "gzip called csv": lambda p: p.write_bytes(gzip.compress(b"id,answered\n1,2\n")),
    "xlsx called csv": as_xlsx, "parquet called csv": as_parquet, "sav called csv": as_sav,
    "an image": lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    "zeros": lambda p: p.write_bytes(b"\x00" * 10_000), "nothing": lambda p: p.write_bytes(b""), "blank lines": lambda p: p.write_text("\n\n\n\n"),
    "only a header": lambda p: p.write_text(HEADER), "a folder": lambda p: p.mkdir(), "HTML": lambda p: p.write_text("<html><body>Login"),
    "noise": lambda p: p.write_bytes(random.Random(1).randbytes(20_000)), "one long line": lambda p: p.write_text("x" * 3_000_000),
    "a PDF": lambda p: p.write_bytes(b"%PDF-1.7\n" + b"1 0 obj << >> endobj\n" * 50),
}  # fmt: skip


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "sav", "json", "gz"])
@pytest.mark.parametrize("kind", WRONG)
def test_a_file_that_is_not_what_it_says(empty_house: House, tmp_path: Path, kind: str, ending: str) -> None:
    path = tmp_path / f"survey.{ending}"
    WRONG[kind](path)
    made = tried(empty_house, path)
    if isinstance(made, GensvarError):
        assert isinstance(made, BadInput), made
    else:
        assert_accounted(empty_house, made)
        assert len(records(empty_house)) <= COUNT


def test_a_quote_that_never_ends_costs_what_stands_in_it_and_is_told(empty_house: House, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    good = "".join(f"{i},2026-09-01T10:00,p{i}@example.com,SE,4,bra\n" for i in range(50))
    path.write_text(HEADER + good + '50,2026-09-01T10:00,x@example.com,SE,4,"never\n' + good.replace(",SE", ",NO"), "utf-8")
    receipt = flow.import_file(empty_house, path, "survey")
    assert {str(i) for i in range(50)} <= records(empty_house)
    assert sum(receipt.set_aside.values()) >= 1
    (aside, *_) = [empty_house.ledger.set_aside.get(n).row for n in flow.open_ids(empty_house, None, None)]
    assert aside.line >= 52
