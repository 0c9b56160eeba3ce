"""The command line: `gensvar`. Thin: parse, call one operation, show it. --json everywhere; an error says what to do and sets the exit code."""

import os
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from cyclopts import App, Parameter
from rich.console import Console

from gensvar.kit.errors import BadInput, Conflict, GensvarError, of_system
from gensvar.kit.settings import Settings, read_settings
from gensvar.kit.version import VERSION
from gensvar.serve import show
from gensvar.serve.finding import look_here
from gensvar.serve.reach import Reach, holds_data, reach
from gensvar.serve.schooling import teach_here

if TYPE_CHECKING:
    from gensvar.contracts import Measures

app = App(name="gensvar", version=VERSION, help="Turns fragmented feedback into proven improvement. `gensvar demo` shows it.")
sources = App(name="sources", help="Where feedback comes from, and the contract of each.")
aside = App(name="set-aside", help="Rows that could not be taken in: why, repair, replay.")
people = App(name="people", help="Who may sign in, as what, and what each may see.")
keys = App(name="keys", help="API keys.")
audit = App(name="audit", help="Who did what, who saw what, and whether the record of it is whole.")
text_app = App(name="text", help="How rightly texts are read, labelling them, and teaching the readers.")
anonymous = App(name="anonymous", help="Answers of protected audiences, which are shown in blocks only.")
for part in (sources, aside, people, keys, text_app, anonymous, audit):
    app.command(part)

PRIVATE = 0o077  # what Gensvar writes, nobody else on the machine may read
Data = Annotated[Path | None, Parameter(name=["--data", "-d"], help="The data folder (default: the setting, ./data).")]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]
out, err = Console(highlight=False, soft_wrap=True), Console(stderr=True, highlight=False, soft_wrap=True)


def settings_of(data: Path | None, **flags: object) -> Settings:
    return read_settings({"data": data, **flags})


def _say(found: Any, as_json: bool, shown: Callable[[Any, Console], None]) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n")
    else:
        shown(found, out)


def _one(operation: str, data: Path | None, as_json: bool, shown: Callable[[Any, Console], None], **params: Any) -> None:
    """One operation, asked and shown."""
    with reach(settings_of(data)) as house:
        _say(house.call(operation, **params), as_json, shown)


def _written(output: Path, operation: str, data: Path | None, as_json: bool, **params: Any) -> None:
    """What the operation gives, in a file. One that is there already is not overwritten."""
    if output.exists():
        raise Conflict(f"{output} is there already", do="Name another file.")
    with reach(settings_of(data)) as house:
        body = house.fetch(operation, **params)
    output.write_bytes(body)
    _say({"file": str(output), "bytes": len(body)}, as_json, show.pairs)


