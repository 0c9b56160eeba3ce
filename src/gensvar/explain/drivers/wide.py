"""The wide table: one row for each response, with its outcome and its drivers as whole numbers. Only an expression; no engine is named."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import ibis
from ibis import Table

from gensvar.explain.drivers.study import MOST_TIMES, Driver, Event, Rated, Study
from gensvar.text.labels import MILD

BLOCKS, FIGURES = 50, "0123456789abcdef"
CLOSE = 1e-9
OUTCOME = "y"


def place(at: int) -> str:
    """The column of the driver at this place."""
    return f"x{at}"


def wide(feedback: Table, events: Table, study: Study) -> Table:
    """One row for each response that has the outcome: `part` (the value of `by`, or null), `block` (of the party, 0 … 49), y, x0, x1 …

    A driver is null where it is missing. feedback: as its reader may see it. events: the whole table, used where behaviour or an event is asked of.
    """
    rows = asked(feedback, study)
    table = _pivoted(rows, study)
    table = table.filter(*(_one_of(table[name], values) for name, values in study.where)) if study.where else table
    if study.of("topic"):
        table = _with_topics(table, rows, study)
    if study.of("behaviour"):
        table = _with_behaviour(table, events, study)
    if isinstance(study.outcome, Event):
        table = _with_event(table, events, study.outcome)
    dimensions = {place(at): (table[name] == value).cast("int32") for at, (name, value) in _dimensions(study)}
    who = ibis.coalesce(table.party.cast("string"), table.response)
    found = table.mutate(block=_block(who), part=table[study.by] if study.by else ibis.null("string"), **dimensions)
    return found.filter(found[OUTCOME].notnull()).select("part", "block", OUTCOME, *(place(at) for at in range(len(study.drivers))))


def _block(who: Any) -> Any:
    """The block of somebody, from the last two figures of an id, which are a hash's; what is no figure counts as −1."""
    last = who.right(2)
    tens, ones = (ibis.literal(FIGURES).find(last.substr(at, 1)) for at in (0, 1))
    return ((tens * 16 + ones + BLOCKS) % BLOCKS).cast("int32")


def _dimensions(study: Study) -> list[tuple[int, tuple[str, str]]]:
    parted = [(at, d.name.partition("=")) for at, d in study.of("dimension")]
    return [(at, (name, value)) for at, (name, _, value) in parted]


def asked(feedback: Table, study: Study) -> Table:
    """The rows in the period, of audiences that may be counted, that belong to a response."""
    tests = [feedback.response.notnull()]
    if study.left_out:
        tests.append(feedback.audience.notin(study.left_out))
    if study.first is not None:
        tests.append(feedback.occurred_at >= datetime.combine(study.first, time(), UTC))
    if study.last is not None:
        tests.append(feedback.occurred_at < datetime.combine(study.last + timedelta(days=1), time(), UTC))
    return feedback.filter(*tests)


def _pivoted(rows: Table, study: Study) -> Table:
    """A row for each response with a rating that is asked of (each response where none is): ratings side by side, who gave them, its dimensions.

    Scores are picked out as they are, and counted in steps when they stand side by side: a twentieth of the work where there are twenty. Of
    several scores of one measure in a response the highest counts.
    """
    rated = [(place(at), d.rated) for at, d in study.of("rating") if d.rated]
    outcome = study.outcome if isinstance(study.outcome, Rated) else None
    every = [*rated, (OUTCOME, outcome)] if outcome else rated
    keys = sorted({one.key for _, one in every})
    some = _numbered(rows, keys) if every else rows
    scores = {name: ibis.ifelse(some.key == keys.index(one.key), some.score, ibis.null("float64")).max() for name, one in every}
    own = some.measure == outcome.key if outcome else None
    named = {name: some[name].max(where=own) for name in study.dims}
    who = {"party": some.party.max(), **({"account": some.account.max(), "moment": some.occurred_at.max()} if _followed(study) else {})}
    wide_ = some.group_by("response").agg(**scores, **named, **who)
    return wide_.mutate(**{name: _steps(wide_[name], one) for name, one in every})


def _numbered(rows: Table, keys: list[str]) -> Table:
    """The rows of these measures, with `key`, the place of theirs: a number is quicker to compare than a name."""
    places = [(rows.measure == key, ibis.literal(at, "int32")) for at, key in enumerate(keys)]
    return rows.filter(rows.measure.isin(keys)).mutate(key=ibis.cases(*places))


