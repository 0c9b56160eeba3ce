"""Header rows of survey tools: Qualtrics, SurveyMonkey, LimeSurvey, Typeform, and plain tables."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from gensvar.collect.names import filled, joined, plain, tidy, unique
from gensvar.contracts.rows import Header
from gensvar.kit.errors import Unreadable

DIALECTS = ("plain", "qualtrics", "surveymonkey", "typeform", "limesurvey")
IMPORT_ID = re.compile(r'\s*\{\s*"ImportId"')
ZONE = re.compile(r'"timeZone"\s*:\s*"([^"]+)"')
LEGACY = re.compile(r"V\d+")
RESPONDENT = re.compile(r"respond(ent|enten)?[\s_-]*id|vastaaja.*id", re.IGNORECASE)
NO_OPTION = frozenset({"response", "open-ended response", "svar", "öppet svar", "åpent svar", "åbent svar", "vastaus", "antwort"})
LIME = re.compile(
    r"(response|antwort|svar|vastaus)[\s._-]*id|submitdate|date submitted|datum abgeschickt|lastpage|letzte seite|startlanguage|seed", re.IGNORECASE
)
TYPEFORM = re.compile(r"(start|submit) date \(utc\)|network id", re.IGNORECASE)
MARKED = re.compile(r"</?(strong|em|b|i|br)\b[^>]*>|(?<!\*)\*\S[^*]+\*(?!\*)", re.IGNORECASE)
VALUE = re.compile(r"[-+]?\d+([.,]\d+)*%?|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T].*)?|[^@\s]+@[^@\s]+\.\w+")
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Top:
    """rows: how many rows the header takes. headers: one for each column."""

    dialect: str
    rows: int
    headers: tuple[Header, ...]


def find_top(rows: Rows, dialect: str | None = None, header_rows: int | None = None) -> Top:
    """What the first rows say of the columns. dialect, header_rows: where the contract settles them."""
    wide = [list(r) for r in rows]
    usual = Counter(map(len, wide)).most_common(1)[0][0] if wide else 0
    width = max(usual, len(wide[0])) if wide else 0
    cells = [[tidy(c) for c in r[:width]] + [""] * (width - len(r)) for r in wide]
    if not width:
        raise Unreadable("The file has no columns", do="Export it with its header row.")
    spoken = dialect if dialect not in {None, "plain"} else None
    name = spoken or ("plain" if header_rows is not None and dialect else _dialect(cells))
    n = header_rows if header_rows is not None else _depth(name, cells)
    width = max(map(len, wide[:n])) if n else usual
    cells = [row[:width] for row in cells]
    return Top(name, n, _headers(name, cells[:n], cells[n:], width))


def _dialect(cells: Rows) -> str:
    if any(_ids(row) for row in cells[1:3]) or _legacy(cells):
        return "qualtrics"
    first = cells[0]
    if any(RESPONDENT.fullmatch(c) for c in first[:2]) and any(RESPONDENT.fullmatch(c) or "" in first for c in first):
        return "surveymonkey"
    if first[0] == "#" or any(TYPEFORM.fullmatch(c) for c in first) or sum(bool(MARKED.search(c)) for c in first) >= 2:
        return "typeform"
    bracketed = any(c.endswith("]") and "[" in c for c in first)
    return "limesurvey" if _merged(cells) or (bracketed and any(LIME.fullmatch(c) for c in first)) else "plain"


def _ids(row: Sequence[str]) -> bool:
    return any(row) and all(IMPORT_ID.match(c) for c in row if c)


def _legacy(cells: Rows) -> bool:
    return len(cells) > 1 and bool(LEGACY.fullmatch(cells[0][0])) and "ResponseID" in cells[1] and "ResponseSet" in cells[1]


def _merged(cells: Rows) -> bool:
    """A question row with blanks above a row of sub-questions that has none."""
    if len(cells) < 2 or not cells[0][0]:
        return False
    blanks = cells[0].count("")
    return 2 <= blanks <= len(cells[0]) - 2 and blanks >= 0.2 * len(cells[0]) and all(cells[1]) and not any(VALUE.fullmatch(c) for c in cells[1])


def _depth(dialect: str, cells: Rows) -> int:
    if dialect == "qualtrics":
        return next((i + 1 for i, row in enumerate(cells[:4]) if _ids(row)), 2)
    if dialect == "surveymonkey":
        return 2 if len(cells) > 1 and not cells[1][0] and sum(map(bool, cells[1])) > 0.3 * len(cells[1]) else 1
    if dialect == "limesurvey":
        return 2 if _merged(cells) else 1
    return 1 if dialect == "typeform" else _plain_depth(cells)


def _plain_depth(cells: Rows) -> int:
    """0 where the first row is values, 2 or more where titles stand above the header, else 1."""
    said = [c for c in cells[0] if c]
    if said and sum(bool(VALUE.fullmatch(c)) for c in said) >= 0.5 * len(said):
        return 0
    width = len(cells[0])
    for at, row in enumerate(cells[:6]):
        if sum(map(bool, row)) > max(1, 0.5 * width) or width < 3:
            return at + 1
    return 1


def _headers(dialect: str, top: Rows, below: Rows, width: int) -> tuple[Header, ...]:
    if not top:
        return tuple(Header(n) for n in unique([""] * width))
    if dialect == "qualtrics":
        return _qualtrics(top)
    if dialect in {"surveymonkey", "limesurvey"} and len(top) > 1:
        return _two_rows(top[0], top[1])
    if dialect == "surveymonkey":
        return _two_rows(top[0], _only_values(top[0], below))
    names = [plain(c) for c in top[-1]] if dialect == "typeform" else list(top[-1])
    return tuple(Header(n, label) for n, label in zip(unique(names), names, strict=True))


def _qualtrics(top: Rows) -> tuple[Header, ...]:
    labels = [plain(c) for c in top[1]] if len(top) > 1 and not _ids(top[1]) else [""] * len(top[0])
    zones = [z[1] if (z := ZONE.search(c)) else "" for c in next((r for r in top if _ids(r)), [""] * len(top[0]))]
    labels = [f"{label} ({zone})" if zone else label for label, zone in zip(labels, zones, strict=True)]
    names = [s if LEGACY.fullmatch(f) and s else f for f, s in zip_longest(top[0], labels, fillvalue="")]
    return tuple(Header(n, label) for n, label in zip(unique(names), labels, strict=True))


def _two_rows(questions: Sequence[str], options: Sequence[str]) -> tuple[Header, ...]:
    """A question row, blank where the one to its left goes on, and a row of options."""
    asked = [plain(q) for q in filled(questions)]
    told = ["" if o.casefold() in NO_OPTION else plain(o) for o in options]
    names = unique(joined(q, o) for q, o in zip(asked, told, strict=True))
    return tuple(Header(n, f"{q} [{o}]" if o and o != q else q) for n, q, o in zip(names, asked, told, strict=True))


def _only_values(questions: Sequence[str], below: Rows) -> list[str]:
    """For a copy without its second header row: the one value of a multi-select column, else the column's place in its question."""
    options, place = [], 0
    runs = [bool(q) and (i + 1 >= len(questions) or bool(questions[i + 1])) for i, q in enumerate(questions)]
    for i, question in enumerate(questions):
        place = 1 if question else place + 1
        values = {row[i] for row in below if row[i]}
        alone = next(iter(values)) if len(values) == 1 else str(place)
        options.append("" if runs[i] else alone)
    return options
