"""Contracts and measures that are no contracts: over HTTP, each gets all its faults in words, and what was in force stays so."""

from typing import Any

import pytest

from tests.badinput.sending import fine
from tests.houses import SURVEY
from tests.serve.conftest import Served

ANSWERS = "answers:\n  - {item: rating, measure: csat.delivery@1, score: stars}\n  - {item: why, text: comment}\n"
MEASURE = "- {id: m.x, version: 1, metric: scale, low: LOW, high: HIGH, owner: a, name: {en: X}}"
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9))
BAD = {
    "nothing": "",
    "a word": "hello",
    "a list": "- a\n- b",
    "a number": "7",
    "null": "null",
    "tabs": "source:\tx\n\trecord: y",
    "open brace": "source: {a",
    "two documents": SURVEY + "---\n" + SURVEY,
    "a tag that runs code": "source: !!python/object/apply:os.system ['touch /tmp/pwned']",
    "an unknown tag": "source: !ruby/object x",
    "a binary tag": "source: !!binary aGVq",
    "a billion laughs": LAUGHS + SURVEY,
    "a loop": "source: &a [*a]\nrecord: *a",
    "merge keys": "<<: {source: x}\nrecord: id",
    "the same key twice": SURVEY + "source: other\n",
    "deep": "a: " + "[" * 3_000 + "]" * 3_000,
    "deep mappings": "a: " + "{a: " * 1_500 + "1" + "}" * 1_500,
    "a null byte": SURVEY + "x: \x00",
    "control characters": SURVEY.replace("anna", "an\x07na"),
    "no source": SURVEY.replace("source: survey\n", ""),
    "no version": SURVEY.replace("version: 1\nowner", "owner"),
    "version 0": SURVEY.replace("version: 1\nowner", "version: 0\nowner"),
    "version of words": SURVEY.replace("version: 1\nowner", "version: one\nowner"),
    "version of 1e400": SURVEY.replace("version: 1\nowner", "version: 1e400\nowner"),
    "no owner": SURVEY.replace("owner: anna.berg\npurpose", "purpose"),
    "a source of 5,000": SURVEY.replace("source: survey", "source: " + "s" * 5_000),
    "a path for a source": SURVEY.replace("source: survey", "source: ../../etc/passwd"),
    "SQL for a source": SURVEY.replace("source: survey", 'source: "x\'; DROP TABLE feedback"'),
    "a script for a source": SURVEY.replace("source: survey", "source: <script>alert(1)</script>"),
    "a newline in the source": SURVEY.replace("source: survey", 'source: "a\\nb"'),
    "spaces for a source": SURVEY.replace("source: survey", 'source: "   "'),
    "a list for a source": SURVEY.replace("source: survey", "source: [a]"),
    "no answers": SURVEY.replace(ANSWERS, ""),
    "answers as a word": SURVEY.replace(ANSWERS, "answers: yes\n"),
    "an answer of nothing": SURVEY.replace(ANSWERS, "answers: [{}]\n"),
    "two answers alike": SURVEY.replace("item: why", "item: rating"),
    "an unknown key": SURVEY + "colour: red\n",
    "an unknown dimension": SURVEY.replace("market: country", "markt: country"),
    "an unknown order": SURVEY.replace("order: iso", "order: ydm"),
    "an unknown zone": SURVEY.replace("Europe/Stockholm", "Mars/Olympus"),
    "a path for a zone": SURVEY.replace("Europe/Stockholm", "../../etc/passwd"),
    "an unknown kind": SURVEY.replace("always: survey", "always: gossip"),
    "an unknown surprise": SURVEY + "surprises: {bad_value: ignore}\n",
    "an unknown measure": SURVEY.replace("measure: csat.delivery@1", "measure: csat.delivry@1"),
    "a measure without a version": SURVEY.replace("measure: csat.delivery@1", "measure: csat.delivery"),
    "the measure with other content": SURVEY.replace("cut: 4", "cut: 3"),
    "the same version with other content": SURVEY.replace("country", "land"),
    "an older version": SURVEY.replace("version: 1\nowner", "version: -1\nowner"),
    "YAML of 3 MB": SURVEY + "# " + "x" * 3_000_000,
    "a scale upside down": SURVEY.replace("low: 1, high: 5", "low: 5, high: 1"),
    "a scale of nothing": SURVEY.replace("low: 1, high: 5", "low: 3, high: 3"),
    "a scale without end": SURVEY.replace("high: 5", "high: .inf"),
    "a scale of NaN": SURVEY.replace("low: 1", "low: .nan"),
    "a cut off the scale": SURVEY.replace("cut: 4", "cut: 99"),
    "a metric unknown": SURVEY.replace("metric: csat", "metric: cst"),
}
FINE_PERHAPS = {"merge keys", "a measure without a version", "YAML of 3 MB", "a binary tag", "SQL for a source", "a script for a source"}


