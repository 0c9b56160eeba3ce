"""The heat table: every cell a number with its doubt and its verdict, coloured only where the verdict stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gensvar.kit.language import phrase
from gensvar.measure.answer import Estimate, Group, Hidden
from gensvar.serve.web.figures import figure, interval
from gensvar.serve.web.words import Mark, Tone, Words

BESIDE_REST: Mapping[Mark, str] = {
    "rose": phrase("higher than the rest"),
    "fell": phrase("lower than the rest"),
    "same": phrase("no visible difference"),
}
Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. state: number, few, hidden or none (nobody answered); says: its state in a phrase; href: Measure; voices: what people wrote."""

    state: str
    mark: Mark = "none"
    mark_name: str = ""
    tone: Tone = "none"
    figure: str = ""
    interval: str = ""
    n: str = ""
    says: str = ""
    href: str = ""
    voices: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: tuple[Cell, ...]
    whole: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    whole: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """caption: what the table shows, for those who hear it; corner: what the rows are."""

    caption: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a cell leads: to its measure, and to what people wrote; empty where there is nowhere."""

    measure: Callable[[Group], str]
    voices: Callable[[Group], str]


def heat_cell(g: Group | None, words: Words, links: Links, *, beside_rest: bool) -> Cell:
    """What a group's cell shows. A group without a number says why in its place."""
    if g is None:
        return Cell("none", says=words("nobody answered"))
    mark = words.mark(g)
    if not isinstance(g.verdict, Estimate):
        return Cell("hidden" if isinstance(g.verdict, Hidden) else "few", says=words.no_number(g.verdict) or words("nobody answered"))
    name = words(BESIDE_REST[mark]) if beside_rest and mark in BESIDE_REST else words.mark_name(mark)
    return Cell(
        "number", mark, name, words.tone(g), figure(g.measure, g.verdict, words.language), interval(g.measure, g.verdict, words.language),
        words.number(g.verdict.n), "", links.measure(g), links.voices(g),
    )  # fmt: skip


def by_key(groups: Sequence[Group], dims: Sequence[str]) -> dict[Key, Group]:
    """The groups of the newest version among them, by their values of these dimensions."""
    newest = max((g.measure.version for g in groups), default=0)
    return {tuple(g.key.get(d) for d in dims): g for g in groups if g.measure.version == newest}


def order(groups: Sequence[Group], dim: str) -> list[str | None]:
    """The values of a dimension, those with most answers first, what is not stated last."""
    values = dict.fromkeys(g.key[dim] for g in groups if dim in g.key)
    return sorted(values, key=lambda v: v is None)
