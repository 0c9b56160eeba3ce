"""The page about security says what is so: each requirement has its row, each test that it names is there, its numbers are those of the code."""

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pytest

from gensvar.collect import excel
from gensvar.contracts import CUBES, TABLES
from gensvar.kit.settings import SETTINGS
from gensvar.ledger.tables import LEDGER
from gensvar.serve import envelope
from gensvar.serve.api.ingest import MOST_ITEMS
from gensvar.serve.people.lockout import ACCOUNT, ADDRESS
from gensvar.serve.people.passwords import LEAST, MOST
from gensvar.serve.web import live
from gensvar.serve.web.account_page import HOWS
from tests.docs.page import DOCS

ROOT = DOCS.parent
SOURCE = ROOT / "src" / "gensvar"
PAGE = (DOCS / "explanation" / "security.md").read_text("utf-8")
PROSE, TABLE = PAGE.split("## OWASP ASVS 5.0.0, levels 1 and 2")
STATES = ("holds", "partly", "does not hold", "not applicable")
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
FIRST_LEVEL = """
1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3 4.1.1 4.4.1
5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2 7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2
8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.1 10.4.2 10.4.3 10.4.4 10.4.5 11.3.1 11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1
14.2.1 14.3.1 15.1.1 15.2.1 15.3.1
"""
BOTH_LEVELS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3
6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4
10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5
14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
"""
"""Section:how many of its requirements, from the first on, are of level 1 or 2; those of level 3 stand at the end of each in version 5.0.0."""


class Row(NamedTuple):
    id: str
    level: str
    asks: str
    state: str
    where: str
    shown: str


ROWS = [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in TABLE.splitlines() if re.match(r"\| \d", line)]


@lru_cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def sources_with(pattern: str) -> set[str]:
    """The files below src/gensvar in which a line matches."""
    return {str(p.relative_to(SOURCE)) for p in SOURCE.rglob("*.py") if re.search(pattern, text_of(p), re.MULTILINE)}


def section(title: str) -> str:
    """What stands below a heading of the prose."""
    return PROSE.split(f"\n## {title}\n")[1].split("\n## ")[0]


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_requirement_of_both_levels_has_its_row() -> None:
    wanted = [f"{part}.{n}" for part, count in (one.split(":") for one in BOTH_LEVELS.split()) for n in range(1, int(count) + 1)]
    assert [row.id for row in ROWS] == wanted
    assert len(wanted) == 246
    assert {row.id for row in ROWS if row.level == "1"} == set(FIRST_LEVEL.split())
    assert {row.level for row in ROWS} == {"1", "2"}


def test_every_row_says_what_and_where() -> None:
    for row in ROWS:
        assert row.state in STATES, row.id
        assert row.asks, row.id
        assert row.where, row.id


def test_each_test_that_is_named_is_there() -> None:
    for row in ROWS:
        for file, name in NAMED.findall(row.shown):
            path = ROOT / "tests" / file
            assert path.is_file(), f"{row.id}: no {path}"
            assert re.search(rf"^(?:async )?def {name}\(", text_of(path), re.MULTILINE), f"{row.id}: no {name} in {path}"


def test_what_holds_is_shown_by_a_test() -> None:
    unshown = [row.id for row in ROWS if row.state == "holds" and not NAMED.findall(row.shown)]
    assert not unshown, f"these are said to hold, and no test shows it: {unshown}"


def test_the_counts_that_are_said_are_those_of_the_table() -> None:
    n = Counter(row.state for row in ROWS)
    said = (
        f"Of the {len(ROWS)} requirements, {n['holds']} hold, {n['partly']} hold in part, {n['does not hold']} do not hold, "
        f"and {n['not applicable']} do not apply."
    )
    assert said in " ".join(TABLE.split())


def test_what_does_not_hold_is_said_above_the_table() -> None:
    told = set(re.findall(r"\b\d{1,2}\.\d\.\d{1,2}\b", section("What does not hold, and why")))
    assert told == {row.id for row in ROWS if row.state in {"partly", "does not hold"}}


def test_places_that_are_named_are_there() -> None:
    for place in re.findall(r"`((?:\w+/)+\w+\.py|(?:flow|keep)\.py)`", PROSE):
        assert (SOURCE / place).is_file(), place


# ── what is said above it ────────────────────────────────────────────────────────────────────────────────────────────


def test_limits_that_are_said_are_those_in_the_code() -> None:
    default = {s.name: f"{int(s.default):,}" for s in SETTINGS if s.default.isdigit()}
    limits, signing, sessions = section("Limits"), section("Signing in"), section("Sessions")
    for said in (
        f"{default['max_body_mb']} MB (`max_body_mb`), {MOST_ITEMS:,} items",
        f"{default['max_upload_mb']} MB (`max_upload_mb`)",
        f"{excel.MOST_BYTES >> 30} GiB unpacked, {excel.MOST_RATIO} times its size, {excel.MOST_PARTS:,} parts",
        f"{excel.MOST_SHEET_CELLS // 10**6} million cells",
        f"{envelope.AT_ONCE} requests in hand, {envelope.WAITING} waiting",
        f"{default['rate']} signals a second",
        f"{live.MOST_OF_ONE} streams of one session, {live.MOST:,} in all",
        f"{ACCOUNT.slow} and {ACCOUNT.locked} wrong tries of an account, {ADDRESS.slow} and {ADDRESS.locked} from an address",
        f"{default['session_idle_hours']} hours unused, {default['session_days']} days in all",
        f"{default['memory_mb']} MB, {default['threads']} threads",
    ):
        assert said in limits, said
    assert f"At least {LEAST} characters, at most {MOST}" in signing
    assert f"From one\naddress it is {ADDRESS.slow} and {ADDRESS.locked}" in signing
    assert f"`session_idle_hours` ({default['session_idle_hours']})" in sessions
    assert f"`session_days` ({default['session_days']})" in sessions


@pytest.mark.parametrize(
    "way", ["By password", "Second factor", "By single sign-on", "By a one-time link", "As a guest", "By an API key", "By the owner's token"]
)
def test_every_way_in_is_said(way: str) -> None:
    assert f"- **{way}" in section("Signing in")
    assert set(HOWS) == {"password", "password and code", "single sign-on", "link", "guest"}, "a way in that the page does not know"


def test_every_use_of_cryptography_is_in_the_inventory() -> None:
    """A file that reaches for hashes, ciphers or signatures is named, with what for."""
    used = sources_with(r"^\s*(?:import|from) (?:hashlib|hmac|cryptography|argon2|joserfc|pyotp|authlib)\b")
    told = set(re.findall(r"`([\w/]+\.py)`", section("Keys, and what is sealed")))
    assert used == told
    assert not sources_with(r"\b(?:md5|sha1|DES|ARC4|ECB|CBC|PKCS1v15)\b"), "not in a new design"


def test_only_what_is_said_reaches_the_network() -> None:
    reaches = sources_with(r"^\s*(?:import|from) (?:httpx|socket|urllib\.request|http\.client|smtplib|grpc|ftplib|requests|aiohttp|websockets)\b")
    assert reaches == set(re.findall(r"`([\w/]+\.py)`", section("What it talks to")))


def test_every_table_is_classed() -> None:
    told = section("What is kept, and how")
    for name in (*LEDGER.tables, "feedback", "events", "parties", "mentions"):
        assert f"`{name}`" in told, name
    assert {"feedback", "events", "parties", "mentions"} == {t for t in TABLES if t not in {cube.name for cube in CUBES}}, (
        "a table that is not classed"
    )


def test_every_log_is_said() -> None:
    loggers = {name for p in SOURCE.rglob("*.py") for name in re.findall(r'getLogger\("([\w.]+)"\)', text_of(p))} - {"gensvar"}
    by_module = {f"gensvar.{path[:-3].replace('/', '.')}" for path in sources_with(r"getLogger\(__name__\)")}
    told = section("What is written down")
    assert all(f"`{name}`" in told for name in loggers | by_module)


def test_browsers_store_a_switch_and_nothing_else() -> None:
    static = SOURCE / "serve" / "web" / "static"
    keeps = {p.name for p in static.rglob("*.js") if re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open", text_of(p))}
    assert keeps <= {"keys.js"}
    stored = re.findall(r"localStorage\.setItem\((\w+), (\w+)\)", text_of(static / "keys.js"))
    assert stored == [("OFF", "value")]
