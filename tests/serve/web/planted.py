"""A house in which every field that a respondent, a file or a colleague can fill tries to become a part of the page."""

import csv
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

from gensvar import flow
from gensvar.contracts.contract import AnswerRule, Contract, Moment, People, Value
from gensvar.contracts.contract_yaml import write_contract
from gensvar.contracts.measures import Measure
from gensvar.house import House
from gensvar.kit.scope import whole
from gensvar.serve.desks.voice_query import read_voices
from gensvar.serve.desks.voices import voices

MARK = "xss7357"
EVIL = (
    f"<img src=x onerror=alert(7357) class={MARK}>",
    f'"><script class={MARK}>alert(7357)</script>',
    f"</script><svg class={MARK} onload=alert(7357)>",
    f"' onfocus='alert(7357)' autofocus class='{MARK}",
    "javascript:alert(7357)",
    "{{ 7 * 7 }}${7*7}#{7*7}",
    "\u2028</style><b>]]>--><!--",
)
ROWS = 260
COLUMNS = (
    "id",
    "day",
    "mail",
    "market",
    "segment",
    "channel",
    "unit",
    "product",
    "type",
    "stars",
    "choice",
    "comment",
    "lang",
    f"x{EVIL[0]}",
    f"{EVIL[1]}",
)


def evil(n: int) -> str:
    return EVIL[n % len(EVIL)]


def contract() -> Contract:
    """Every shared dimension straight from a column, so that its values are whatever the file says."""
    return Contract(
        source="planted", version=1, owner=EVIL[0], purpose=EVIL[1], record=("id",), at=Moment(column="day"), kind=Value(column="type"),
        party=People(email="mail"), language=Value(column="lang"),
        dimensions={d: Value(column=d) for d in ("market", "segment", "channel", "unit", "product")},
        answers=(
            AnswerRule(item=Value(always="why"), text="comment", choice=Value(column="choice")),
            AnswerRule(item=Value(always=EVIL[2][:60]), measure=Value(always="csat.planted@1"), score="stars"),
        ),
        measures=(
            Measure(
                id="csat.planted", version=1, metric="csat", low=1, high=5, cut=4, owner=EVIL[0], name={"en": EVIL[2]}, wording={"en": EVIL[0]},
                note=EVIL[1],
            ),
        ),
    )  # fmt: skip


def planted(house: House, folder: Path) -> None:
    """Takes the file in, and a colleague's own words beside it: an annotation and a saved view."""
    file = folder / f"plant{EVIL[0].replace('/', '')}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows(_row(n) for n in range(ROWS))
        writer.writerow([f"bad{EVIL[0]}", "2026-10-01", "x@example.org", evil(0), "", "", "", "", "", EVIL[1], "", "", "sv", "", ""])
    flow.add_source(house, write_contract(contract()), EVIL[0])
    flow.import_file(house, file, "planted")
    flow.recount(house)
    house.ledger.annotations.add(house.today(), EVIL[1], "csat.planted", {}, EVIL[0])
    house.ledger.audit.append(EVIL[0], EVIL[1], EVIL[2], {EVIL[1]: EVIL[0]})


def _row(n: int) -> list[str]:
    day = f"2026-{8 + n % 3:02d}-{1 + n % 13:02d}"
    return [
        f"r{n}{evil(n)}", day, f"p{n % 9}@example.org", evil(n % 3), evil(n), evil(n % 2), evil(n % 3), evil(n + 1), evil(n), str(1 + n % 5),
        evil(n + 2), f"{evil(n)} [phone] {evil(n + 3)}", "sv", evil(n), evil(n + 1),
    ]  # fmt: skip


def addresses(house: House) -> Iterator[str]:
    """Every page on which something of it may stand."""
    rows = voices(house, whole(), read_voices(limit=7, today=house.today())).voices
    yield from (f"/voices/{v.id}" for v in rows)
    yield from (
        "/voices?period=all",
        "/voices?period=all&said=all",
        "/measures",
        "/sources",
        "/sources/planted",
        "/set-aside",
        "/set-aside/1",
        "/audit",
    )
    yield from ("/definitions", "/definitions/csat.planted", "/glossary", "/views", "/settings", "/compare", "/teams", "/report", "/")
    for d in ("market", "segment", "channel", "unit", "product"):
        yield f"/measures/csat.planted?by={d}&period=all"
        yield f"/compare/csat.planted?each={d}&period=all"
    for text in EVIL:
        word = quote(text, safe="")
        yield f"/voices?period=all&q={word}"
        yield f"/voices?period=all&market={quote(word)}"
        yield f"/voices?measure={word}"
        yield f"/measures/csat.planted?market={quote(word)}"
        yield f"/measures/{word}"
        yield f"/voices/{word}"
        yield f"/search?q={word}"
        yield f"/audit?who={word}&text={word}"
        yield f"/set-aside?source={word}"
        yield f"/?market={quote(word)}"
        yield f"/{word}?{word}={word}"


class Markup(HTMLParser):
    """What a browser would make of a page: its elements, and the text of each script."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] == "script" and self.scripts:
            attrs, before = self.scripts[-1]
            self.scripts[-1] = (attrs, before + data)
        self.text += data
