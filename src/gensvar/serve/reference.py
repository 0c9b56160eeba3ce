"""The reference pages of the documentation, made from the registries. `make docs` writes them: `python -m gensvar.serve.reference docs/reference`."""

import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from gensvar.contracts import AUDIENCES, EVENTS, FEEDBACK, TABLES
from gensvar.contracts.contract import AnswerRule, Contract, EventRule, Moment, PartyRule, People, Reading, Surprises, Value
from gensvar.contracts.feedback import DIMENSION_COLUMNS, KINDS
from gensvar.contracts.measures import Measure
from gensvar.contracts.yaml_read import hints, written_name
from gensvar.hub import EventItem, FeedbackItem
from gensvar.hub.api_items import Person
from gensvar.kit import errors
from gensvar.kit.errors import GensvarError
from gensvar.kit.rights import KEY_RIGHTS, RIGHTS, ROLES, Right
from gensvar.kit.settings import SETTINGS, Setting
from gensvar.measure.metrics import METRICS, Metric, span
from gensvar.serve.glossary import SHORT, TERMS, Term, metric_terms, reason_terms, topic_terms
from gensvar.serve.operations import OPERATIONS, Operation
from gensvar.serve.reference_cli import cli

MADE = "<!-- Made by `make docs` from {source}. Change it there, not here. -->"
GRAMMAR = (Contract, Value, Moment, People, AnswerRule, EventRule, PartyRule, Reading, Surprises)
TOLD = re.compile(r"^[│├└─ ]*([A-Z]\w+)(?: \([^)]+\))? +(.+)$", re.MULTILINE)
UNITS = {"share": "share, 0…1", "points": "points, −100…100", "scale": "the measure's own scale"}

LEADS = {
    "Settings": """A flag beats the environment, which beats `gensvar.toml` in the working folder, which beats the default. Only some
commands have a flag for a setting; every setting has a name in the environment and a key in the file. Faults are all
told at once, before anything starts.""",
    "Command line": """Every command takes `--data` (`-d`), the data folder; but for `up` and `demo` also `--json`, which prints JSON for other
programs. While a server holds the folder, the same commands ask that server. An error is told in words and sets the
exit code: see [errors](errors.md).""",
    "HTTP API": """JSON over HTTP; the OpenAPI document is at `/v1/schema/openapi.json` of a running server. Send an API key as
`Authorization: Bearer …`. There are three kinds: `ingest` sends, `read` asks, `admin` does what an administrator may; what
each operation needs, and who has it, is told in [roles and rights](rights.md). A browser that is signed in may read by the API,
within its scope; it changes things by pages only. Errors are problem documents: see [errors](errors.md).""",
    "Contract": """A contract is YAML. Every scalar is read as text where text is meant: `NO` is Norway. Anchors and tags are not read.
Whatever is written but not known is a fault, with the nearest known name; all faults come at once. Start from `gensvar
sources suggest FILE`.""",
    "Metrics and measures": """A metric is a way to turn scores into a number; a measure is one question with its scale, and names a metric. Metrics
come with the product, measures are yours ([define one](../how-to/define-a-measure.md)). Below the least number of
answers no number is given, only how many more it takes.""",
    "Tables": "Every table as the hub holds it, and as `gensvar export` writes it. Required columns are never null.",
    "Glossary": "The words of the pages, as `/glossary` explains them to a reader, there in her own language.",
    "Roles and rights": """What somebody may do is a set of rights; which rows she may see is her scope: [how both
protect](../explanation/security.md). Every address needs one right. People get rights by their role, programs by the kinds of
their key. Whoever holds the data folder has all of them, by the token that a server writes there for the command line; but no account.""",
    "Errors": """Every error says what is wrong, where, what was perhaps meant and what to do; all the faults of one input come at once.
Over HTTP it is a problem document (RFC 9457) whose `type` is `urn:gensvar:problem:` and the name below; on the command
line it is one sentence and the exit code.""",
}


def pages() -> dict[str, str]:
    """File name → Markdown, for every page of the reference."""
    made = {name: _page(title, source, body) for name, (title, source, body) in PAGES.items()}
    return {"README.md": _index(), **made}


