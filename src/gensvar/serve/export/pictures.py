"""An answer as a picture that can stand alone: sentence, question, the page's own chart, how to read it, and what to know."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from gensvar.measure.answer import Answer, Group
from gensvar.serve.export.drawing import png_of, seen, svg_of
from gensvar.serve.export.fonts import FIGURES, TEXT, carried, with_figures
from gensvar.serve.export.question import asked_in_words
from gensvar.serve.web.blocks import Drawn, groups_view, trend_view
from gensvar.serve.web.charts import domain
from gensvar.serve.web.noted import Noted
from gensvar.serve.web.palette import MODES
from gensvar.serve.web.reading import READING
from gensvar.serve.web.words import Words

WIDTH, EDGE, GAP = 760, 36, 26
MOST_GROUPS, MOST_TRENDS = 40, 12
NARROW, WIDE = frozenset("iljtfrI.,:;'’()|! "), frozenset("mwMWÆŒ%—…")
Key = Mapping[str, str | None]


def nothing_noted(_: Key) -> Sequence[Noted]:
    """For charts that show no annotations."""
    return ()


@dataclass(frozen=True, slots=True)
class Look:
    """mode: light or dark. noted: the annotations on the trend of the group with this key. fonts: carried along, for a reader who lacks them."""

    mode: str = "light"
    noted: Callable[[Key], Sequence[Noted]] = nothing_noted
    fonts: bool = True


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Hand:
    """One way of setting text. size, lead: pixels from line to line; ink: a colour role."""

    font: str
    size: float
    lead: int
    ink: str
    weight: int = 400


HEADLINE = Hand(TEXT, 22, 29, "ink", 600)
UNDER = Hand(FIGURES, 14, 21, "ink-2")
OVER_CHART = Hand(FIGURES, 14, 22, "ink", 600)
FOOT = Hand(FIGURES, 12, 18, "ink-2")


@dataclass(frozen=True, slots=True)
class Piece:
    """Something drawn, and how tall it is."""

    svg: str
    height: int


def picture_svg(answer: Answer, words: Words, look: Look = PLAIN) -> str:
    """The picture as SVG text."""
    drawn, left_out = drawings(answer, words, look)
    pieces = [
        text(answer.sentence, HEADLINE), space(8), text(asked_in_words(answer, words), UNDER), space(20),
        *charts(drawn, look.mode), space(16),
        *(text(line, FOOT) for line in foot(answer, drawn, left_out, words)),
    ]  # fmt: skip
    return sheet(pieces, answer.sentence, look.mode, carried() if look.fonts else "")


def picture_png(answer: Answer, words: Words, look: Look = PLAIN) -> bytes:
    """The picture as pixels, 1,520 wide."""
    return png_of(picture_svg(answer, words, replace(look, fonts=False)))


def drawings(answer: Answer, words: Words, look: Look = PLAIN) -> tuple[list[Drawn], int]:
    """The charts of an answer as the pages draw them: its groups, or a trend for each; and how many groups were too many to draw."""
    keys = dict.fromkeys(tuple(sorted(g.key.items(), key=lambda kv: kv[0])) for g in answer.groups)
    most = MOST_TRENDS if answer.question.grain else MOST_GROUPS
    shown = [g for g in answer.groups if tuple(sorted(g.key.items(), key=lambda kv: kv[0])) in set(list(keys)[:most])]
    left_out = max(0, len(keys) - most)
    if not answer.question.grain:
        return [groups_view(replace(answer, groups=tuple(shown)), words, "")], left_out
    span = domain(shown)
    firsts = {tuple(g.key.values()): g for g in reversed(shown)}
    ordered: list[Group] = [firsts[k] for k in dict.fromkeys(tuple(g.key.values()) for g in shown)]
    return [trend_view(answer, words, words.group(g) if g.key else "", g, span, look.noted(g.key)) for g in ordered], left_out


def charts(drawn: Sequence[Drawn], mode: str) -> Iterator[Piece]:
    """One chart across the sheet, or several in two columns, each under its name."""
    if len(drawn) == 1:
        yield chart(drawn[0], WIDTH - 2 * EDGE, mode)
        return
    width = (WIDTH - 2 * EDGE - GAP) // 2
    for at in range(0, len(drawn), 2):
        pair = [chart(d, width, mode) for d in drawn[at : at + 2]]
        moved = "".join(f'<g transform="translate({i * (width + GAP)} 0)">{p.svg}</g>' for i, p in enumerate(pair))
        yield Piece(moved, max(p.height for p in pair))
        yield space(14)


def chart(d: Drawn, width: int, mode: str) -> Piece:
    """One chart under its name; or why there is none."""
    name = text(d.title, OVER_CHART, width) if d.title else space(0)
    if d.spec is None:
        why = text(d.why, UNDER, width)
        return Piece(name.svg + down(why.svg, name.height), name.height + why.height)
    svg = with_figures(svg_of(d.spec, width, mode))
    return Piece(name.svg + down(svg, name.height), name.height + _height(svg))


def _height(svg: str) -> int:
    found = re.search(r'<svg[^>]* height="(\d+)', svg)
    return int(found[1]) + 1 if found else 0


def foot(answer: Answer, drawn: Sequence[Drawn], left_out: int, words: Words) -> Iterator[str]:
    """How to read it, then what a careful reader should know."""
    if left_out:
        yield words.many("One smaller group is left out; it is in the table.", "{n} smaller groups are left out; they are in the table.", left_out)
    yield from dict.fromkeys(words(READING[d.kind]) for d in drawn if d.spec)
    yield from answer.notes
    measures = dict.fromkeys(words("{measure}, version {version}", measure=g.measure.id, version=g.measure.version) for g in answer.groups)
    yield " · ".join([*measures, "Gensvar"])


def text(said: str, hand: Hand, width: int = WIDTH - 2 * EDGE) -> Piece:
    """Text set in lines of at most this width."""
    lines = wrapped(seen(said), hand, width)
    spans = " ".join(f'<tspan x="0" y="{round(hand.lead * (i + 0.8), 1):g}">{escape(line)}</tspan>' for i, line in enumerate(lines))
    svg = f'<text font-family="{hand.font}" font-size="{hand.size:g}" font-weight="{hand.weight}" fill="{{{hand.ink}}}">{spans}</text>'
    return Piece(svg.replace("{" + hand.ink + "}", f"var-{hand.ink}"), hand.lead * len(lines))


def wrapped(said: str, hand: Hand, width: int) -> list[str]:
    """Lines that are no wider than this, by a careful guess of each character's width; a word that is wider alone is cut."""
    room = width / hand.size
    lines: list[str] = []
    for word in (piece for long in said.split(" ") for piece in _cut(long, room)):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and ems(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines or [""]


def _cut(word: str, room: float) -> Iterator[str]:
    while ems(word) > room:
        at = next(i for i in range(1, len(word) + 1) if ems(word[:i]) > room) - 1
        yield word[: max(at, 1)]
        word = word[max(at, 1) :]
    yield word


def ems(text: str) -> float:
    """About how wide text is, in units of its size; rather more than less.

    >>> ems("ill") < ems("one") < ems("MWM")
    True
    """
    return sum(0.32 if c in NARROW else 0.92 if c in WIDE else 1.0 if ord(c) > 0x2E80 else 0.68 if c.isupper() else 0.56 for c in text)


def space(height: int) -> Piece:
    return Piece("", height)


def down(svg: str, by: int) -> str:
    return f'<g transform="translate(0 {by})">{svg}</g>'


def sheet(pieces: Sequence[Piece], title: str, mode: str, style: str) -> str:
    """The pieces below each other on one ground, as a picture with its name for those who cannot see it."""
    body, at = [], EDGE
    for piece in pieces:
        if piece.svg:
            body.append(f'<g transform="translate({EDGE} {at})">{piece.svg}</g>')
        at += piece.height
    height, colours = at + EDGE - 10, MODES[mode][0]
    inked = re.sub(r'fill="var-([a-z0-9-]+)"', lambda found: f'fill="{colours[found[1]]}"', "".join(body))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img">'
        f"<title>{escape(seen(title))}</title>{f'<style>{style}</style>' if style else ''}"
        f'<rect width="{WIDTH}" height="{height}" fill="{colours["sheet"]}"/>{inked}</svg>'
    )
