"""A question in words: what was asked, of whom, when and against what. Stands under a picture's headline and on a report."""

from collections.abc import Iterator

from gensvar.measure.answer import Answer, Estimate, TooFew
from gensvar.measure.question import Against, Period, Question
from gensvar.serve.web.words import BY_NAMES, Words


def asked_in_words(answer: Answer, words: Words) -> str:
    """As: CSAT for delivery · by market · 1 Aug 2026 – 31 Oct 2026, against the period before · 1,204 answers."""
    return " · ".join(_parts(answer, words))


def _parts(answer: Answer, words: Words) -> Iterator[str]:
    question = answer.question
    yield answer.groups[0].measure.title(words.language) if answer.groups else question.measure
    if question.by:
        yield ", ".join(words(BY_NAMES[d]) if d in BY_NAMES else words(d) for d in question.by)
    yield from filters(question, words)
    period = period_in_words(question.period, words)
    yield words("{period}, against {other}", period=period, other=against_in_words(question.compare, words)) if question.compare else period
    yield words.many("{n} answer", "{n} answers", answers_of(answer))


def answers_of(answer: Answer) -> int:
    """How many answers stand behind what is shown."""
    return sum(g.verdict.n for g in answer.groups if isinstance(g.verdict, Estimate | TooFew))


def filters(question: Question, words: Words) -> Iterator[str]:
    """Each dimension that is limited, and to what."""
    for dimension, values in question.where.items():
        yield f"{words(dimension)}: {', '.join(words.value(dimension, v) for v in values)}"


def period_in_words(period: Period | None, words: Words) -> str:
    """Its first and last day, or that there is no limit."""
    if period is None:
        return words("all time")
    return words.day(period.first) if period.first == period.last else f"{words.day(period.first)} – {words.day(period.last)}"


def against_in_words(compare: Against, words: Words) -> str:
    match compare:
        case Against("previous"):
            return words("the period before")
        case Against("year_before"):
            return words("the year before")
        case Against("rest"):
            return words("the rest of the table")
        case Against("period", period):
            return period_in_words(period, words)
        case _:
            return ", ".join(words.value(d, v) for d, values in compare.group.items() for v in values)
