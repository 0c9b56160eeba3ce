"""A scope as a form and as words: which rows, whether what people wrote may be read, and the smallest group shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar.datastructures import FormMultiDict

from gensvar.contracts import AUDIENCES, DIMENSIONS
from gensvar.kit.errors import BadInput
from gensvar.kit.language import phrase
from gensvar.kit.scope import Scope
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.words import Words

LIMITED = ("market", "unit", "product", "audience", "segment", *(d for d in DIMENSIONS if d not in {"market", "unit", "product", "segment"}))
AUDIENCE_NAMES = {
    "customer": phrase("Customers"), "employee": phrase("Employees"), "partner": phrase("Partners"), "owner": phrase("Owners"),
    "public": phrase("The public"),
}  # fmt: skip
MOST_VALUES, MOST_SHOWN, LONGEST_VALUE, LARGEST_GROUP = 1000, 200, 200, 10_000


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """One dimension: whether it is limited, and the values there are."""

    dimension: str
    title: str
    limited: bool
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Least:
    """The smallest group of one audience; floor: nobody can be shown less."""

    audience: str
    title: str
    value: int
    floor: int


@dataclass(frozen=True, slots=True)
class ScopeForm:
    limits: tuple[Limit, ...]
    free_text: bool
    least: tuple[Least, ...]


def scope_form(desk: Desk, scope: Scope, words: Words) -> ScopeForm:
    """The form that shows this scope. Values are those that the hub has and the desk's reader may see, and those that the scope names."""
    floors = Scope()
    return ScopeForm(
        tuple(_limit(desk, d, scope, words) for d in LIMITED),
        scope.free_text,
        tuple(Least(a, words(AUDIENCE_NAMES[a]), scope.smallest_group(a), floors.smallest_group(a)) for a in AUDIENCES),
    )


def _limit(desk: Desk, dimension: str, scope: Scope, words: Words) -> Limit:
    chosen = scope.rows.get(dimension, frozenset())
    known = AUDIENCES if dimension == "audience" else desk.dimension_values(dimension)[:MOST_SHOWN]
    options = (Option(v, value_text(dimension, v, words), v in chosen) for v in sorted({*known, *chosen}))
    return Limit(dimension, words(dimension).capitalize(), dimension in scope.rows, tuple(options))


def value_text(dimension: str, value: str, words: Words) -> str:
    """A value as a reader says it."""
    return words(AUDIENCE_NAMES[value]) if dimension == "audience" and value in AUDIENCE_NAMES else words.value(dimension, value)


def scope_of(form: FormMultiDict) -> Scope:
    """The scope that the form says. BadInput where a dimension is limited to nothing, or a number is none: that is never taken for 'all'."""
    rows, faults = {}, []
    for dimension in LIMITED:
        if form.get(f"limit.{dimension}") != "some":
            continue
        more = str(form.get(f"more.{dimension}", "")).split(",")
        values = {str(v).strip() for v in [*form.getall(f"value.{dimension}", []), *more]} - {""}
        if not values or len(values) > MOST_VALUES or any(len(v) > LONGEST_VALUE for v in values):
            faults.append(f"{dimension}: choose 1 to {MOST_VALUES} values, or all of them")
        rows[dimension] = frozenset(values)
    least = {audience: _group(str(form.get(f"least.{audience}", "")), audience, faults) for audience in AUDIENCES}
    if faults:
        raise BadInput("What may be seen is not clear", faults=faults, do="Go back and correct it; nothing was changed.")
    floors = Scope()
    return Scope(rows, form.get("free_text") == "yes", {a: n for a, n in least.items() if n != floors.smallest_group(a)})


def _group(text: str, audience: str, faults: list[str]) -> int:
    floor = Scope().smallest_group(audience)
    if not text:
        return floor
    if not (text.isascii() and text.isdigit()) or len(text) > 6 or not floor <= int(text) <= LARGEST_GROUP:
        faults.append(f"smallest group of {audience}: a whole number from {floor} to {LARGEST_GROUP}")
        return floor
    return int(text)


def scope_said(scope: Scope, words: Words) -> tuple[str, ...]:
    """The scope in sentences; one sentence where it limits nothing."""
    limits = [words("Only {dimension}: {values}.", dimension=words(d), values=_listed(d, sorted(v), words)) for d, v in sorted(scope.rows.items())]
    text = [] if scope.free_text else [words("Not what people wrote.")]
    least = [
        words("{audience}: only groups of at least {n}.", audience=words(AUDIENCE_NAMES[a]), n=words.number(scope.smallest_group(a)))
        for a in AUDIENCES
        if scope.smallest_group(a) > Scope().smallest_group(a)
    ]
    return (*limits, *text, *least) or (words("Everything that the role allows."),)


def _listed(dimension: str, values: Sequence[str], words: Words) -> str:
    return ", ".join(value_text(dimension, v, words) for v in values) or words("none")
