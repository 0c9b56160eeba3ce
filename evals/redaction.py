"""How right redaction is, on the labelled set of the tests: the half that was looked at while it was written, and the half that was not."""

from collections.abc import Iterator, Sequence

from tests.text.redaction_set import Line, Score, lines, scores

from evals.result import Result
from gensvar.text.redact import Redactor

TARGET = 0.97
NORTH = ("sv", "nb", "da", "fi", "en")
BARE = "bare name"
WORST = 8


def evaluate() -> list[Result]:
    """Precision and recall by kind and language on the held-out half, in all on both halves, and for five further languages together."""
    redactor = Redactor()
    halves = {held: [line for line in lines() if line.held_out == held] for held in (False, True)}
    found = [*_in_all("looked at", _of(halves[False], NORTH), redactor), *_in_all("held out", _of(halves[True], NORTH), redactor)]
    further = [line for line in halves[True] if line.language not in NORTH]
    found += _in_all("held out, de fr nl es pt", further, redactor)
    each = list(_each(scores(_of(halves[True], NORTH), redactor)))
    for one in sorted(each, key=lambda r: r.value)[:WORST]:
        if not one.met:
            print(f"  worst: {one.name} {one.value:.3f} {one.unit}")
    return [*found, *each]


def _of(half: Sequence[Line], languages: Sequence[str]) -> list[Line]:
    return [line for line in half if line.language in languages]


def _in_all(name: str, half: Sequence[Line], redactor: Redactor) -> list[Result]:
    found = scores(half, redactor)
    named = [score for (kind, _), score in found.items() if kind != BARE]
    bare = [score for (kind, _), score in found.items() if kind == BARE]
    whole = _sum(named)
    n = f"of {whole.hit + whole.missed}"
    made = [
        Result(f"redaction, {name}: precision", whole.precision, f"of {whole.hit + whole.false}", TARGET),
        Result(f"redaction, {name}: recall", whole.recall, n, TARGET),
    ]
    if bare:
        said = _sum(bare)
        made.append(Result(f"redaction, {name}: names that nothing announces, recall", said.recall, f"of {said.hit + said.missed}"))
    return made


def _sum(parts: Sequence[Score]) -> Score:
    return Score(sum(p.hit for p in parts), sum(p.missed for p in parts), sum(p.false for p in parts))


def _each(found: dict[tuple[str, str], Score]) -> Iterator[Result]:
    for (kind, language), score in sorted(found.items()):
        if kind != BARE and score.hit + score.missed:
            yield Result(f"redaction.{kind}.{language}.precision", score.precision, f"of {score.hit + score.false}", TARGET)
            yield Result(f"redaction.{kind}.{language}.recall", score.recall, f"of {score.hit + score.missed}", TARGET)
