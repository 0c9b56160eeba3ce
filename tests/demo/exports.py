"""A second, plain way to read the company's exports, so that the tests of the files do not lean on the code under test."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

from gensvar.demo import Company

ENCODINGS = {"crm_accounts": "cp1252", "calls": "cp1252", "crm_contacts": "utf-8-sig", "pulse": "utf-16"}
DELIMITERS = {"crm_accounts": ";", "crm_contacts": ";", "calls": ";", "delivery": "\t", "pulse": "\t", "terminals": "|", "projects": ";"}
TEXTS = {
    "relationship": ("NPS_WHY",), "delivery": ("comment",), "helpdesk": ("subject", "description", "stars_remark"), "reviews": ("title", "text"),
    "returns": ("Kommentar",), "calls": ("Anteckning",), "in_app": ("ease_comment", "exit_comment"), "pulse": ("Kommentar",),
    "partners": ("Comment",),
}  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class Exports:
    """Rows of each source as dicts."""

    company: Company

    def table(self, name: str) -> list[Row]:
        """A delimited file; header rows beyond the first are left out."""
        text = self.company.file(name).path.read_bytes().decode(ENCODINGS.get(name, "utf-8"))
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=DELIMITERS.get(name, ",")))
        return rows[2:] if name == "relationship" else rows

    def tickets(self) -> list[Row]:
        return [json.loads(line) for line in self.company.file("helpdesk").path.read_text("utf-8").splitlines()]

    def reviews(self) -> list[Row]:
        found: list[Row] = json.loads(self.company.file("reviews").path.read_text("utf-8"))
        return found

    def returns(self) -> list[Row]:
        head, *rows = CalamineWorkbook.from_path(str(self.company.file("returns").path)).get_sheet_by_index(0).to_python()
        return [dict(zip(head, row, strict=True)) for row in rows]

    def events(self) -> pa.Table:
        return pq.read_table(self.company.file("product").path)

    def rows(self, name: str) -> list[Row]:
        """Any source but the events."""
        own = {"helpdesk": self.tickets, "reviews": self.reviews, "returns": self.returns}
        return own[name]() if name in own else self.table(name)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Source and text of everything anybody wrote."""
        for name, columns in TEXTS.items():
            for row in self.rows(name):
                yield from ((name, str(row[c])) for c in columns if row[c])

    def answered(self) -> list[Row]:
        """Rows of the relationship survey by people who answered."""
        return [r for r in self.table("relationship") if r["NPS"]]