@pytest.mark.parametrize("kind", BAD)
def test_a_contract_that_cannot_be_used_is_refused_with_its_faults(served: Served, kind: str) -> None:
    before = served.client.get("/v1/source", params={"name": "survey"}).json()["contract_yaml"]
    response = served.client.post("/v1/sources", json={"yaml": BAD[kind]})
    said = fine(response)
    assert len(response.content) < 50_000, "an error that can be read"
    if kind not in FINE_PERHAPS:
        assert response.status_code in {404, 409, 422}, said
        assert said.get("faults") or said.get("do"), said
        assert [s["name"] for s in served.client.get("/v1/sources").json()] == ["survey"]
    assert served.client.get("/v1/source", params={"name": "survey"}).json()["contract_yaml"] == before


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("0", "1e308"),
        ("-1e308", "1e308"),
        ("0", "1e-300"),
        ("1", "99999999999999999999"),
        ("0", "0.1"),
        ("-0.0", "0"),
        ("true", "5"),
        ('"0"', '"10"'),
        ("1e400", "2e400"),
        ("null", "5"),
        ("0x0", "0x10"),
        ("1_0", "2_0"),
    ],
)
def test_a_measure_with_an_absurd_scale_is_refused_or_answers(served: Served, low: str, high: str) -> None:
    name = f"m.x{abs(hash((low, high)))}"
    yaml = MEASURE.replace("LOW", low).replace("HIGH", high).replace("m.x", name)
    if fine(served.client.post("/v1/measures", json={"yaml": yaml})).get("status", 200) >= 400:
        return
    item: dict[str, Any] = {
        "source": "survey",
        "record": "a",
        "item": "i",
        "measure": f"{name}@1",
        "score": 0.05,
        "occurred_at": "2026-09-10T08:00:00Z",
    }
    fine(served.client.post("/v1/feedback", json=item, headers=served.key("ingest")))
    served.flowed()
    fine(served.client.get("/v1/answers", params={"measure": name}))
    assert served.client.get("/").status_code == 200
    assert served.client.get(f"/measures/{name}").status_code == 200


def test_a_contract_with_5000_answers_is_taken_and_works(served: Served) -> None:
    many = "".join(f"  - {{item: q{i}, measure: csat.delivery@1, score: c{i}}}\n" for i in range(5_000))
    yaml = SURVEY.replace("source: survey", "source: wide").replace(ANSWERS, "answers:\n" + many)
    assert served.client.post("/v1/sources", json={"yaml": yaml}).status_code == 200
    row = {"id": "w", "answered": "2026-09-10T08:00", **{f"c{i}": "4" for i in range(5_000)}}
    assert served.client.post("/v1/feedback", json={"source": "wide", "row": row}, headers=served.key("ingest")).status_code == 202
    served.flowed()
    assert len(served.client.get("/v1/records", params={"source": "wide", "record": "w"}).json()) == 5_000
    assert served.client.get("/sources/wide").status_code == 200


