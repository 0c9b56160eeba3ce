"""What was found of journeys as charts, each with its table: the map, the flow and steps of a journey, its friction, what became of who stopped."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from gensvar.explain.journeys import OTHER, Compared, Fates, Friction, JourneyFound, Link, Node, Number, Path, StepFound, TouchpointMap
from gensvar.serve.web.blocks import Drawn, Table
from gensvar.serve.web.charts_journeys import Bar, Dot, Kind, Part, Place, Stream, dots_chart, flow_chart, steps_chart
from gensvar.serve.web.journey_words import (
    FATES,
    fate_counts,
    group_names,
    known,
    lasting,
    level,
    node_name,
    share,
    sure,
    taken,
)
from gensvar.serve.web.words import Tone, Words
from gensvar.stats import Share

MOST_COLUMNS, MOST_ONWARD, MOST_LINKS = 6, 2, 40
STUCK = 0.1
LOST: Sequence[str] = ("channel", "support", "left")


# ── the map ──


def map_flow(found: TouchpointMap, w: Words) -> Drawn:
    """Who comes where next, from the first contact to the last: the most common moves forwards, as ribbons."""
    title = w("From the first contact onwards: where people go next")
    columns = _columns([n for n in found.nodes if n.key != OTHER], {key for link in found.links for key in (link.source, link.target)})
    names = {n.key: n for n in found.nodes}
    forwards = list(_forwards(found, columns))
    table = _moves_table(found, names, title, w)
    if not forwards:
        return Drawn(title, table, why=w("Nobody is seen to go from one place to another."), kind="ribbons")
    used = {key for k in forwards for key in (k.source, k.target)}
    places = [_place_of(names[key], columns[key], w) for key in sorted(used, key=lambda key: (columns[key], -names[key].parties))]
    streams = [Stream(k.source, k.target, float(k.moves), _move_says(k, names, w)) for k in forwards]
    return Drawn(title, table, flow_chart(_closed_up(places), streams, title, w.language), kind="ribbons")


def _forwards(found: TouchpointMap, columns: Mapping[str, int]) -> Iterator[Link]:
    """From each place the two most common moves to a later column: more would be a tangle; the table has them all."""
    told = Counter[str]()
    for link in sorted(found.links, key=lambda k: (-k.moves, k.source, k.target)):
        if link.moves and columns.get(link.source, MOST_COLUMNS) < columns.get(link.target, -1) and told[link.source] < MOST_ONWARD:
            told[link.source] += 1
            yield link


def _columns(nodes: Sequence[Node], linked: set[str]) -> dict[str, int]:
    """Touchpoint → its column: in the order in which people meet them, a few in each."""
    met = sorted((n for n in nodes if n.key in linked), key=lambda n: (n.order, n.key))
    size = max(1, -(-len(met) // MOST_COLUMNS))
    return {n.key: at // size for at, n in enumerate(met)}


def _closed_up(places: Sequence[Place]) -> list[Place]:
    """Without columns that nothing stands in."""
    columns = sorted({p.layer for p in places})
    return [Place(p.id, columns.index(p.layer), p.name, p.figure, p.says, p.kind, p.last) for p in places]


def _place_of(n: Node, column: int, w: Words) -> Place:
    return Place(n.key, column, node_name(n, w), w.number(n.parties), _node_says(n, w), "stop" if sticks(n) else "on")


def sticks(n: Node) -> bool:
    """Whether it is proved that at least one visit in ten ends here unfinished: coloured only then."""
    return n.visits > 0 and Share(_stays(n), n.visits).interval().low > STUCK


def _stays(n: Node) -> int:
    """Visits after which they turned to support or were not seen again; that they went on in another channel is no loss on the map."""
    return min(n.fates.left + n.fates.support, n.visits)


def _node_says(n: Node, w: Words) -> str:
    return w("{name}: {n} people, {share} of all", name=node_name(n, w), n=w.number(n.parties), share=share(n.reach, w))


def _move_says(k: Link, names: Mapping[str, Node], w: Words) -> str:
    source, target = node_name(names[k.source], w), node_name(names[k.target], w)
    return w("{source} → {target}: {moves} times, {n} people", source=source, target=target, moves=w.number(k.moves), n=w.number(k.parties))


def _moves_table(found: TouchpointMap, names: Mapping[str, Node], title: str, w: Words) -> Table:
    head = (w("from"), w("to"), w("people"), w("moves"), w("after a pause"), w("to another channel"), w("back to where they were"), w("time between"))
    rows = tuple(
        (
            node_name(names[k.source], w), node_name(names[k.target], w), w.number(k.parties), w.number(k.moves), w.number(k.pauses),
            w.number(k.across), w.number(k.returns), lasting(k.seconds, w),
        )
        for k in found.links[:MOST_LINKS] if k.source in names and k.target in names
    )  # fmt: skip
    return Table(title, head, rows, texts=2)


def map_bars(found: TouchpointMap, w: Words) -> Drawn:
    """Each touchpoint in the order in which people meet it: how many come, and where they do not come further."""
    title = w("Each place, from the first contact to the last: how many come, and how many do not come further")
    table = _nodes_table(found.nodes, title, w)
    bars = [_node_bar(n, w) for n in found.nodes if known(n.reach)]
    if not bars:
        return Drawn(title, table, why=w("Too few people have come to any place to say how many."), kind="steps")
    return Drawn(title, table, steps_chart(bars, title, w.language), kind="steps")


def _node_bar(n: Node, w: Words) -> Bar:
    reach = 100 * (n.reach.value or 0.0)
    cut, says = reach * (1 - _stays(n) / n.visits) if n.visits else reach, _node_says(n, w)
    lost = w.many("{name}: one visit ended here", "{name}: {n} visits ended here", _stays(n), name=node_name(n, w))
    parts = (Part("on", 0.0, cut, says), Part("stop", cut, reach, lost))
    return Bar(node_name(n, w), parts, share(n.reach, w), says, reach, 100 * (n.reach.low or 0.0), 100 * (n.reach.high or 0.0))


def _nodes_table(nodes: Sequence[Node], title: str, w: Words) -> Table:
    head = (
        w("place"), w("channel"), w("come"), w("of all"), w("go on"), w("time to the next"), w("come again"), w("came back"), w("another channel"),
        w("support"), w("gave up"), w("tone"), w("effort"),
    )  # fmt: skip
    return Table(title, head, tuple(_node_row(n, w) for n in nodes), texts=2)


def _node_row(n: Node, w: Words) -> tuple[str, ...]:
    f = n.fates
    return (
        node_name(n, w), n.channel or "–", w.number(n.parties), sure(n.reach, w), sure(n.goes_on, w), lasting(n.after_s, w), sure(n.repeats, w),
        w.number(f.returned), w.number(f.channel), sure(n.support, w), w.number(f.left), level(n.voice.sentiment, w), level(n.voice.effort, w),
    )  # fmt: skip


def map_tones(found: TouchpointMap, w: Words) -> Drawn | None:
    """How each touchpoint is spoken of, in the order in which people meet it; None where no place has enough texts."""
    title = w("How people sound at each place")
    told = [n for n in found.nodes if known(n.voice.sentiment)]
    if not told:
        return None
    dots = [_tone_dot(node_name(n, w), n.voice.sentiment, w) for n in told]
    head = (w("place"), w("tone"), w("texts"))
    rows = tuple((node_name(n, w), level(n.voice.sentiment, w), w.number(n.voice.sentiment.n)) for n in told)
    return Drawn(title, Table(title, head, rows), dots_chart(dots, title, w.language, (-1.0, 1.0)), kind="dots")


def _tone_dot(name: str, tone: Number, w: Words) -> Dot:
    low, high = tone.low or 0.0, tone.high or 0.0
    told = level(tone, w)
    return Dot(name, told.partition(" (")[0], f"{name}: {told}", tone.value, low, high, tone.n, "worse" if high < 0 else "none")


# ── one journey ──


def journey_flow(found: JourneyFound, w: Words) -> Drawn:
    """From step to step, who goes on and who stops; where most are lost, also what became of them."""
    title = w("{journey}: who goes on, who stops, and what becomes of them", journey=found.journey.name)
    steps, table = found.steps, _fates_table(found.steps, title, w)
    if not steps or not steps[0].came:
        return Drawn(title, table, why=w("Nobody is seen on this journey."), kind="ribbons")
    runs = [*_onward(steps, w), *_stops(steps, w)]
    if not runs:
        return Drawn(title, table, why=w("Nobody is seen to go further than the first step."), kind="ribbons")
    places = [_step_place(steps, at, w) for at in range(len(steps))]
    chart = flow_chart([*places, *(p for _, p in runs if p is not None)], [s for s, _ in runs], title, w.language)
    return Drawn(title, table, chart, kind="ribbons")


def _step_place(steps: Sequence[StepFound], at: int, w: Words) -> Place:
    s = steps[at]
    figure = w.number(s.came) if at == 0 or not known(steps[at - 1].goes_on) else f"{w.number(s.came)} · {share(steps[at - 1].goes_on, w)}"
    return Place(f"step {at}", at, s.name, figure, step_says(s, w))


def _onward(steps: Sequence[StepFound], w: Words) -> Iterator[tuple[Stream, None]]:
    for at, (s, onward) in enumerate(pairwise(steps)):
        if onward.came:
            says = w("{source} → {target}: {n} errands", source=s.name, target=onward.name, n=w.number(onward.came))
            yield Stream(f"step {at}", f"step {at + 1}", float(onward.came), says), None


def _stops(steps: Sequence[StepFound], w: Words) -> Iterator[tuple[Stream, Place]]:
    """Each stop as a node beside the next step; the worst of them cut into what became of those who stopped."""
    worst = max(range(len(steps)), key=lambda at: steps[at].ended.lost)
    for at, s in enumerate(steps[:-1]):
        cut = {fate: getattr(s.ended, fate) for fate in LOST} if at == worst else {"lost": s.ended.lost}
        for fate, n in cut.items():
            name = w("stop after {step}", step=s.name) if fate == "lost" else w(FATES[fate])
            if n:
                yield _stop(at, fate, name, n, f"{s.name}: {name}, {w.number(n)}", "stop", w)
        if s.ended.unknown:
            yield _stop(at, "unknown", w("not yet known"), s.ended.unknown, w("Still under way."), "unknown", w)


def _stop(at: int, fate: str, name: str, n: int, says: str, kind: Kind, w: Words) -> tuple[Stream, Place]:
    place = Place(f"{fate} {at}", at + 1, name, w.number(n), says, kind, last=True)
    return Stream(f"step {at}", place.id, float(n), says, kind), place


def step_says(s: StepFound, w: Words) -> str:
    return w("{step}: {n} came, {share} of those known went on", step=s.name, n=w.number(s.came), share=sure(s.goes_on, w))


def _fates_table(steps: Sequence[StepFound], title: str, w: Words) -> Table:
    head = (w("step"), w("came"), *(w(FATES[name]) for name in FATES))
    return Table(title, head, tuple((s.name, w.number(s.came), *(w.number(n) for _, n in fate_counts(s.ended))) for s in steps))


def journey_steps(found: JourneyFound, w: Words) -> Drawn:
    """The funnel: of all errands, how many came to each step, with intervals, and what was lost on the way there."""
    title = w("{journey}: how many come to each step", journey=found.journey.name)
    table = step_table(found.steps, title, w)
    if not any(known(s.of_all) for s in found.steps):
        return Drawn(title, table, why=w("Too few errands have ended to say how many come to each step."), kind="steps")
    bars = [_step_bar(found.steps, at, w) for at in range(len(found.steps))]
    return Drawn(title, table, steps_chart(bars, title, w.language), kind="steps")


def _step_bar(steps: Sequence[StepFound], at: int, w: Words) -> Bar:
    s = steps[at]
    if not known(s.of_all):
        return Bar(s.name, (), share(s.of_all, w), share(s.of_all, w))
    here = 100 * (s.of_all.value or 0.0)
    onward = steps[at + 1].of_all if at + 1 < len(steps) else s.of_all
    cut = min(here, 100 * onward.value) if onward.value is not None else here
    lost = w("{n} stop after {step}", n=w.number(s.ended.lost), step=s.name)
    kind: Kind = "on" if at + 1 < len(steps) else "goal"
    parts = (Part(kind, 0.0, cut, step_says(s, w)), Part("stop", cut, here, lost))
    return Bar(s.name, parts, share(s.of_all, w), step_says(s, w), here, 100 * (s.of_all.low or 0.0), 100 * (s.of_all.high or 0.0))


def step_table(steps: Sequence[StepFound], title: str, w: Words) -> Table:
    """Every number of each step."""
    head = (
        w("step"), w("came"), w("of all"), w("go on"), w("time to the next"), w("do it again"), w("stopped here"), w("another channel"),
        w("support"), w("gave up"), w("not yet known"), w("in touch with support"), w("tone"), w("effort"), w("voices"), w("topics"),
    )  # fmt: skip
    return Table(title, head, tuple(_step_row(s, w) for s in steps))


def _step_row(s: StepFound, w: Words) -> tuple[str, ...]:
    topics = ", ".join(t.topic for t in s.voice.topics[:3]) or "–"
    return (
        s.name, w.number(s.came), sure(s.of_all, w), sure(s.goes_on, w), lasting(s.to_next_s, w), sure(s.repeats, w), w.number(s.stopped),
        w.number(s.ended.channel), w.number(s.ended.support), w.number(s.ended.left), w.number(s.ended.unknown), sure(s.support, w),
        level(s.voice.sentiment, w), level(s.voice.effort, w), w.number(s.voice.rows), topics,
    )  # fmt: skip


def fates_drawn(f: Fates, title: str, w: Words) -> Drawn:
    """Of the errands that stood still and are known: what became of them, each with its interval."""
    counts = [(name, n) for name, n in fate_counts(f) if name != "unknown"]
    total = sum(n for _, n in counts)
    table = Table(title, (w("what became of them"), w("errands")), tuple((w(FATES[name]), w.number(n)) for name, n in fate_counts(f)))
    if not total:
        return Drawn(title, table, why=w("Nobody stood still."), kind="dots")
    dots = [_fate_dot(name, n, total, w) for name, n in counts]
    return Drawn(title, table, dots_chart(dots, title, w.language, (0.0, 100.0), suffix="%"), kind="dots")


def _fate_dot(name: str, n: int, total: int, w: Words) -> Dot:
    found = Share(n, total).interval()
    told = Number(found.value, found.low, found.high, total)
    label = w(FATES[name])
    return Dot(label, share(told, w), f"{label}: {sure(told, w)}, n = {w.number(n)}", 100 * found.value, 100 * found.low, 100 * found.high, n)


def friction_drawn(ranked: Sequence[Friction], names: Mapping[str, str], title: str, w: Words, *, one: bool) -> Drawn:
    """Where it chafes, worst first: customers × lost completions × effort, with its interval. one: of one journey, whose name need not be said."""
    head = (
        w("step"),
        w("place"),
        w("weight"),
        w("95 % interval"),
        w("customers lost"),
        w("lost beyond the least"),
        w("effort"),
        w("share of all friction"),
    )
    rows = tuple(_friction_row(f, names, w, one=one) for f in ranked)
    table = Table(title, head, rows)
    if not ranked:
        return Drawn(title, table, why=w("No step loses more than the others."), kind="weights")
    dots = [_friction_dot(f, names, w, one=one) for f in ranked]
    return Drawn(title, table, dots_chart(dots, title, w.language), kind="weights")


def where(f: Friction, names: Mapping[str, str], *, one: bool) -> str:
    return f.step if one else f"{names.get(f.journey, f.journey)}: {f.step}"


def _friction_row(f: Friction, names: Mapping[str, str], w: Words, *, one: bool) -> tuple[str, ...]:
    place = str(f.rank) if f.rank_low == f.rank_high else f"{f.rank} ({f.rank_low}–{f.rank_high})"
    return (
        where(f, names, one=one), place, w.number(f.score), f"{w.number(f.low)}–{w.number(f.high)}", w.number(f.customers), sure(f.lost, w),
        level(f.effort, w) if f.effort_from != "nothing" else "–", f"{w.number(100 * f.share)}\N{NO-BREAK SPACE}%",
    )  # fmt: skip


def _friction_dot(f: Friction, names: Mapping[str, str], w: Words, *, one: bool) -> Dot:
    name = where(f, names, one=one)
    told = f"{w.number(f.score)} ({w.number(f.low)}–{w.number(f.high)})"
    proved = f.lost.low is not None and f.lost.low > 0 and f.rank_low == 1
    says = w("{name}: {told} customers a year, {n} lost", name=name, told=told, n=w.number(f.customers))
    return Dot(name, told, says, f.score, f.low, f.high, f.customers, "worse" if proved else "none")


def compared_drawn(rows: Sequence[Compared], title: str, w: Words) -> Drawn:
    """How many finish in each group, each beside the others; one group alone has the others drawn too."""
    whole = [c for c in rows if c.step == "" and known(c.here)]
    head = (w("group"), w("finish"), w("of the others"), w("difference"), w("errands"))
    table = Table(title, head, tuple(_compared_row(c, w) for c in rows), texts=1)
    if not whole:
        return Drawn(title, table, why=w("Too few errands in each group to set them side by side."), kind="dots")
    dots = [_compared_dot(c, w) for c in whole] + [_rest_dot(c, w) for c in whole if len(whole) == 1 and known(c.there)]
    return Drawn(title, table, dots_chart(dots, title, w.language, zero=False, suffix="%"), kind="dots")


def _compared_row(c: Compared, w: Words) -> tuple[str, ...]:
    group, _ = group_names(c, w)
    gap = "–"
    if c.difference is not None and c.low is not None and c.high is not None:
        low, value, high = (w.number(100 * x, 1) for x in (c.low, c.difference, c.high))
        gap = f"{value} ({low}…{high})"
    name = f"{group}, {c.step}" if c.step else group
    return (name, sure(c.here, w), sure(c.there, w), gap, w.number(c.here.n))


def _compared_dot(c: Compared, w: Words) -> Dot:
    tone: Tone = "better" if c.move == "higher" else "worse" if c.move == "lower" else "none"
    return _share_dot(group_names(c, w)[0], c.here, tone, w)


def _rest_dot(c: Compared, w: Words) -> Dot:
    return _share_dot(group_names(c, w)[1], c.there, "none", w)


def _share_dot(group: str, n: Number, tone: Tone, w: Words) -> Dot:
    value, low, high = (100 * (x or 0.0) for x in (n.value, n.low, n.high))
    return Dot(group, share(n, w), f"{group}: {sure(n, w)}, n = {w.number(n.n)}", value, low, high, n.n, tone)


def paths_table(paths: Sequence[Path], title: str, w: Words) -> Table:
    """The most common ways, as they were taken."""
    head = (w("way"), w("errands"), w("share"), w("finish"), w("time"))
    rows = tuple((taken(p.steps, w), w.number(p.errands), sure(p.share, w), sure(p.finished, w), lasting(p.seconds, w)) for p in paths)
    return Table(title, head, rows)
