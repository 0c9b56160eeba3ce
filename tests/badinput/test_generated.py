"""Input that nobody thought of: requests made from the OpenAPI document, random contracts with random rows. Nothing unforeseen."""

import json
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from httpx import InvalidURL
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from gensvar import flow
from gensvar.house import House
from gensvar.kit.errors import BadInput, Conflict
from tests.badinput.sending import fine
from tests.houses import emptied
from tests.serve.conftest import HERE, Served

OWNERS = {"/v1/backups", "/v1/exports", "/v1/imports"}
BOUNDED = settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
WORD = st.one_of(
    st.sampled_from(["", "5", "4,5", "NaN", "2026-09-01", "01/02/2026", "a@example.com", "+46701234567", "SE", "=1+1", "\x00", "é", "🙂"]),
    st.text(max_size=12),
)
COLUMNS = ("id", "answered", "mail", "country", "stars", "comment", "extra")


def documented(served: Served) -> dict[str, Any]:
    document: dict[str, Any] = served.client.get("/v1/schema/openapi.json").json()
    return document


def cases(document: dict[str, Any], path: str, method: str, count: int) -> list[Any]:
    """Requests made from what the document says of this operation: seeded, half of them against what it says."""
    made: list[Any] = []
    operation = schemathesis.openapi.from_dict(document)[path][method]
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @settings(BOUNDED, max_examples=count)
        @given(case=operation.as_strategy(generation_mode=mode))
        def collect(case: Any) -> None:
            made.append(case)

        with suppress(Unsatisfiable):
            collect()
    return made


def asked(served: Served, case: Any, headers: dict[str, str]) -> Any:
    """The answer to a generated request; one that no HTTP client would send is left out."""
    given = case.as_transport_kwargs(base_url=HERE)
    kept = {k: given[k] for k in ("params", "json", "content") if given.get(k) is not None}
    if isinstance(given.get("data"), bytes | str):
        kept["content"] = given["data"]
    try:
        return served.client.request(given["method"], given["url"], headers=headers | {"content-type": "application/json"}, **kept)
    except (InvalidURL, UnicodeError):
        return None


def test_requests_made_from_the_document_meet_no_fault_of_ours(served: Served) -> None:
    """Every operation but those that write files on this machine; every status is one that the document tells of."""
    document, key, tried = documented(served), served.key("admin"), Counter[str]()
    for path, methods in document["paths"].items():
        for method in methods.keys() & {"get", "post", "delete"}:
            if path in OWNERS and method == "post":
                continue
            told = {int(status) for status in methods[method]["responses"] if status.isdigit()}
            for case in cases(document, path, method.upper(), 10):
                response = asked(served, case, key)
                if response is not None:
                    fine(response)
                    assert response.status_code in told, (method, path, response.status_code, response.text[:300])
                    tried[f"{method} {path}"] += 1
    assert len(tried) >= 18, tried
    assert tried.total() >= 200, tried


JSONS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORD),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORD, inner, max_size=4)),
    max_leaves=12,
)
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "source": st.sampled_from(["survey", "survy", "", None]),
        "record": WORD,
        "item": WORD,
        "score": st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(), WORD),
        "measure": st.sampled_from(["csat.delivery@1", "x@1", "", None, 5]),
        "text": st.one_of(WORD, JSONS),
        "occurred_at": st.one_of(st.datetimes().map(lambda d: d.isoformat() + "Z"), WORD),
        "created_at": st.one_of(st.none(), st.datetimes().map(lambda d: d.isoformat() + "Z")),
        "market": JSONS,
        "party": st.one_of(JSONS, st.dictionaries(st.sampled_from(["email", "phone", "external", "name"]), WORD)),
        "attrs": st.one_of(
            JSONS, st.dictionaries(WORD, st.one_of(WORD, st.booleans(), st.floats(allow_nan=False, allow_infinity=False)), max_size=4)
        ),
        "row": st.one_of(st.none(), st.dictionaries(st.sampled_from(COLUMNS), JSONS, max_size=7)),
        "name": WORD,
    },
)