def write(folder: Path) -> None:
    """Writes every page into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8", newline="\n")


def _page(title: str, source: str, body: Callable[[], Iterator[str]]) -> str:
    return "\n".join([f"# {title}", "", MADE.format(source=f"`{source}`"), "", LEADS[title], "", *body()]).rstrip() + "\n"


def _index() -> str:
    rows = "\n".join(f"- [{title}]({name})" for name, (title, _, _) in PAGES.items())
    made = MADE.format(source="the registries of the product")
    return f"# Reference\n\n{made}\n\nMade from the product itself, so it says what this version does.\n\n{rows}\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a Markdown table."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell(c) for c in row) + " |"
    yield ""


def cell(text: str) -> str:
    """Text that stays within one cell.

    >>> cell("a | b\\nc")
    'a \\\\| b c'
    """
    return " ".join(text.split()).replace("|", "\\|")


def told(doc: str, names: Sequence[str]) -> tuple[str, dict[str, str]]:
    """What a docstring says before it speaks of fields, and what it says of each: `name: meaning.`, or `one, two: meaning.`

    >>> told("A page. low, high: its ends. step: between them.", ["low", "high", "step"])
    ('A page.', {'low': 'its ends.', 'high': 'its ends.', 'step': 'between them.'})
    """
    text = " ".join(cleandoc(doc).split())
    known = "|".join(sorted(names, key=len, reverse=True))
    starts = list(re.finditer(rf"(?:^|(?<=[.;:)…] ))((?:{known})(?:(?:, | and )(?:{known}))*): ", text))
    ends = [s.start() for s in starts[1:]] + [len(text)]
    said: dict[str, str] = {}
    for start, end in zip(starts, ends, strict=False):
        meaning = text[start.end() : end].strip().rstrip(";")
        said.update(dict.fromkeys(re.split(", | and ", start[1]), meaning))
    return text[: starts[0].start()].strip() if starts else text, said


# ── settings, errors ─────────────────────────────────────────────────────────────────────────────────────────────────


def _settings() -> Iterator[str]:
    rows = [(f"`{s.name}`", f"`{s.env}`", f"`{s.default}`" if s.default else "empty", _help(s)) for s in SETTINGS]
    yield from table(("In gensvar.toml", "In the environment", "Default", "Meaning"), rows)


def _help(setting: Setting) -> str:
    return setting.help + (" Secret: never shown." if setting.secret else "")


def _errors() -> Iterator[str]:
    meaning = dict(TOLD.findall(cleandoc(errors.__doc__ or "")))
    for kind in error_classes():
        yield f"## {kind.__name__}"
        yield ""
        yield f"“{kind.title}”: {meaning[kind.__name__].strip()}. HTTP status {kind.status}, exit code {kind.exit_code}."
        yield ""


def error_classes() -> list[type[GensvarError]]:
    """The tree below GensvarError, parents first."""

    def below(kind: type[GensvarError]) -> Iterator[type[GensvarError]]:
        for child in kind.__subclasses__():
            if child.__module__ == errors.__name__:
                yield child
                yield from below(child)

    return list(below(GensvarError))


# ── measures, tables ─────────────────────────────────────────────────────────────────────────────────────────────────


def _metrics() -> Iterator[str]:
    for metric in METRICS.values():
        yield from _metric(metric)
    yield "## The definition of a measure"
    yield ""
    yield from _fields(Measure)


def _metric(m: Metric) -> Iterator[str]:
    yield f"## {m.name}"
    yield ""
    yield f"{m.title}: {m.says}. {' '.join((m.read.__doc__ or '').split())}"
    yield ""
    scale = span(*m.scale) if m.scale else "any, of at most 11 points" if m.stepped else "any"
    facts = {
        "Unit": UNITS[m.unit],
        "Scale": scale,
        "Better": m.better or "up or down, as the measure says",
        "Least answers": str(m.least),
        "A change that matters": f"{m.matters:.0%} of the unit's range",
    }
    yield from table(("", ""), list(facts.items()))


def _tables() -> Iterator[str]:
    for spec in TABLES.values():
        yield f"## {spec.name}"
        yield ""
        yield f"{spec.meaning[:1].upper()}{spec.meaning[1:]}. A row is itself by {', '.join(f'`{k}`' for k in spec.key)}."
        yield ""
        rows = [(f"`{c.name}`", str(c.type), "yes" if c.required else "", c.meaning, c.unit) for c in spec.columns]
        yield from table(("Column", "Type", "Required", "Meaning", "Unit"), rows)


# ── glossary ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _glossary() -> Iterator[str]:
    topics = [(f"Topics of {about}", tuple(topic_terms(about))) for about in ("customers", "employees")]
    reasons = ("Reasons: what a text wants, feels and points at", tuple(reason_terms()))
    for heading, terms in (("Words of the pages", TERMS), ("Ways to turn answers into a number", tuple(metric_terms())), *topics, reasons):
        yield f"## {heading}"
        yield ""
        yield from table(("Word", "Meaning"), [(_word(t), t.says) for t in terms])


def _word(term: Term) -> str:
    return f"{term.title} ({SHORT[term.id]})" if term.id in SHORT else term.title


# ── contract ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _contract() -> Iterator[str]:
    for owner in GRAMMAR:
        yield f"## {owner.__name__}"
        yield ""
        yield from _fields(owner)
    yield "## Words that are agreed"
    yield ""
    yield from table(("", ""), [("audience", " · ".join(AUDIENCES)), ("kind", " · ".join(KINDS))])
    yield from table(("dimension", "meaning"), [(f"`{c.name}`", c.meaning) for c in DIMENSION_COLUMNS])


def _fields(owner: type) -> Iterator[str]:
    names = [f.name for f in fields(owner)]
    lead, said = told(owner.__doc__ if owner.__doc__ and not owner.__doc__.startswith(f"{owner.__name__}(") else "", names)
    if lead:
        yield lead
        yield ""
    rows = [(f"`{written_name(owner, f.name)}`", type_said(hints(owner)[f.name]), _default(f), said.get(f.name, "")) for f in fields(owner)]
    yield from table(("Name", "Type", "Default", "Meaning"), rows)


def _default(f: Field[Any]) -> str:
    if f.default is MISSING and f.default_factory is MISSING:
        return "must be given"
    value = f.default if f.default_factory is MISSING else f.default_factory()
    if value is None or value in ("", (), {}, frozenset()):
        return "none"
    shown = value.always if isinstance(value, Value) else value
    return f"`{shown}`" if isinstance(shown, str | int | float) else "its own defaults"


def type_said(hint: Any) -> str:
    """A type as a reader says it.

    >>> type_said(tuple[str, ...]), type_said(str | None)
    ('list of text', 'text')
    """
    text = str(getattr(hint, "__name__", hint)) if not hasattr(hint, "__args__") else str(hint)
    if text.startswith("typing.Literal"):
        return " · ".join(f"`{a}`" for a in hint.__args__)
    inner = [a for a in getattr(hint, "__args__", ()) if a not in (type(None), Ellipsis)]
    if text.startswith(("tuple", "frozenset")):
        return f"list of {type_said(inner[0])}"
    if "Mapping" in text:
        return f"names with {type_said(inner[1])}"
    if inner:
        return " or ".join(type_said(i) for i in inner)
    if hint is Measure:
        return "[Measure](metrics.md#the-definition-of-a-measure)"
    return {"str": "text", "int": "whole number", "float": "number", "date": "day, as 2026-10-31"}.get(text, f"[{text}](#{text.lower()})")


# ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rights() -> Iterator[str]:
    yield "## Roles"
    yield ""
    for role in ROLES.values():
        yield f"### {role.title}"
        yield ""
        yield f"`{role.name}`. {role.says} May: {_may(role.rights)}."
        yield ""
    yield "## Kinds of API keys"
    yield ""
    yield from table(("Kind", "May"), [(f"`{kind}`", _may(rights)) for kind, rights in KEY_RIGHTS.items()])
    yield "## Rights"
    yield ""
    rows = [(f"`{right}`", says, _holders(right), _needed(right)) for right, says in RIGHTS.items()]
    yield from table(("Right", "Whoever has it may", "Roles", "Operations of the API"), rows)


def _may(rights: Collection[Right]) -> str:
    said = [f"{says} (`{right}`)" for right, says in RIGHTS.items() if right in rights and right not in {"open", "member"}]
    return "; ".join(said)


def _holders(right: Right) -> str:
    if right == "open":
        return "everybody"
    return ", ".join(role.title for role in ROLES.values() if right in role.rights) or "none: keys alone"


def _needed(right: Right) -> str:
    return ", ".join(f"[{o.name}](api.md#{o.name})" for o in OPERATIONS if o.needs == right)


# ── HTTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _api() -> Iterator[str]:
    yield from INTAKE
    for item in (FeedbackItem, EventItem, Person):
        yield f"### {item.__name__}"
        yield ""
        yield from struct_fields(item)
    yield "## Operations"
    yield ""
    for one in OPERATIONS:
        yield from _operation(one)


INTAKE = (
    "## Sending",
    "",
    "| Request | Right | What it does |",
    "|---|---|---|",
    "| `POST /v1/feedback` | ingest | takes one FeedbackItem, or a list of up to 1,000; answers `202` once they are on disk |",
    "| `POST /v1/events` | ingest | the same with EventItem |",
    "| `DELETE /v1/feedback/{source}/{record}` | ingest | deletes every row of one record |",
    "| `POST /v1/files?source=…&name=…` | sources.change | the body is a file; it is imported under the source's contract, as a job |",
    "| `GET /health/live`, `/health/ready`, `/health/metrics` | none | for supervisors; metrics in Prometheus' text form |",
    "",
    "The answer to a `POST` holds `accepted`, `receipt`, `ids` and `problems`: a bad item costs none of its neighbours.",
    "",
)


def _operation(one: Operation[Any]) -> Iterator[str]:
    yield f"### {one.name}"
    yield ""
    yield f"`{one.method} {one.path}` · needs `{one.needs}`" + (" · on the server's machine only, no API key may do it" if one.owner_only else "")
    yield ""
    yield one.help
    yield ""
    if one.params.__struct_fields__:
        yield from struct_fields(one.params)


def struct_fields(struct: type[msgspec.Struct]) -> Iterator[str]:
    """What a struct says of itself, then its fields; a field that it says nothing of means what the table's column of that name means."""
    docs = " ".join(" ".join((c.__doc__ or "").split()) for c in struct.__mro__ if c not in (object, msgspec.Struct) and c.__doc__)
    lead, said = told(docs, struct.__struct_fields__)
    columns = {c.name: c.meaning for c in (*EVENTS.columns, *FEEDBACK.columns)}
    if lead and not lead.startswith("Takes"):
        yield lead
        yield ""
    _, parts = msgspec.json.schema_components([struct], ref_template="{name}")
    required = parts[struct.__name__].get("required", ())
    rows = [
        (f"`{name}`", json_type(plain), "yes" if name in required else "", said.get(name, columns.get(name, "")))
        for name, plain in parts[struct.__name__].get("properties", {}).items()
    ]
    yield from table(("Field", "Type", "Required", "Meaning"), rows)


