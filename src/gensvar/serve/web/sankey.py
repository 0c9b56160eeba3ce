"""The layout of flows between steps: nodes in layers, ribbons as wide as what flows. Pure: numbers in, places out; nothing here knows a chart.

Crossings are lowered by the barycentre sweep (Sugiyama, Tagawa and Toda 1981, IEEE SMC 11:109, section III): nodes of a layer are put in the order of
the mean place of what flows to or from them, forwards and back, and the order with the fewest crossings is kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gensvar.kit.errors import BadInput

SWEEPS = 8
GAP = 14.0
Orders = list[list[str]]


@dataclass(frozen=True, slots=True)
class Node:
    """id: unlike any other. layer: its column, from 0. last: it lies below all others of its column, whatever flows into it."""

    id: str
    layer: int
    last: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """n > 0 that go from one node to another in a later column."""

    source: str
    target: str
    n: float


@dataclass(frozen=True, slots=True)
class Box:
    """Where a node stands: its column, and from top to bottom in pixels, counted downwards."""

    id: str
    layer: int
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Where a flow runs: its upper edge where it leaves and where it arrives, and its width, in pixels."""

    source: str
    target: str
    n: float
    leaves: float
    arrives: float
    width: float


@dataclass(frozen=True, slots=True)
class Layout:
    """scale: pixels for each one that flows."""

    boxes: Mapping[str, Box]
    ribbons: tuple[Ribbon, ...]
    height: float
    scale: float


def layout(nodes: Sequence[Node], flows: Sequence[Flow], height: float, gap: float = GAP) -> Layout:
    """Every node and flow in a picture of this height; a node is as high as the larger of what flows in and out.

    Flows between the same two nodes are drawn as one. BadInput for a flow that names no node, runs backwards or holds nothing.

    >>> made = layout([Node("a", 0), Node("b", 1), Node("c", 1)], [Flow("a", "b", 3), Flow("a", "c", 1)], 100, gap=20)
    >>> [round(r.width, 1) for r in made.ribbons], made.scale
    ([60.0, 20.0], 20.0)
    """
    joined = _joined(nodes, flows)
    orders = ordered(nodes, joined)
    sizes = _sizes(nodes, joined)
    scale = _scale(orders, sizes, height, gap)
    boxes = {box.id: box for layer, names in enumerate(orders) for box in _stacked(layer, names, sizes, scale, gap)}
    return Layout(boxes, tuple(_ribbons(joined, boxes, scale)), height, scale)


def _joined(nodes: Sequence[Node], flows: Iterable[Flow]) -> list[Flow]:
    layers = {node.id: node.layer for node in nodes}
    total: dict[tuple[str, str], float] = defaultdict(float)
    for flow in flows:
        _check(flow, layers)
        total[flow.source, flow.target] += flow.n
    return [Flow(source, target, n) for (source, target), n in sorted(total.items())]


def _check(flow: Flow, layers: Mapping[str, int]) -> None:
    named = f"{flow.source} → {flow.target}"
    if flow.source not in layers or flow.target not in layers:
        raise BadInput(f"The flow {named} begins or ends nowhere", do="Give both of its ends as nodes.")
    if layers[flow.source] >= layers[flow.target]:
        raise BadInput(f"The flow {named} does not run forwards", do="Draw what comes back as a node of its own in a later column.")
    if not flow.n > 0:
        raise BadInput(f"The flow {named} holds {flow.n}", do="Leave out flows that nobody takes.")


def _sizes(nodes: Sequence[Node], flows: Sequence[Flow]) -> dict[str, float]:
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for flow in flows:
        out[flow.source] += flow.n
        into[flow.target] += flow.n
    return {node.id: max(into[node.id], out[node.id]) for node in nodes}


def _scale(orders: Orders, sizes: Mapping[str, float], height: float, gap: float) -> float:
    """The largest scale at which the fullest column, with its gaps, fits."""
    filled = [(sum(sizes[name] for name in names), max(0.0, height - gap * (len(names) - 1))) for names in orders]
    return min((room / total for total, room in filled if total > 0), default=0.0)


def _stacked(layer: int, names: Sequence[str], sizes: Mapping[str, float], scale: float, gap: float) -> Iterable[Box]:
    """A column from the top downwards."""
    top = 0.0
    for name in names:
        yield Box(name, layer, top, top + sizes[name] * scale)
        top += sizes[name] * scale + gap


def _ribbons(flows: Sequence[Flow], boxes: Mapping[str, Box], scale: float) -> Iterable[Ribbon]:
    """Ribbons leave a node in the order of where they arrive, and arrive in the order of where they come from, so that none cross at a node."""
    leaves, arrives = ({name: box.top for name, box in boxes.items()} for _ in range(2))
    left = {(f.source, f.target): 0.0 for f in flows}
    came = dict(left)
    for f in sorted(flows, key=lambda f: (boxes[f.target].layer, boxes[f.target].top)):
        left[f.source, f.target] = leaves[f.source]
        leaves[f.source] += f.n * scale
    for f in sorted(flows, key=lambda f: (-boxes[f.source].layer, boxes[f.source].top)):
        came[f.source, f.target] = arrives[f.target]
        arrives[f.target] += f.n * scale
    return (Ribbon(f.source, f.target, f.n, left[f.source, f.target], came[f.source, f.target], f.n * scale) for f in flows)


def ordered(nodes: Sequence[Node], flows: Sequence[Flow]) -> Orders:
    """The nodes of each column from the top downwards, so that few ribbons cross; those that must lie last do."""
    best = _columns(nodes)
    fewest, tried = crossings(best, flows), best
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        tried = _swept(tried, flows, nodes, forwards=sweep % 2 == 0)
        if (found := crossings(tried, flows)) < fewest:
            best, fewest = tried, found
    return best


def _columns(nodes: Sequence[Node]) -> Orders:
    columns: Orders = [[] for _ in range(max((n.layer for n in nodes), default=-1) + 1)]
    for node in sorted(nodes, key=lambda n: n.last):
        columns[node.layer].append(node.id)
    return columns


def _swept(orders: Orders, flows: Sequence[Flow], nodes: Sequence[Node], *, forwards: bool) -> Orders:
    """Each column in the order of the mean place of its neighbours in the columns before it (or after it), weighed by what flows."""
    last = {node.id: node.last for node in nodes}
    swept = [list(names) for names in orders]
    for column in range(len(swept)) if forwards else reversed(range(len(swept))):
        place = {name: at / max(1, len(names) - 1) for names in swept for at, name in enumerate(names)}
        means = _means(flows, place, forwards=forwards)
        swept[column].sort(key=lambda name: (last[name], means.get(name, place[name])))
    return swept


def _means(flows: Sequence[Flow], place: Mapping[str, float], *, forwards: bool) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    weight: dict[str, float] = defaultdict(float)
    for flow in flows:
        own, other = (flow.target, flow.source) if forwards else (flow.source, flow.target)
        total[own] += flow.n * place[other]
        weight[own] += flow.n
    return {name: total[name] / weight[name] for name in total}


def crossings(orders: Orders, flows: Sequence[Flow]) -> int:
    """How many pairs of ribbons between the same two columns cross."""
    where = {name: (layer, at) for layer, names in enumerate(orders) for at, name in enumerate(names)}
    by_columns: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for flow in flows:
        (from_layer, start), (to_layer, end) = where[flow.source], where[flow.target]
        by_columns[from_layer, to_layer].append((start, end))
    return sum(_crossed(pairs) for pairs in by_columns.values())


def _crossed(pairs: Sequence[tuple[int, int]]) -> int:
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for i, a in enumerate(pairs) for b in pairs[:i])