@pytest.mark.parametrize("path", ["/v1/feedback", "/v1/events"])
def test_any_json_is_taken_refused_or_set_aside_and_all_of_it_is_counted(served: Served, path: str) -> None:
    key = served.key("ingest")

    @settings(BOUNDED, max_examples=120)
    @given(st.one_of(JSONS, st.lists(ITEMS, max_size=8), ITEMS))
    def send(body: Any) -> None:
        response = served.client.post(path, content=json.dumps(body).encode(), headers=key)
        said = fine(response)
        if response.status_code == 202:
            assert said["accepted"] + len(said.get("problems", [])) == (len(body) if isinstance(body, list) else 1)
        served.flowed()
        assert served.house.ledger.inbox.backlog().entries == 0
        assert served.house.ledger.set_aside.counts().get("survey", {}).get("unforeseen", 0) == 0

    send()


ANSWERS = st.lists(
    st.one_of(
        st.builds(lambda c: f"score: {c}, measure: csat.r@1", st.sampled_from(COLUMNS)),
        st.builds(lambda c: f"text: {c}", st.sampled_from(COLUMNS)),
        st.builds(lambda c: f"choice: {c}", st.sampled_from(COLUMNS)),
    ),
    min_size=1,
    max_size=4,
)
ROWS = st.lists(st.lists(WORD, min_size=1, max_size=8), max_size=12)


@st.composite
def contracts(draw: st.DrawFn) -> str:
    """A contract over any of the columns, with any reaction to surprises."""
    column = st.sampled_from(COLUMNS)
    order, zone = draw(st.sampled_from(["iso", "dmy", "mdy", "ymd"])), draw(st.sampled_from(["UTC", "Europe/Stockholm", "Asia/Kathmandu"]))
    bad, missing = draw(st.sampled_from(["set_aside", "refuse"])), draw(st.sampled_from(["set_aside", "accept", "refuse"]))
    lines = [
        "source: random\nversion: 1\nowner: a\npurpose: chance\nkind: {always: survey}",
        draw(st.sampled_from(["record: id", "record: comment", ""])),
        f"at: {{column: {draw(column)}, order: {order}, zone: {zone}}}",
        draw(st.sampled_from(["", "party: {email: mail, phone: comment, region: SE}", "party: {external: id}"])),
        draw(st.sampled_from(["", "dimensions: {market: country}", "dimensions: {market: stars, channel: {always: web}}"])),
        "answers:\n" + "\n".join(f"  - {{item: i{n}, {answer}}}" for n, answer in enumerate(draw(ANSWERS))),
        "measures: [{id: csat.r, version: 1, metric: csat, low: 1, high: 5, owner: a, name: {en: R}}]",
        f"surprises: {{bad_value: {bad}, missing_record: {missing}, duplicate_record: {draw(st.sampled_from(['set_aside', 'last', 'refuse']))}}}",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def test_any_rows_under_any_contract_are_accounted_for(long_house: House, tmp_path: Path) -> None:
    """Whatever was read is in, or stands in the receipt with a reason; a refused file changes nothing. The hub agrees with the receipt."""
    house, outcomes = long_house, Counter[str]()

    @settings(BOUNDED, max_examples=120)
    @given(contracts(), ROWS, st.sampled_from([",", ";", "\t"]))
    def take(yaml: str, rows: list[list[str]], mark: str) -> None:
        emptied(house)
        if house.ledger.contracts.current("random"):
            house.ledger.contracts.remove("random")
        path = tmp_path / "random.csv"
        quoted = (mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [list(COLUMNS), *rows])
        path.write_bytes("".join(f"{line}\n" for line in quoted).encode("utf-8", "surrogatepass"))
        outcomes[added_and_taken(house, yaml, path)] += 1

    take()
    assert {"refused", "taken"} <= outcomes.keys(), outcomes


def added_and_taken(house: House, yaml: str, path: Path) -> str:
    try:
        flow.add_source(house, yaml, "test")
        receipt = flow.import_file(house, path, "random")
    except (BadInput, Conflict):
        return "refused"
    assert_conserved(house, receipt)
    return "taken"


def assert_conserved(house: House, receipt: flow.Receipt) -> None:
    """The hub holds what the receipt says; each row read is in the hub, a repeat, or set aside. A row whose answers are all empty has none."""
    found = house.engine.run(house.engine.table("feedback")).to_pylist()
    assert len(found) == receipt.accepted - receipt.removed
    asides = [house.ledger.set_aside.get(n).row for n in flow.open_ids(house, None, None)]
    assert all(a.reason and a.message for a in asides)
    assert sum(receipt.set_aside.values()) >= len(asides)