def json_type(plain: Mapping[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "anyOf" in plain:
        return " or ".join(json_type(p) for p in plain["anyOf"] if p.get("type") != "null")
    if "enum" in plain:
        return " · ".join(f"`{e}`" for e in plain["enum"])
    if "$ref" in plain:
        return str(plain["$ref"])
    kind = {"string": "moment" if plain.get("format") == "date-time" else "text", "object": "names with values", "integer": "whole number"}
    said = kind.get(plain.get("type", ""), str(plain.get("type", "any value")))
    most = f", at most {plain['maxLength']:,} characters" if "maxLength" in plain else ""
    return f"list of {json_type(plain.get('items', {}))}" if said == "array" else said + most


PAGES: Mapping[str, tuple[str, str, Callable[[], Iterator[str]]]] = {
    "settings.md": ("Settings", "src/gensvar/kit/settings.py", _settings),
    "cli.md": ("Command line", "src/gensvar/serve/cli.py", cli),
    "api.md": ("HTTP API", "src/gensvar/serve/operations.py", _api),
    "contract.md": ("Contract", "src/gensvar/contracts/contract.py", _contract),
    "metrics.md": ("Metrics and measures", "src/gensvar/measure/metrics.py", _metrics),
    "tables.md": ("Tables", "src/gensvar/contracts", _tables),
    "glossary.md": ("Glossary", "src/gensvar/serve/glossary.py", _glossary),
    "rights.md": ("Roles and rights", "src/gensvar/kit/rights.py", _rights),
    "errors.md": ("Errors", "src/gensvar/kit/errors.py", _errors),
}

if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