PARAMS: dict[str, list[dict[str, str]]] = {
    "/v1/answers": [
        {"measure": x}
        for x in (
            "",
            " ",
            "\x00",
            "csat.delivery@",
            "csat.delivery@x",
            "csat.delivery@99999999999999999999",
            "'; DROP TABLE daily--",
            "<b>",
            "x" * 10_000,
            "csat.delivery@1@1",
            "@",
            "🙂",
        )
    ]
    + [
        {"measure": "csat.delivery", k: v}
        for k, v in (
            ("by", "market,market"),
            ("by", ","),
            ("by", "text"),
            ("by", "party"),
            ("by", "x" * 5_000),
            ("by", "market;drop"),
            ("where", "market"),
            ("where", "=SE"),
            ("where", "market=SE;market=NO"),
            ("where", "id=1"),
            ("where", "market=" + "a," * 5_000),
            ("where", "market=' OR 1=1--"),
            ("where", "market=\x00"),
            ("period", "2026-13"),
            ("period", "2026-Q5"),
            ("period", "0000"),
            ("period", "9999"),
            ("period", "10000"),
            ("period", "2026-12-31..2026-01-01"),
            ("period", "last 99999999999 years"),
            ("period", "last -1 days"),
            ("period", "last 0 days"),
            ("period", "2026-02-30"),
            ("period", "٢٠٢٦"),
            ("period", "0001-01-01..9999-12-31"),
            ("period", "last 5000 years"),
            ("grain", "eon"),
            ("grain", "second"),
            ("compare", "yesterday"),
            ("compare", "market=XX"),
            ("compare", "0001"),
            ("compare", "market"),
            ("compare", "previous,previous"),
            ("language", "xx"),
            ("language", "../../sv"),
            ("language", "SV"),
            ("language", ""),
        )
    ]
    + [{"measure": "csat.delivery", "period": p, "grain": "day"} for p in ("0001-01-01..9999-12-31", "1970-01-01..2100-12-31", "9999")],
    "/v1/set-aside": [
        {k: v}
        for k, v in (
            ("limit", "-1"),
            ("limit", "1e9"),
            ("limit", "99999999999999999999"),
            ("after", "x"),
            ("after", "99999999999999999999999"),
            ("after", "-9223372036854775809"),
            ("state", "lost"),
            ("source", "\x00"),
            ("reason", "x" * 10_000),
            ("cursor", "1"),
            ("limit", ""),
        )
    ],
    "/v1/set-aside/row": [{"id": x} for x in ("0", "-1", "x", "9223372036854775808", "1e3", "", "1;1")],
    "/v1/job": [{"id": x} for x in ("0", "-1", "x", "9223372036854775808", "٣")],
    "/v1/source": [{"name": x} for x in ("", "\x00", "x" * 10_000, "survy", "../survey", "'")],
    "/v1/records": [{"source": "survey", "record": x} for x in ("", "\x00", "'", "x" * 10_000, "🙂")],
}
ASKED = [(path, params) for path, all_params in PARAMS.items() for params in all_params]


@pytest.mark.parametrize(("path", "params"), ASKED, ids=range(len(ASKED)))
def test_a_question_that_cannot_be_asked_is_answered_in_words(served: Served, path: str, params: dict[str, str]) -> None:
    said = fine(served.client.get(path, params=params))
    assert len(str(said)) < 300_000


def test_the_same_parameter_twice(served: Served) -> None:
    fine(served.client.get("/v1/answers?measure=csat.delivery&measure=x&by=market&by=segment"))


POSTS: dict[str, list[Any]] = {
    "/v1/sources": [{"yaml": None}, {"yaml": 5}, {}, [], "x", {"yaml": "x", "by": 5}, {"yml": "x"}],
    "/v1/measures": [{"yaml": ""}, {"yaml": "- {}"}, {"yaml": "- 1"}, {"yaml": LAUGHS}, {"yaml": "[[[["}],
    "/v1/imports": [
        {"source": "survey", "path": p}
        for p in ("", "/", "/etc/shadow\x00", "/dev/zero", "/proc/self/mem", "relative.csv", "~", "x" * 10_000, "\ud7ff")
    ]
    + [{"source": 1, "path": 2}],
    "/v1/set-aside/replay": [
        {"ids": [0]},
        {"ids": [-1]},
        {"ids": ["x"]},
        {"ids": [2**63]},
        {"ids": [1, 1], "repaired": {}},
        {"repaired": []},
        {"ids": None},
        {"source": "\x00"},
    ],
    "/v1/set-aside/discard": [{"ids": [2**64]}, {"ids": []}, {}, {"ids": [1.5]}],
    "/v1/keys": [
        {"name": ""},
        {"name": "x" * 100_000},
        {"name": "a", "scopes": ["root"]},
        {"name": "a", "scopes": []},
        {"name": "a", "days": -1},
        {"name": "a", "days": 10**12},
        {"name": "a", "days": 0},
        {"name": "\x00"},
    ],
    "/v1/keys/revoke": [{"id": 0}, {"id": -1}, {"id": 2**63}, {"id": "1"}],
    "/v1/jobs/stop": [{"id": 0}, {"id": 2**63}, {"id": -5}],
    "/v1/backups": [{"folder": f} for f in ("", "/", "/proc/x", "/dev/null/x", "\x00", "x" * 5_000)],
    "/v1/exports": [{"folder": f, "form": "csv"} for f in ("", "/", "/proc/x", "\x00")]
    + [{"folder": "/proc/x", "form": "exe"}, {"folder": "/proc/x", "tables": "secrets"}],
}
DONE = [(path, body) for path, bodies in POSTS.items() for body in bodies]


@pytest.mark.parametrize(("path", "body"), DONE, ids=range(len(DONE)))
def test_an_order_that_cannot_be_carried_out_is_refused_in_words(served: Served, path: str, body: Any) -> None:
    fine(served.client.post(path, json=body))