def _followed(study: Study) -> bool:
    """Whether events before or after the answers are asked of."""
    return bool(study.of("behaviour")) or isinstance(study.outcome, Event)


def _steps(score: Any, rated: Rated) -> Any:
    """How many steps of its scale a score lies above the low end; null off the scale."""
    above = score - rated.low
    steps = ((above / rated.step if rated.step != 1 else above) + 0.5).floor().cast("int32")  # half the work of round()
    return ibis.ifelse(score.between(rated.low - CLOSE, rated.high + CLOSE), steps, ibis.null("int32"))


def _one_of(column: Any, values: tuple[str, ...]) -> Any:
    test = column.isin([v for v in values if v])
    return test | column.isnull() if "" in values else test


# ── what was said ──


def _with_topics(table: Table, rows: Table, study: Study) -> Table:
    """Where a response has a text that was read: 0 for a topic spoken ill of, 1 for one not spoken of (or neither way), 2 for one spoken well of.

    A topic spoken of twice has its mean tone.
    """
    read = rows.filter(rows.tones.notnull())
    said = read.select("response", tone=read.tones.unnest())
    parted = said.mutate(topic=said.tone.split("=")[0], value=said.tone.split("=")[1].cast("float64"))
    own = {place(at): parted.value.mean(where=parted.topic == d.name) for at, d in study.of("topic")}
    means = parted.group_by("response").agg(**own)
    texts = read.group_by("response").agg(texts=read.count())
    found = table.left_join(texts, "response").drop("response_right").left_join(means, "response").drop("response_right")
    values = {name: ibis.ifelse(found.texts.notnull(), _by_tone(found[name].fill_null(0.0)), ibis.null("int32")) for name in own}
    return found.mutate(**values)


def _by_tone(tone: Any) -> Any:
    return ibis.cases((tone < -MILD, ibis.literal(0, "int32")), (tone > MILD, ibis.literal(2, "int32")), else_=ibis.literal(1, "int32"))


# ── what was done ──


def _with_behaviour(table: Table, events: Table, study: Study) -> Table:
    """How often the party did each in the days before its answers, at most so often; null where nobody knows whose answers they are."""
    wanted = [(at, d) for at, d in study.of("behaviour")]
    some = events.filter(events.name.isin(sorted({d.name.split(".")[0] for _, d in wanted})))
    pairs = _happened(table, some)
    before = pairs.filter(pairs.then < pairs.moment, pairs.then >= pairs.moment - ibis.interval(days=study.before))
    counts = before.group_by("response").agg(**{place(at): before.count(where=_is(before, d)) for at, d in wanted})
    found = table.left_join(counts, "response").drop("response_right")
    known = found.party.notnull() | found.account.notnull()
    values = {name: _times(found[name], known) for name in (place(at) for at, _ in wanted)}
    return found.mutate(**values)


def _times(count: Any, known: Any) -> Any:
    return ibis.ifelse(known, ibis.least(count.fill_null(0), MOST_TIMES).cast("int32"), ibis.null("int32"))


def _is(events: Table, driver: Driver) -> Any:
    name, _, step = driver.name.partition(".")
    test = events.event == name
    return test & (events.step == step) if step else test


def _with_event(table: Table, events: Table, outcome: Event) -> Table:
    """1 where the event came within the days after, 0 where it did not; no row where the days are not over, or nobody knows whose they are."""
    pairs = _happened(table, events.filter(events.name == outcome.name))
    after = pairs.filter(pairs.then > pairs.moment, pairs.then <= pairs.moment + ibis.interval(days=outcome.days))
    came = after.group_by("response").agg(came=after.count())
    end = datetime.combine(outcome.until - timedelta(days=outcome.days), time(), UTC)
    known = table.filter(table.moment < end, table.party.notnull() | table.account.notnull())
    found = known.left_join(came, "response").drop("response_right")
    return found.mutate(**{OUTCOME: (found.came.fill_null(0) > 0).cast("int32")})


def _happened(table: Table, events: Table) -> Table:
    """Each response beside what its account did or, where it has none, its person."""
    responses = table.select("response", "moment", who=ibis.coalesce(table.account, table.party))
    by_account, by_person = (
        events.filter(events[who].notnull()).select(who=events[who], event="name", step="step", then="occurred_at") for who in ("account", "party")
    )
    return responses.inner_join(by_account.union(by_person), "who")
