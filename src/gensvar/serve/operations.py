"""One function, three doors: everything that can be asked of a house, declared once. HTTP, command line and Python call the same entries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

from gensvar.kit.errors import BadInput
from gensvar.kit.rights import Right
from gensvar.measure import answer_json, parse_question, question_address
from gensvar.measure.parse import parse_list
from gensvar.serve import agreeing, assuming, comparing, finding, membership, nightly, schooling, why_impact, why_journeys, why_outcomes, why_worth
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import keys, taxonomy, why_changed, why_drivers
from gensvar.serve.export import FORMS as EXPORT_FORMS
from gensvar.serve.export import File, Form, Look, answer_file
from gensvar.serve.reading import Rows, SummaryOf, VoiceOf, Voices, audit_check, audit_rows, one_voice, some_voices, voices_in_short
from gensvar.serve.report import Wanted, report_file
from gensvar.serve.web.words import Words
from gensvar.serve.why_change import WhyChanged, change_told

P = TypeVar("P", bound=msgspec.Struct)
Method = Literal["GET", "POST", "DELETE"]
Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Place = Annotated[str, Meta(min_length=1, max_length=4096, pattern=r"^[^\x00]+$")]


@dataclass(frozen=True, slots=True)
class Operation(Generic[P]):
    """params: what it takes (query of a GET, JSON body otherwise). owner_only: touches files of this machine, so no API key may do it.

    gives: the media type of the answer; other than JSON it is a File, and that it was taken along is written into the audit.
    notes: it writes into the audit by itself, and more than that it was done.
    """

    name: str
    method: Method
    path: Place
    needs: Right
    params: type[P]
    run: Callable[[HouseDesk, P], Any]
    help: str
    owner_only: bool = False
    gives: str = "application/json"
    notes: bool = False


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes nothing."""


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """measure: csat.delivery or csat.delivery@2. by: dimensions, comma between. where: market=NO,SE, semicolon between dimensions. period: 2026-Q3,
    last quarter … grain: day … year. compare: previous, year before, a period, or market=SE. language: sv, nb, da, fi, en.
    """

    measure: str
    by: str = ""
    where: str = ""
    period: str = ""
    grain: str = ""
    compare: str = ""
    language: str = "en"


class AskFile(Ask, frozen=True, forbid_unknown_fields=True):
    """As for /v1/answers. mode: light or dark, for pictures."""

    mode: str = "light"


class ReportOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """measures: ids, comma between; empty for all. where, period, compare: as for /v1/answers. title, comment: the writer's own words, or empty.
    language: sv, nb, da, fi, en.
    """

    measures: str = ""
    where: str = ""
    period: str = "last quarter"
    compare: str = "previous"
    title: str = ""
    comment: str = ""
    language: str = "en"