# ── look ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command
def ask(
    measure: str, *, by: str = "", where: str = "", period: str = "", grain: str = "", compare: str = "", language: str = "en",
    output: Path | None = None, mode: Literal["light", "dark"] = "light", data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Ask one question: how is a measure, for whom, when, against what.

    Args:
        measure: csat.delivery, or csat.delivery@2 for one version.
        by: dimensions to divide by, comma between: market,channel.
        where: only these: market=NO,SE;channel=app.
        period: 2026, 2026-Q3, 2026-10, last quarter, last 12 months, 2026-01-01..2026-03-31.
        grain: trend by day, week, month, quarter or year.
        compare: previous, year before, another period, or another group as market=SE.
        language: sv, nb, da, fi or en.
        output: write the answer into this file: .csv, .xlsx, .parquet, .png or .svg.
        mode: light or dark, for pictures.
    """
    params = {"measure": measure, "by": by, "where": where, "period": period, "grain": grain, "compare": compare, "language": language}
    if output is not None:
        from gensvar.serve.export import form_of

        _written(output, f"ask_{form_of(output.suffix).name}", data, as_json, mode=mode, **params)
    else:
        _one("ask", data, as_json, show.answer, **params)


@app.command
def report(
    *, output: Path, measures: str = "", where: str = "", period: str = "last quarter", compare: str = "previous", title: str = "",
    comment: str = "", language: str = "en", data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write a board report as PDF: what changed, what did not, what cannot be told yet.

    Args:
        output: the file to write, as board.pdf.
        measures: ids, comma between (default: all).
        where: only these: market=NO,SE;channel=app.
        period: as for ask.
        compare: previous, year before, or another period.
        title: the report's own title.
        comment: a few words at the top.
        language: sv, nb, da, fi or en.
    """
    about = {"measures": measures, "where": where, "period": period, "compare": compare, "title": title, "comment": comment, "language": language}
    if output.suffix.casefold() != ".pdf":
        raise BadInput(f"A report is no {output.suffix or 'file without an ending'}", nearest="pdf", do="Name a file that ends in .pdf.")
    _written(output, "report", data, as_json, **about)


@app.command
def compare(
    measure: str, *, rows: str = "market", columns: str = "channel", each: str = "", where: str = "", period: str = "last 3 months",
    compare: str = "previous", language: str = "en", data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Compare a measure by two dimensions at once, or three.

    Args:
        measure: csat.delivery, or csat.delivery@2 for one version.
        rows: the first dimension.
        columns: the second one.
        each: a third one.
        where: only these: market=NO,SE;channel=app.
        period: 2026, 2026-Q3, 2026-10, last quarter, last 12 months, 2026-01-01..2026-03-31.
        compare: previous, year before, another period, or rest: each cell against all the others.
        language: sv, nb, da, fi or en.
    """
    asked = {"rows": rows, "columns": columns, "each": each, "where": where, "period": period, "compare": compare, "language": language}
    _one("compare", data, as_json, show.compared, measure=measure, **asked)


@app.command
def patterns(
    measure: str, *, by: str = "", where: str = "", period: str = "last 3 months", compare: str = "previous", language: str = "en",
    data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Find the local patterns that the total hides.

    Args:
        measure: csat.delivery, or csat.delivery@2 for one version.
        by: the dimensions to search, comma between (default: all).
        where: only these: market=NO,SE;channel=app.
        period: 2026, 2026-Q3, 2026-10, last quarter, last 12 months, 2026-01-01..2026-03-31.
        compare: previous, year before or another period; empty ('') to find where the level differs.
        language: sv, nb, da, fi or en.
    """
    asked = {"measure": measure, "by": by, "where": where, "period": period, "compare": compare, "language": language}
    _one("patterns", data, as_json, show.patterns, **asked)


@app.command
def team(
    team: str, *, dimension: str = "unit", where: str = "", period: str = "last 3 months", compare: str = "previous", language: str = "en",
    data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show a team's own part: how it moved, how it lies beside the rest, how it bears on the whole.

    Args:
        team: a value of the dimension.
        dimension: what a team is: unit, market, channel …
        where: only these: market=NO,SE;channel=app.
        period: 2026, 2026-Q3, 2026-10, last quarter, last 12 months, 2026-01-01..2026-03-31.
        compare: previous, year before or another period.
        language: sv, nb, da, fi or en.
    """
    asked = {"team": team, "dimension": dimension, "where": where, "period": period, "compare": compare, "language": language}
    _one("team", data, as_json, show.team, **asked)


@app.command
def measures(*, data: Data = None, as_json: AsJson = False) -> None:
    """List the measures: scale, direction, cut-off, owner."""
    _one("measures", data, as_json, show.measures)


@app.command
def status(*, data: Data = None, as_json: AsJson = False) -> None:
    """Show rows, backlog, epoch and settings."""
    _one("status", data, as_json, show.pairs)


@app.command
def doctor(*, data: Data = None, as_json: AsJson = False) -> None:
    """Check the installation and the data folder, and say what to mend."""
    from gensvar.serve.doctor import examine

    found = examine(settings_of(data))
    _say(found, as_json, show.checks)
    if any(c["state"] == "broken" for c in found):
        raise SystemExit(1)


# ── sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@sources.command(name="list")
def sources_list(*, data: Data = None, as_json: AsJson = False) -> None:
    """List the sources and how they are doing."""
    _one("sources", data, as_json, show.sources)


@sources.command
def suggest(file: Path, *, source: str = "", owner: str = "", output: Path | None = None, data: Data = None, as_json: AsJson = False) -> None:
    """Write a first contract by looking at a file, and say how sure each line is.

    Args:
        file: CSV, TSV, Excel, JSON, JSON Lines, Parquet or SPSS; exports of Qualtrics, SurveyMonkey, Typeform and LimeSurvey.
        source: what to call the source (default: after the file).
        owner: who answers for it.
        output: write the YAML here instead of to the screen.
    """
    from gensvar.flow import suggested

    settings = settings_of(data)
    yaml, lines = suggested(file, source or show.source_name(file), owner, settings.zone, _known(settings))
    if output:
        if output.exists():
            raise Conflict(f"{output} is there already", do="Name another file.")
        output.write_text(yaml, "utf-8")
    _say({"yaml": yaml, "lines": lines}, as_json, show.written_to(output) if output else show.suggestion)


def _known(settings: Settings) -> "Measures | None":
    """The measures defined already, where there is a data folder: a new one must not take the id of another."""
    if not holds_data(settings):
        return None
    with reach(settings) as house:
        return _measures_of(house)


def _measures_of(house: Reach) -> "Measures":
    from gensvar.contracts import Measures
    from gensvar.contracts.measure_form import measure_of

    return Measures.of(map(measure_of, house.call("measures")))


@sources.command
def add(contract: Path, *, by: str = "", data: Data = None, as_json: AsJson = False) -> None:
    """Add a source by its contract (YAML), or bring it to a new version.

    Args:
        contract: the YAML file, as `sources suggest` writes it.
        by: who adds it.
    """
    _one("add", data, as_json, show.pairs, yaml=_text(contract), by=by)


@app.command
def define(file: Path, *, by: str = "", data: Data = None, as_json: AsJson = False) -> None:
    """Add measures, or new versions of them, from a YAML file."""
    _one("define", data, as_json, show.pairs, yaml=_text(file), by=by)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadInput(f"{file} cannot be read as text: {wrong}", do="Give a UTF-8 file.") from wrong


# ── import ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command(name="import")
def import_(file: Path, *, source: str = "", owner: str = "", data: Data = None, as_json: AsJson = False) -> None:
    """Import a file under its source's contract. Ctrl-C stops it cleanly; the same command goes on where it was.

    Args:
        file: the file.
        source: whose contract to use (default: named after the file). Without one yet, it gets the suggested one, if --owner says who answers for it.
        owner: who answers for a new source.
    """
    settings, name = settings_of(data), source or show.source_name(file)
    with reach(settings) as house:
        if name not in {s["name"] for s in house.call("sources")}:
            _agree(house, file, name, owner, settings)
        receipt = show.importing(house, file, name, err)
    _say(receipt, as_json, show.receipt)


def _agree(house: Reach, file: Path, name: str, owner: str, settings: Settings) -> None:
    """A source that is new gets the suggested contract, in the name of its owner."""
    from gensvar.flow import fingerprint, suggested

    if not owner:
        raise BadInput(
            f"Source {name!r} has no contract yet",
            do=f"Add --owner YOU to take the suggested one, or look at it first: gensvar sources suggest {quote(str(file))} --output {name}.yaml",
        )
    content = fingerprint(file) if file.is_file() else ""
    before = next((i["source"] for i in house.call("imports") if i["content"] == content), None)
    if before is not None:
        raise Conflict(
            f"This very file is in already, as source {before!r}; as {name!r} it would be counted twice",
            do=f"Use --source {before}; or, if it is meant, add a contract for {name!r} by hand: gensvar sources suggest {quote(str(file))}",
        )
    yaml, lines = suggested(file, name, owner, settings.zone, _measures_of(house))
    house.call("add", yaml=yaml, by=owner)
    show.agreed(name, file, lines, err)


# ── set aside ────────────────────────────────────────────────────────────────────────────────────────────────────────


@aside.command(name="list")
def aside_list(
    *, source: str | None = None, reason: str | None = None, after: int = 0, limit: int = 50, data: Data = None, as_json: AsJson = False
) -> None:
    """List rows set aside, and why."""
    _one("set_aside", data, as_json, show.aside_rows, source=source, reason=reason, after=after, limit=limit)


@aside.command(name="show")
def aside_show(row: int, *, data: Data = None, as_json: AsJson = False) -> None:
    """Show one row with its raw values."""
    _one("aside", data, as_json, show.pairs, id=row)


@aside.command(name="replay")
def aside_replay(
    rows: list[int] | None = None,
    *,
    source: str | None = None,
    reason: str | None = None,
    repair: str = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Send rows through the flow again, under the contract now in force.

    Args:
        rows: their numbers; none for every open row of --source and --reason.
        repair: values to use instead, for one row, as JSON: '{"score": "4"}'.
    """
    repaired = _values(repair) if repair else None
    _one("replay", data, as_json, show.receipt, ids=rows or [], source=source, reason=reason, repaired=repaired)


def _values(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as wrong:
        raise BadInput(f"--repair is no JSON object: {wrong}", do="""Give every value of the row, as '{"id": "2", "score": "4"}'.""") from wrong


@aside.command(name="discard")
def aside_discard(rows: list[int], *, data: Data = None, as_json: AsJson = False) -> None:
    """Settle rows without taking them in."""
    _one("discard", data, as_json, show.pairs, ids=rows)


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────

Limits = Annotated[list[str] | None, Parameter(help="Only these; may be given several times.")]


def _rows(**limits: list[str] | None) -> dict[str, list[str]]:
    return {name: values for name, values in limits.items() if values}


def _link(operation: str, data: Path | None, as_json: bool, **params: Any) -> None:
    """A one-time link, whole: with the address at which the house is reached."""
    settings = settings_of(data)
    with reach(settings) as house:
        found = house.call(operation, **params)
        base = house.url or f"http://{settings.host}:{settings.port}"
    _say({**found, "link": found["link"] or base + found["path"]}, as_json, show.way)


@people.command(name="list")
def people_list(*, data: Data = None, as_json: AsJson = False) -> None:
    """List who may sign in."""
    _one("people", data, as_json, show.people)


@people.command
def invite(
    email: str, *, name: str = "", role: str = "viewer", market: Limits = None, unit: Limits = None, product: Limits = None, segment: Limits = None,
    audience: Limits = None, text: bool = True, data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Invite somebody. Prints a link for you to send her; it holds for seven days and works once.

    Args:
        email: her address.
        name: her name (default: what stands before the @).
        role: viewer, contributor, analyst, owner, administrator or auditor.
        text: whether she may read what people wrote (--no-text: not).
    """
    rows = _rows(market=market, unit=unit, product=product, segment=segment, audience=audience)
    _link("invite", data, as_json, email=email, name=name, role=role, rows=rows, free_text=text)


@people.command
def reset(email: str, *, data: Data = None, as_json: AsJson = False) -> None:
    """Print a link by which a member chooses a new password. It holds for an hour, works once, and lets in who is locked out."""
    _link("reset", data, as_json, email=email)


@people.command(name="link")
def first_link(*, data: Data = None, as_json: AsJson = False) -> None:
    """Print the link that makes the first administrator, where there is nobody yet."""
    _link("first_link", data, as_json)


@people.command
def role(
    email: str, role: str, *, market: Limits = None, unit: Limits = None, product: Limits = None, segment: Limits = None, audience: Limits = None,
    everything: bool = False, text: bool | None = None, data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Give a member another role, and, where limits are given, other limits.

    Args:
        email: her address.
        role: viewer, contributor, analyst, owner, administrator or auditor.
        everything: take her limits on rows away.
        text: whether she may read what people wrote; left out: as before.
    """
    rows = _rows(market=market, unit=unit, product=product, segment=segment, audience=audience)
    _one("role", data, as_json, show.pairs, email=email, role=role, rows={} if everything else rows or None, free_text=text)


@people.command
def disable(email: str, *, data: Data = None, as_json: AsJson = False) -> None:
    """Keep a member out, at once."""
    _one("disable", data, as_json, show.pairs, email=email)


@people.command
def enable(email: str, *, data: Data = None, as_json: AsJson = False) -> None:
    """Let a member in again."""
    _one("enable", data, as_json, show.pairs, email=email)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@keys.command(name="list")
def keys_list(*, data: Data = None, as_json: AsJson = False) -> None:
    """List the API keys, without the keys themselves."""
    _one("keys", data, as_json, show.rows)


@keys.command
def create(
    name: str, *, scope: list[Literal["ingest", "read", "admin"]] | None = None, days: int | None = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Make an API key. It is shown once.

    Args:
        name: whose it is, or what for.
        scope: ingest, read or admin; several may be given (default: ingest).
        days: until it expires.
    """
    _one("new_key", data, as_json, show.pairs, name=name, scopes=scope or ["ingest"], days=days)


@keys.command
def revoke(key: int, *, data: Data = None, as_json: AsJson = False) -> None:
    """Revoke an API key by its number."""
    _one("revoke", data, as_json, show.pairs, id=key)


# ── protected audiences ──────────────────────────────────────────────────────────────────────────────────────────────


@anonymous.command
def rebuild(*, data: Data = None, as_json: AsJson = False) -> None:
    """Make every release anew from the rows that are there now, as after many corrections. It is written into the audit.

    Whoever kept the old numbers can compare them with the new ones, and what changed in between may concern few people: do it seldom.
    """
    _one("release_anew", data, as_json, show.pairs)


# ── voices and audit ─────────────────────────────────────────────────────────────────────────────────────────────────


@app.command
def themes(*, find: bool = False, data: Data = None, as_json: AsJson = False) -> None:
    """Show what many write that is new, grows, or fits no topic.

    Args:
        find: look for themes now, and say what came of it.
    """
    if not find:
        _one("themes", data, as_json, show.themes)
        return
    with reach(settings_of(data)) as house:
        found = show.working(house, "find_themes", "finding_themes", look_here, err)
    _say(found, as_json, show.theme_search)


@app.command
def voices(
    *words: str, where: str = "", measure: str = "", score: str = "", period: str = "", sort: str = "", without_text: bool = False,
    by: str = "", like: str = "", after: str = "", limit: int = 25, data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Read what people wrote: all words, "an exact phrase", and -not after --; or what is near in meaning.

    Args:
        words: to search for; none for everything.
        where: only these: market=NO,SE;kind=complaint.
        measure: the voices behind its scores.
        score: good, middle, bad, one score, or two as 1..2.
        period: as for ask.
        sort: best, newest, oldest; with a measure also lowest and highest.
        without_text: also answers without words.
        by: how the words are found: words, meaning, both.
        like: a voice's id: those that are nearest to it in meaning.
        after: go on from here; the page before says it.
        limit: how many, 1 to 500.
    """
    asked = {"words": " ".join(words), "where": where, "measure": measure, "score": score, "period": period, "sort": sort, "by": by, "like": like}
    _one("voices", data, as_json, show.voices, **asked, texts=not without_text, after=after, limit=limit)


@app.command
def summary(
    *words: str, where: str = "", measure: str = "", score: str = "", period: str = "", quotes: int = 6, data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Sum up what people wrote: sentences of theirs, each with how many say something like it.

    Args:
        words: to search for; none for everything.
        where: only these: market=NO,SE;kind=complaint.
        measure: the voices behind its scores.
        score: good, middle, bad, one score, or two as 1..2.
        period: as for ask.
        quotes: how many, 1 to 12.
    """
    asked = {"words": " ".join(words), "where": where, "measure": measure, "score": score, "period": period}
    _one("summary", data, as_json, show.summary, **asked, quotes=quotes)


@app.command
def voice(voice: str, *, data: Data = None, as_json: AsJson = False) -> None:
    """Show one voice with its whole story.

    Args:
        voice: its id, as the list gives it.
    """
    _one("voice", data, as_json, show.voice, id=voice)


@text_app.command(name="quality")
def text_quality(*, data: Data = None, as_json: AsJson = False) -> None:
    """Show how rightly texts are read: by your own labels, as published, and what you taught the readers."""
    _one("text_quality", data, as_json, show.text_quality)


@text_app.command(name="label")
def text_label(
    *, draw: int | None = None, row: str = "", tone: str = "", unsure: bool = False, data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Label texts one by one: keeps the answer that is given, and shows the next text.

    Args:
        draw: its number (default: the one in hand, else a new one).
        row: the text that you judged, as it was shown with it.
        tone: negative, neutral, positive or mixed.
        unsure: draw the least certain texts, to teach, and not by chance, to measure.
    """
    with reach(settings_of(data)) as house:
        if row:
            house.call("text_label", row=row, tone=tone)
        number = draw if draw is not None else house.call("text_draw", mode="unsure" if unsure else "fair")["draw"]
        _say(house.call("text_next", draw=number), as_json, show.pairs)


@text_app.command(name="teach")
def text_teach(*, data: Data = None, as_json: AsJson = False) -> None:
    """Teach the readers by your ratings and labels, and say whether it helps."""
    with reach(settings_of(data)) as house:
        found = show.working(house, "text_teach", "text_teaching", teach_here, err)
    _say(found, as_json, show.taught)


@audit.command(name="list")
def audit_list(
    *, who: str = "", did: str = "", since: str = "", until: str = "", text: str = "", before: int | None = None, limit: int = 50,
    data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """List who did what and who saw what, newest first.

    Args:
        who: only by this one.
        did: only this.
        since: first day, as 2026-10-31.
        until: last day.
        text: anywhere in a row.
        before: go on below this number.
        limit: how many, 1 to 500.
    """
    _one("audit", data, as_json, show.deeds, who=who, did=did, since=since, until=until, text=text, before=before, limit=limit)


@audit.command
def verify(*, data: Data = None, as_json: AsJson = False) -> None:
    """Check that no row of the audit was changed, removed, added or moved. Exit code 1 where one was."""
    with reach(settings_of(data)) as house:
        found = house.call("audit_verify")
    _say(found, as_json, show.chain)
    if not found["whole"]:
        raise SystemExit(1)


# ── keep ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command
def backup(folder: Path, *, data: Data = None, as_json: AsJson = False) -> None:
    """Write a whole backup into a new folder. It holds the secret key: keep it as safe as the data."""
    _one("backup", data, as_json, show.pairs, folder=str(folder.resolve()))


@app.command
def restore(folder: Path, *, data: Data = None, as_json: AsJson = False) -> None:
    """Make a new data folder from a backup, after checking every file of it."""
    from gensvar.keep import restore as restored

    _say(restored(folder, settings_of(data)), as_json, show.pairs)


@app.command
def export(
    folder: Path, *, form: Literal["parquet", "csv", "jsonl"] = "parquet", tables: str = "", data: Data = None, as_json: AsJson = False
) -> None:
    """Write every table in an open form into a new folder, with contracts and measures beside them."""
    _one("export", data, as_json, show.pairs, folder=str(folder.resolve()), form=form, tables=tables)


# ── serve ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command
def up(
    *, host: str | None = None, port: int | None = None, data: Data = None, open_browser: Annotated[bool, Parameter(name="--open")] = False
) -> None:
    """Start the server: pages, API, flow and imports in one process. Ctrl-C stops it."""
    _serve(settings_of(data, host=host, port=port), open_browser)


@app.command
def demo(*, host: str | None = None, port: int | None = None, data: Data = None, size: float = 1.0, browser: bool = True, serve: bool = True) -> None:
    """Invent a company, take in its files as a customer's would be, and open the pages.

    Args:
        size: share of the full company, above 0 and at most 1.
        browser: open the browser when the pages are ready.
        serve: afterwards start the server.
    """
    from gensvar.demo.scene import TODAY, play

    settings = settings_of(data or Path("demo-data"), host=host, port=port, today=TODAY.isoformat())
    play(settings, size, err)
    if serve:
        _serve(settings, browser)


def _serve(settings: Settings, open_browser: bool) -> None:
    from gensvar.house import open_house
    from gensvar.serve.desks.people import setup
    from gensvar.serve.server import serve

    def ready(url: str) -> None:
        out.print(f"Gensvar is at {url} (Ctrl-C stops it)")
        if way := setup(house):
            out.print(
                f"Nobody has an account yet. Open this link to become the administrator (24 hours, once): {settings.public_url or url}{way.path}"
            )
        if open_browser and sys.stdout.isatty():
            webbrowser.open(url)

    with open_house(settings) as house:
        serve(house, ready)


def main(argv: list[str] | None = None) -> None:
    """Runs one command; an error of ours is shown in words, and sets the exit code of its class."""
    os.umask(PRIVATE)
    try:
        app(argv)
    except GensvarError as error:
        raise _told(error, argv) from None
    except OSError as broken:
        told = of_system(broken)
        if told is None:
            raise
        raise _told(told, argv) from None
    except KeyboardInterrupt:
        err.print("Stopped.")
        raise SystemExit(130) from None


def _told(error: GensvarError, argv: list[str] | None) -> SystemExit:
    """The error shown in words, and as JSON where that was asked for."""
    if "--json" in (argv or sys.argv):
        sys.stdout.write(msgspec.json.encode({"error": str(error), "faults": error.faults}).decode() + "\n")
    err.print(f"[bold]{error.title}.[/bold] {show.plain(error)}")
    return SystemExit(error.exit_code)


from gensvar.serve import cli_topics as _topics  # noqa: E402, F401 (its commands join those above)
from gensvar.serve import cli_why as _why  # noqa: E402, F401
