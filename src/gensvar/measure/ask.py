"""ask: every page, API call and command asks the same question the same way: resolve, plan, fetch, infer, say."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from gensvar.contracts.measures import Measures
from gensvar.kit.errors import NotFound, nearest
from gensvar.kit.language import Translator, translator
from gensvar.kit.scope import Scope
from gensvar.measure.anonymous import Released, with_blocks
from gensvar.measure.anonymous.notes import notes_on_protected
from gensvar.measure.answer import Answer, Group, Hidden
from gensvar.measure.fetch import Fetched, fetch, of_measures, values_of
from gensvar.measure.infer import infer
from gensvar.measure.plan import Plan, Shape, Source, plan, shape_of
from gensvar.measure.question import Question
from gensvar.measure.resolve import Resolved, resolve
from gensvar.measure.rest import with_rest
from gensvar.measure.say import say

MOST_NAMED = 12
NOTHING_RELEASED = Released()


def ask(
    question: Question, engine: Source, measures: Measures, scope: Scope, today: date, language: str = "en", released: Released = NOTHING_RELEASED
) -> Answer:
    """A verdict for each group, with its trend and change where asked for, and the sentences in this language.

    NotFound for an unknown measure or value, BadInput for what cannot be meant; both name the nearest. today: the UTC day, to say what is not over.
    released: what protected audiences are answered from; without it, employees' answers are in nothing.
    """
    return ask_many([question], engine, measures, scope, today, language, released)[0]


def ask_many(
    questions: Sequence[Question],
    engine: Source,
    measures: Measures,
    scope: Scope,
    today: date,
    language: str = "en",
    released: Released = NOTHING_RELEASED,
) -> tuple[Answer, ...]:
    """What `ask` answers to each of them, in their order; those that differ in nothing but the measure are counted by one query."""
    epoch, t = engine.epoch(), translator(language)
    resolved = [resolve(question, measures, scope) for question in questions]
    alike: dict[Shape, list[int]] = defaultdict(list)
    for at, one in enumerate(resolved):
        if not one.this.empty:
            alike[shape_of(one, released.protected)].append(at)
    answers = {at: _out_of_scope(one, epoch, t) for at, one in enumerate(resolved) if one.this.empty}
    for places in alike.values():
        together = [resolved[at] for at in places]
        made = plan(together, engine, released.protected)
        fetched = fetch(made, together[0])
        for at, rows in zip(places, of_measures(fetched, [one.versions for one in together]), strict=True):
            answers[at] = _answer(resolved[at], made, rows, scope, today, epoch, t, released)
    return tuple(answers[at] for at in range(len(questions)))


def _out_of_scope(resolved: Resolved, epoch: int, t: Translator) -> Answer:
    return say(Answer(resolved.question, (Group({}, resolved.versions[-1], Hidden("scope")),), "", epoch=epoch), t)


def _answer(resolved: Resolved, made: Plan, fetched: Fetched, scope: Scope, today: date, epoch: int, t: Translator, released: Released) -> Answer:
    """The counts of one question in verdicts and words."""
    check_values(resolved, made, fetched, scope, released)
    fetched = with_blocks(fetched, resolved, released)
    groups = with_rest(resolved, fetched, infer(resolved, fetched, scope))
    notes = tuple(notes_of(resolved, fetched, groups, scope, today, t))
    return say(Answer(resolved.question, groups, "", epoch=epoch, source=made.source, notes=notes), t)


def check_values(resolved: Resolved, made: Plan, fetched: Fetched, scope: Scope, released: Released) -> None:
    """NotFound when a value that was named occurs nowhere; a table is looked through only for those not among the rows already fetched.

    Where protected people have answered the measure, no value is refused: to say that one of theirs occurs nowhere, or somewhere, would tell.
    """
    if any(released.blocks.get(version.key) for version in resolved.versions):
        return
    compare = resolved.question.compare
    for dim in resolved.named:
        named = {v or None for v in (*resolved.question.where.get(dim, ()), *(compare.group.get(dim, ()) if compare else ()))}
        visible = named & scope.rows[dim] if dim in scope.rows else named
        absent = visible - fetched.seen(dim) - {None}
        known = values_of(made, dim, scope.rows) | (_nameable(released, dim) & visible) if absent else frozenset()
        unknown = sorted(v for v in absent - known if v is not None)
        if unknown:
            near = nearest(unknown[0], [v for v in known if v is not None])
            raise NotFound(f"No {dim} {unknown[0]!r}", nearest=near, do=_some(dim, known))


def _nameable(released: Released, dim: str) -> frozenset[str | None]:
    """What may be named of protected people; that there are such is no secret."""
    return frozenset(released.protected) if dim == "audience" else released.values(dim)


def _some(dim: str, known: frozenset[str | None]) -> str:
    """A next step that names the values there are, or some of them."""
    named = sorted(v for v in known if v is not None)
    if not named:
        return f"Nothing says its {dim}."
    return f"There are: {', '.join(named[:MOST_NAMED])}" + (f" and {len(named) - MOST_NAMED} more." if len(named) > MOST_NAMED else ".")


def notes_of(resolved: Resolved, fetched: Fetched, groups: tuple[Group, ...], scope: Scope, today: date, t: Translator) -> Iterator[str]:
    """What a careful reader should know."""
    versions = sorted({g.measure.version for g in groups})
    if len(versions) > 1:
        listed = ", ".join(map(str, versions))
        yield t("The definition has changed: versions {versions} are shown apart and never compared.", versions=listed)
    period = resolved.question.period
    if period is not None and period.last >= today:
        yield t("The period is not over: it is counted up to now.")
    if scope.rows:
        yield t("Only what you may see is counted.")
    if any(isinstance(g.verdict, Hidden) for g in groups):
        yield t("Groups in which few answered are not shown.")
    yield from notes_on_protected(resolved, fetched, groups, today, t)
