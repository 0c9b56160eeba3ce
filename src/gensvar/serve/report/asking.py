"""What a report is to be about, and the questions that it asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from gensvar.contracts import Measure, Measures
from gensvar.kit.errors import TooLarge
from gensvar.measure import Answer, Question, parse_question
from gensvar.serve.web.standing import standing

CUTS = ("market", "channel")
TREND_PERIOD, TREND_STEP = "last 12 months", "month"
MOST_MEASURES, MOST_TITLE, MOST_COMMENT = 20, 120, 1500


class Answering(Protocol):
    """Where a report's numbers come from: a desk under its reader's scope."""

    def ask_many(self, questions: Sequence[Question], language: str) -> Sequence[Answer]: ...

    def measures(self) -> Measures: ...

    def today(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """measures: their ids; none for all. where, period, compare: as `parse_question` reads them. title, comment: the writer's own words, or empty."""

    measures: tuple[str, ...] = ()
    where: str = ""
    period: str = "last quarter"
    compare: str = "previous"
    title: str = ""
    comment: str = ""

    def __post_init__(self) -> None:
        for name, text, most in (("title", self.title, MOST_TITLE), ("comment", self.comment, MOST_COMMENT)):
            if len(text) > most:
                raise TooLarge(f"The {name} has {len(text):,} characters; a report has room for {most:,}", do="Make it shorter.")

    def told(self) -> dict[str, str]:
        """What the report is about, for the audit: not the writer's own words."""
        about = {"measures": ",".join(self.measures), "where": self.where, "period": self.period, "compare": self.compare}
        return {name: text for name, text in about.items() if text}


@dataclass(frozen=True, slots=True)
class Reported:
    """The answers about one measure: as a whole, month by month, and by each cut."""

    measure: Measure
    whole: Answer
    trend: Answer
    cuts: Mapping[str, Answer] = field(default_factory=dict)


def reported(desk: Answering, wanted: Wanted, language: str) -> list[Reported]:
    """The answers of a report, asked all at once; a change is said to be one only where it stands after adjusting for all of them together.

    NotFound for a measure or a value that is not there, TooLarge for more measures than a report can hold.
    """
    today, measures = desk.today(), chosen(desk.measures(), wanted)
    if not measures:
        return []
    compare = wanted.compare if wanted.period else ""
    base = parse_question(measures[0].id, "", wanted.where, wanted.period, "", compare, today=today)
    trend = parse_question(measures[0].id, "", wanted.where, TREND_PERIOD, TREND_STEP, "", today=today)
    cuts = [d for d in CUTS if d not in base.where]
    shapes = [base, trend, *(replace(base, by=(d,)) for d in cuts)]
    answers = iter(desk.ask_many([replace(shape, measure=m.id) for m in measures for shape in shapes], language))
    found = [Reported(m, next(answers), next(answers), {d: next(answers) for d in cuts}) for m in measures]
    held = iter(standing([a for r in found for a in (r.whole, *r.cuts.values())]))
    return [replace(r, whole=next(held), cuts={d: next(held) for d in r.cuts}) for r in found]


def chosen(known: Measures, wanted: Wanted) -> list[Measure]:
    """The newest version of each measure asked for, in that order; of all, by id."""
    names = dict.fromkeys(wanted.measures) or dict.fromkeys(sorted(m.id for m in known))
    if wanted.measures and len(names) > MOST_MEASURES:
        raise TooLarge(f"{len(names)} measures are more than a report can hold ({MOST_MEASURES})", do="Choose those that matter.")
    return [known.versions(name)[-1] for name in names]