class Yaml(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """yaml: the document. by: who adds it."""

    yaml: str
    by: str = ""


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """name: of the source."""

    name: str


class Numbered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """id: the number of the row, job or key."""

    id: Number


class AsidePage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """source, reason: only those. state: open, replayed or discarded. after: id to go on from. limit: 1…500 rows."""

    source: str | None = None
    reason: str | None = None
    state: Literal["open", "replayed", "discarded"] = "open"
    after: Number = 0
    limit: int = 50


class Replay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """ids: the rows, or empty for every open one. source, reason: only those. repaired: values to use instead, for one row."""

    ids: list[Number] = []
    source: str | None = None
    reason: str | None = None
    repaired: dict[str, Any] | None = None


class Ids(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """ids: the rows."""

    ids: list[Number]


class Import(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """source: whose contract to use. path: the file, on the machine of the server."""

    source: str
    path: Place


class Folder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """folder: on the machine of the server; must not be there yet."""

    folder: Place


class Export(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """folder: on the machine of the server; must not be there yet. form: parquet, csv or jsonl. tables: comma between; empty for all."""

    folder: Place
    form: Literal["parquet", "csv", "jsonl"] = "parquet"
    tables: str = ""


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """source and record: as the source names it."""

    source: str
    record: str


def parsed(params: type[P], given: Mapping[str, Any] | bytes) -> P:
    """What an operation takes, checked; BadInput names the place."""
    try:
        if isinstance(given, bytes):
            return msgspec.json.decode(given or b"{}", type=params)
        return msgspec.convert(given, params, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadInput(str(wrong), do=f"It takes: {(params.__doc__ or '').strip()}") from wrong


def _ask(desk: HouseDesk, p: Ask) -> Any:
    question = parse_question(p.measure, p.by, p.where, p.period, p.grain, p.compare, today=desk.today())
    return answer_json(desk.ask(question, p.language))


def _asked_file(form: Form) -> Callable[[HouseDesk, AskFile], File]:
    def run(desk: HouseDesk, p: AskFile) -> File:
        question = parse_question(p.measure, p.by, p.where, p.period, p.grain, p.compare, today=desk.today())
        answer = desk.ask(question, p.language)
        file = answer_file(answer, form, Words(answer.language), Look(p.mode))
        desk.noted("exported", file.name, **question_address(question))
        return file

    return run


def _report(desk: HouseDesk, p: ReportOf) -> File:
    wanted = Wanted(tuple(parse_list(p.measures)), p.where, p.period, p.compare, p.title, p.comment)
    file = report_file(desk, wanted, desk.scope, p.language)
    desk.noted("exported", file.name, **wanted.told())
    return file


def _replay(desk: HouseDesk, p: Replay) -> Any:
    return desk.replay(p.ids or desk.open_ids(p.source, p.reason), p.repaired)


def _discard(desk: HouseDesk, p: Ids) -> Any:
    desk.discard(p.ids)
    return {"discarded": len(p.ids)}


def _stop(desk: HouseDesk, p: Numbered) -> Any:
    desk.stop_job(str(p.id))
    return desk.job(str(p.id))


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation("ask", "GET", "/v1/answers", "answers", Ask, _ask, "One question, one answer: numbers with intervals, verdicts and the sentence."),
    *(
        Operation(f"ask_{f.name}", "GET", f"/v1/answers.{f.name}", "answers", AskFile, _asked_file(f), f"The same answer as {f.name}.", gives=f.type)
        for f in EXPORT_FORMS.values()
    ),
    Operation("report", "GET", "/v1/report.pdf", "answers", ReportOf, _report, "A board report as PDF.", gives="application/pdf"),
    Operation(
        "compare",
        "GET",
        "/v1/compare",
        "answers",
        comparing.Compare,
        comparing.compared,
        "Two or three dimensions at once, with whole rows and columns.",
    ),
    Operation("patterns", "GET", "/v1/patterns", "answers", comparing.Search, comparing.searched, "Local patterns that the total hides."),
    Operation(
        "team", "GET", "/v1/team", "answers", comparing.Team, comparing.of_team, "A team's own part, beside the rest, and how it bears on the whole."
    ),
    Operation("measures", "GET", "/v1/measures", "answers", Nothing, lambda d, _: d.measure_list(), "Every definition in force."),
    Operation(
        "define",
        "POST",
        "/v1/measures",
        "definitions.change",
        Yaml,
        lambda d, p: d.define(p.yaml, p.by or d.who),
        "Add measures, or new versions of them.",
    ),
    Operation(
        "sources", "GET", "/v1/sources", "sources", Nothing, lambda d, _: d.sources(), "Every source: contract, owner, freshness, what was set aside."
    ),
    Operation("source", "GET", "/v1/source", "sources", Named, lambda d, p: d.source(p.name), "One source with its contract."),
    Operation(
        "add",
        "POST",
        "/v1/sources",
        "sources.change",
        Yaml,
        lambda d, p: {"source": d.add_source(p.yaml, p.by or d.who)},
        "Add a source, or a new version of it.",
    ),
    Operation("imports", "GET", "/v1/imports", "sources", Nothing, lambda d, _: d.imports(), "The latest imports of files, and what became of them."),
    Operation(
        "import",
        "POST",
        "/v1/imports",
        "sources.change",
        Import,
        lambda d, p: {"job": d.start_import(p.source, Path(p.path))},
        "Import a file.",
        True,
    ),
    Operation("jobs", "GET", "/v1/jobs", "sources", Nothing, lambda d, _: d.jobs(), "The latest jobs."),
    Operation("job", "GET", "/v1/job", "sources", Numbered, lambda d, p: d.job(str(p.id)), "How a job is doing."),
    Operation("stop", "POST", "/v1/jobs/stop", "sources.change", Numbered, _stop, "Stop a job after the batch in hand."),
    Operation(
        "set_aside",
        "GET",
        "/v1/set-aside",
        "sources",
        AsidePage,
        lambda d, p: d.set_aside_page(p.source, p.reason, p.state, p.after, p.limit),
        "Rows that were set aside, and why.",
    ),
    Operation(
        "counts", "GET", "/v1/set-aside/counts", "sources", Nothing, lambda d, _: d.counts(), "How many rows are set aside, by source and reason."
    ),
    Operation(
        "aside", "GET", "/v1/set-aside/row", "sources.change", Numbered, lambda d, p: d.set_aside_row(p.id), "One row set aside, with its raw values."
    ),
    Operation(
        "replay",
        "POST",
        "/v1/set-aside/replay",
        "sources.change",
        Replay,
        _replay,
        "Send rows through the flow again, repaired or under a newer contract.",
    ),
    Operation("discard", "POST", "/v1/set-aside/discard", "sources.change", Ids, _discard, "Settle rows without taking them in."),
    Operation(
        "record", "GET", "/v1/records", "voices", Record, lambda d, p: d.record(p.source, p.record), "The rows of one record, as the hub holds them."
    ),
    Operation(
        "release_anew",
        "POST",
        "/v1/anonymous/rebuild",
        "house",
        Nothing,
        lambda d, _: d.release_anew(),
        "Make every release of protected audiences anew.",
        True,
    ),
    Operation("annotations", "GET", "/v1/annotations", "answers", agreeing.All, agreeing.standing, "What was noted on which day."),
    Operation(
        "annotate", "POST", "/v1/annotations", "note", agreeing.Annotate, agreeing.annotate, "Note on the charts what happened on a day.", notes=True
    ),
    Operation(
        "unannotate", "POST", "/v1/annotations/remove", "note", agreeing.OfNumber, agreeing.unannotate, "Take one's own annotation away.", notes=True
    ),
    Operation("definitions", "GET", "/v1/definitions", "answers", agreeing.All, agreeing.in_force, "Every definition, and which sources ask it."),
    Operation("proposals", "GET", "/v1/proposals", "answers", agreeing.All, agreeing.proposals, "Proposed definitions, and what became of them."),
    Operation("propose", "POST", "/v1/proposals", "note", agreeing.Propose, agreeing.propose, "Propose a new version of a definition.", notes=True),
    Operation(
        "settle", "POST", "/v1/proposals/settle", "definitions.change", agreeing.Settle, agreeing.settle, "Approve or decline a proposal.", notes=True
    ),
    Operation("text_quality", "GET", "/v1/text-quality", "answers", schooling.Nothing, schooling.how_right, "How rightly texts are read."),
    Operation("text_draw", "POST", "/v1/text-draws", "label", schooling.DrawOf, schooling.drawn, "Draw texts to label.", notes=True),
    Operation("text_next", "GET", "/v1/text-draws/next", "label", schooling.Next, schooling.next_text, "The next text of a draw."),
    Operation("text_label", "POST", "/v1/text-labels", "label", schooling.Said, schooling.said, "Say how a text sounds.", notes=True),
    Operation(
        "text_teach", "POST", "/v1/text-models", "label", schooling.Nothing, schooling.asked_to_teach, "Have the readers taught anew.", notes=True
    ),
    Operation("text_teaching", "GET", "/v1/text-models", "label", schooling.Nothing, schooling.how_far, "How the latest teaching is doing."),
    Operation("topics", "GET", "/v1/topics", "answers", taxonomy.Nothing, taxonomy.standing, "The topics in force, and how they came to be so."),
    Operation(
        "topics_preview",
        "POST",
        "/v1/topics/preview",
        "topics.change",
        taxonomy.Change,
        taxonomy.previewed,
        "What a change of the topics would move in 2,000 texts.",
    ),
    Operation("topics_change", "POST", "/v1/topics", "topics.change", taxonomy.Change, taxonomy.applied, "Change the topics.", notes=True),
    Operation(
        "topics_rerun", "POST", "/v1/topics/rerun", "topics.change", taxonomy.Nothing, taxonomy.asked_again, "Have texts read again.", notes=True
    ),
    Operation("topics_reading", "GET", "/v1/topics/rerun", "topics.change", taxonomy.Nothing, taxonomy.how_far, "How reading again is doing."),
    Operation(
        "topics_moved",
        "GET",
        "/v1/topics/moved",
        "topics.change",
        taxonomy.Nothing,
        taxonomy.what_moved,
        "Which topics moved when texts were last read again, and where they went.",
    ),
    Operation("voices", "GET", "/v1/voices", "voices", Voices, some_voices, "What people wrote: search, filters, sort, page by page."),
    Operation("summary", "GET", "/v1/summary", "voices", SummaryOf, voices_in_short, "What voices say, in quotes that stand for many."),
    Operation("voice", "GET", "/v1/voice", "voices", VoiceOf, one_voice, "One voice with its whole story."),
    Operation("themes", "GET", "/v1/themes", "voices", finding.Nothing, finding.standing, "What many write that is new, grows, or fits no topic."),
    Operation("theme", "GET", "/v1/theme", "voices", finding.OfTheme, finding.one, "One theme, counted and quoted within the caller's scope."),
    Operation("find_themes", "POST", "/v1/themes/search", "topics.change", finding.Nothing, finding.asked, "Have themes looked for.", notes=True),
    Operation("finding_themes", "GET", "/v1/themes/search", "topics.change", finding.Nothing, finding.how_far, "How looking for themes is doing."),
    Operation("name_theme", "POST", "/v1/themes/name", "topics.change", finding.Rename, finding.rename, "Name a theme.", notes=True),
    Operation("hide_theme", "POST", "/v1/themes/hide", "topics.change", finding.Hide, finding.hide, "Put a theme away.", notes=True),
    Operation(
        "theme_to_topic", "POST", "/v1/themes/topic", "topics.change", finding.MakeTopic, finding.make_topic, "Make a theme a topic.", notes=True
    ),
    Operation(
        "outcomes",
        "GET",
        "/v1/why/outcomes",
        "answers",
        why_outcomes.OutcomeOf,
        why_outcomes.of_topics,
        "Topics, in each tone, that go with leaving, renewing, buying … more or less afterwards.",
    ),
    Operation(
        "outcomes_words",
        "GET",
        "/v1/why/outcomes/words",
        "voices",
        why_outcomes.OutcomeOf,
        why_outcomes.of_words,
        "The same with themes, phrases and words.",
    ),
    Operation(
        "impact", "GET", "/v1/why/impact", "answers", why_impact.ImpactOf, why_impact.found, "What a score owes to each topic, adding up to it."
    ),
    Operation("drivers", "GET", "/v1/why/drivers", "answers", why_drivers.Ask, why_drivers.answered, "What matters most for an outcome, for whom."),
    Operation("changed", "GET", "/v1/why/changed", "answers", why_changed.Nothing, why_changed.asked, "What moved of late, and since when."),
    Operation("journeys", "GET", "/v1/journeys", "answers", why_journeys.Walked, why_journeys.found, "What people do, and where they get stuck."),
    Operation("journey", "GET", "/v1/journey", "answers", why_journeys.WalkedOne, why_journeys.one, "One journey, step by step."),
    Operation("declared_journeys", "GET", "/v1/journeys/declared", "answers", Nothing, why_journeys.declared, "The journeys that people declared."),
    Operation(
        "declare_journey", "POST", "/v1/journeys", "definitions.change", why_journeys.Declared, why_journeys.declare, "Declare a journey.", notes=True
    ),
    Operation(
        "preview_journey",
        "POST",
        "/v1/journeys/preview",
        "definitions.change",
        why_journeys.Declared,
        why_journeys.preview,
        "What a journey would count, nothing kept.",
    ),
    Operation(
        "undeclare_journey",
        "POST",
        "/v1/journeys/remove",
        "definitions.change",
        why_journeys.OfKey,
        why_journeys.undeclare,
        "Take a declared journey away.",
        notes=True,
    ),
    Operation("why_change", "GET", "/v1/why/change", "answers", WhyChanged, change_told, "Who answered and what they said, of a change."),
    Operation("onboarding", "GET", "/v1/why/onboarding", "answers", why_worth.OnboardingOf, why_worth.onboarded, "Early signs of those who succeed."),
    Operation("features", "GET", "/v1/why/features", "answers", why_worth.FeaturesOf, why_worth.valued, "Which features go with what follows."),
    Operation("units", "GET", "/v1/why/units", "answers", why_worth.UnitsOf, why_worth.linked, "Employees and customers, unit by unit."),
    Operation("assumptions", "GET", "/v1/why/assumptions", "answers", assuming.All, assuming.log, "What people believe, and what answers say."),
    Operation("assume", "POST", "/v1/why/assumptions", "note", assuming.Assume, assuming.assume, "Write an assumption down and ask it.", notes=True),
    Operation(
        "unassume", "POST", "/v1/why/assumptions/close", "note", assuming.OfNumber, assuming.unassume, "Close one's own assumption.", notes=True
    ),
    Operation("why_look", "POST", "/v1/why/look", "topics.change", nightly.Nothing, nightly.asked, "Have reasons looked for now.", notes=True),
    Operation("why_looking", "GET", "/v1/why/look", "topics.change", nightly.Nothing, nightly.how_far, "How looking for reasons is doing."),
    Operation("audit", "GET", "/v1/audit", "audit", Rows, audit_rows, "Who did what and who saw what, newest first."),
    Operation("audit_verify", "GET", "/v1/audit/verify", "audit", Nothing, lambda d, _: audit_check(d), "Whether the audit's chain is whole."),
    Operation("status", "GET", "/v1/status", "settings", Nothing, lambda d, _: d.status(), "Rows, backlog, epoch and settings."),
    Operation("backup", "POST", "/v1/backups", "house", Folder, lambda d, p: d.backup(Path(p.folder)), "A whole backup in a new folder.", True),
    Operation(
        "export",
        "POST",
        "/v1/exports",
        "house",
        Export,
        lambda d, p: d.export(Path(p.folder), p.form, p.tables),
        "Every table in an open form.",
        True,
    ),
    Operation("keys", "GET", "/v1/keys", "keys", Nothing, lambda d, _: keys.listed(d.house), "The API keys, without the keys themselves."),
    Operation("new_key", "POST", "/v1/keys", "keys", membership.NewKey, membership.new_key, "A new API key, shown once.", notes=True),
    Operation(
        "revoke", "POST", "/v1/keys/revoke", "keys", Numbered, lambda d, p: keys.revoke(d.house, d.who, p.id), "Revoke an API key.", notes=True
    ),
    Operation("people", "GET", "/v1/people", "people", membership.Nobody, membership.everybody, "Who may sign in, as what, and what each may see."),
    Operation(
        "invite", "POST", "/v1/people", "people.change", membership.Invite, membership.invite, "Invite somebody: a link, shown once.", notes=True
    ),
    Operation(
        "reset", "POST", "/v1/people/reset", "people.change", membership.OfOne, membership.reset, "A link to a new password, shown once.", notes=True
    ),
    Operation(
        "role",
        "POST",
        "/v1/people/role",
        "people.change",
        membership.Role,
        membership.role,
        "Another role, or another scope, for a member.",
        notes=True,
    ),
    Operation(
        "disable", "POST", "/v1/people/disable", "people.change", membership.OfOne, membership.disable, "Keep somebody out, at once.", notes=True
    ),
    Operation("enable", "POST", "/v1/people/enable", "people.change", membership.OfOne, membership.enable, "Let somebody in again.", notes=True),
    Operation(
        "first_link",
        "POST",
        "/v1/people/link",
        "people.change",
        membership.Nobody,
        membership.first_link,
        "The link for the first administrator.",
        notes=True,
    ),
)
BY_NAME: Mapping[str, Operation[Any]] = {o.name: o for o in OPERATIONS}
