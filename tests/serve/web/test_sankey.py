"""The layout of flows: nothing is lost, nothing overlaps, widths are true, and the order of the nodes lets few ribbons cross."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.kit.errors import BadInput
from gensvar.serve.web.sankey import Flow, Layout, Node, crossings, layout, ordered

HEIGHT, GAP = 400.0, 10.0


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Node], list[Flow]]:
    """Two to five columns of one to four nodes, and flows from any column to a later one."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    nodes = [Node(f"{layer}.{i}", layer, draw(st.booleans())) for layer, size in enumerate(sizes) for i in range(size)]
    pairs = [(a.id, b.id) for a in nodes for b in nodes if a.layer < b.layer]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=14))
    return nodes, [Flow(a, b, draw(st.integers(1, 10_000))) for a, b in chosen]


def placed(graph: tuple[list[Node], list[Flow]]) -> Layout:
    return layout(*graph, HEIGHT, GAP)


@given(graph=graphs())
def test_widths_are_what_flows_and_nothing_is_lost(graph: tuple[list[Node], list[Flow]]) -> None:
    made = placed(graph)
    assert sum(r.n for r in made.ribbons) == sum(f.n for f in graph[1])
    assert all(r.width == pytest.approx(r.n * made.scale) for r in made.ribbons)


@given(graph=graphs())
def test_nodes_of_a_column_stand_apart_and_inside_the_picture(graph: tuple[list[Node], list[Flow]]) -> None:
    made = placed(graph)
    assert len(made.boxes) == len(graph[0])
    for layer in {box.layer for box in made.boxes.values()}:
        column = sorted((b for b in made.boxes.values() if b.layer == layer), key=lambda b: b.top)
        assert all(a.bottom + GAP == pytest.approx(b.top) for a, b in pairwise(column))
        assert column[0].top >= 0
        assert column[-1].bottom <= HEIGHT + 1e-6


@given(graph=graphs())
def test_ribbons_begin_and_end_on_their_nodes_side_by_side(graph: tuple[list[Node], list[Flow]]) -> None:
    made = placed(graph)
    for name, box in made.boxes.items():
        for edges in (
            [(r.leaves, r.leaves + r.width) for r in made.ribbons if r.source == name],
            [(r.arrives, r.arrives + r.width) for r in made.ribbons if r.target == name],
        ):
            edges.sort()
            assert all(box.top - 1e-6 <= top and bottom <= box.bottom + 1e-6 for top, bottom in edges)
            assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(edges)), "no ribbon hides another"


@given(graph=graphs())
def test_the_order_is_never_worse_than_as_given_and_the_last_lie_last(graph: tuple[list[Node], list[Flow]]) -> None:
    nodes, flows = graph
    columns = [
        [n.id for n in sorted((n for n in nodes if n.layer == layer), key=lambda n: n.last)] for layer in range(max(n.layer for n in nodes) + 1)
    ]
    orders = ordered(nodes, flows)
    assert crossings(orders, flows) <= crossings(columns, flows)
    assert [sorted(names) for names in orders] == [sorted(names) for names in columns]
    last = {n.id: n.last for n in nodes}
    assert all([last[name] for name in names] == sorted(last[name] for name in names) for names in orders)


@given(graph=graphs(), seed=st.integers(0, 5))
def test_the_order_in_which_flows_are_counted_changes_nothing(graph: tuple[list[Node], list[Flow]], seed: int) -> None:
    nodes, flows = graph
    shuffled = random.Random(seed).sample(flows, len(flows))
    one, other = layout(nodes, flows, HEIGHT), layout(nodes, shuffled, HEIGHT)
    assert one.boxes == other.boxes
    assert {(r.source, r.target): r.n for r in one.ribbons} == {(r.source, r.target): r.n for r in other.ribbons}


@given(graph=graphs(), times=st.integers(2, 50))
def test_ten_times_the_customers_is_the_same_picture(graph: tuple[list[Node], list[Flow]], times: int) -> None:
    nodes, flows = graph
    small, large = layout(nodes, flows, HEIGHT), layout(nodes, [Flow(f.source, f.target, f.n * times) for f in flows], HEIGHT)
    for a, b in zip(small.ribbons, large.ribbons, strict=True):
        assert (a.leaves, a.arrives, a.width) == pytest.approx((b.leaves, b.arrives, b.width))


def test_a_knot_is_undone() -> None:
    nodes = [Node("a", 0), Node("b", 0), Node("c", 0), Node("x", 1), Node("y", 1), Node("z", 1)]
    flows = [Flow("a", "z", 5), Flow("b", "y", 5), Flow("c", "x", 5)]
    assert crossings([["a", "b", "c"], ["x", "y", "z"]], flows) == 3
    assert crossings(ordered(nodes, flows), flows) == 0


@pytest.mark.parametrize(
    ("flow", "says"),
    [(Flow("b", "a", 1), "does not run forwards"), (Flow("a", "q", 1), "begins or ends nowhere"), (Flow("a", "b", 0), "holds 0")],
)
def test_what_cannot_be_drawn_is_refused(flow: Flow, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        layout([Node("a", 0), Node("b", 1)], [flow], HEIGHT)
