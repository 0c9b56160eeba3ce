"""Groups of texts that lie close together, how many there are found from the texts themselves, and how surely each is found again in half of them.

The vectors are centred and brought to their main axes, each is moved towards its nearest (two steps of diffusion over the graph of the nearest),
and Ward's tree (Ward 1963, JASA 58:236; nearest-neighbour chains, Müllner 2011) is cut at a height that grows with the root of how many there are.
How surely: Jaccard's likeness to the nearest group of each of two random halves that are grouped by themselves (Hennig 2007, CSDA 52:258).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix

Vectors = NDArray[np.float32]
Whole = NDArray[np.intp]
Shares = NDArray[np.float64]

AXES: Final = 100
NEAREST: Final = 10
STEPS: Final = 2
HEIGHT: Final = 0.065  # chosen on HWU64 and half of Banking77's classes, reported on the others
MOST_AT_ONCE: Final = 6000  # texts in the tree, whose memory grows with their square; the rest join the group of their nearest
HALVINGS: Final = 2
LEAST: Final = 2 * NEAREST + 2
BLOCK: Final = 1024


@dataclass(frozen=True, slots=True)
class Groups:
    """of: text → its group, 0 … k−1. sure: text → share of its nearest that are in its group. held: group → how well halves find it again, 0…1."""

    of: Whole
    sure: Shares
    held: Shares


def groups(vectors: Vectors, seed: int = 0) -> Groups:
    """n × d vectors, n ≥ LEAST. The same vectors and seed give the same groups."""
    rng = np.random.default_rng(seed)
    points = on_axes(vectors)
    inside = np.sort(rng.permutation(len(points))[:MOST_AT_ONCE])
    core = points[inside]
    near = nearest(core, core, alone=True)
    labels = _tree(core, near)
    held = np.min([_held(core, labels, rng) for _ in range(HALVINGS)], axis=0)
    of, sure = np.empty(len(points), np.intp), np.empty(len(points))
    of[inside], sure[inside] = labels, (labels[near] == labels[:, None]).mean(axis=1)
    rest = np.setdiff1d(np.arange(len(points)), inside)
    if len(rest):
        votes = labels[nearest(points[rest], core)]
        of[rest], sure[rest] = _majority(votes)
    return Groups(of, sure, held)


def on_axes(vectors: Vectors) -> Vectors:
    """The vectors from their mean, on their AXES main axes, of unit length: what all texts have in common tells none apart."""
    from_mean = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(from_mean.T @ from_mean)
    return _unit(from_mean @ axes[:, ::-1][:, :AXES])


def nearest(points: Vectors, among: Vectors, *, alone: bool = False) -> Whole:
    """n × NEAREST: the places of the nearest. alone: points and among are the same, and none is its own neighbour."""
    return np.concatenate(list(_nearest(points, among, alone=alone)))


def _nearest(points: Vectors, among: Vectors, *, alone: bool) -> Iterator[Whole]:
    for start in range(0, len(points), BLOCK):
        like = points[start : start + BLOCK] @ among.T
        if alone:
            like[np.arange(len(like)), np.arange(start, start + len(like))] = -np.inf
        yield np.argpartition(like, -NEAREST, axis=1)[:, -NEAREST:]


def _tree(points: Vectors, near: Whole) -> Whole:
    """Each point's group: Ward's tree over the points, each moved towards its nearest, cut at HEIGHT · √n."""
    moved = _moved(points, near)
    like = moved @ moved.T
    upper = np.concatenate([like[at, at + 1 :] for at in range(len(like) - 1)])
    upper *= -2
    upper += 2
    tree = linkage(np.sqrt(np.maximum(upper, 0, out=upper), dtype=np.float64), "ward")
    return np.unique(fcluster(tree, HEIGHT * np.sqrt(len(points)), "distance"), return_inverse=True)[1].astype(np.intp)


def _moved(points: Vectors, near: Whole) -> Vectors:
    n = len(points)
    like = np.maximum(np.einsum("ij,ikj->ik", points, points[near]), 0)
    like /= np.maximum(like.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    step = csr_matrix((like.ravel(), near.ravel(), np.arange(0, n * NEAREST + 1, NEAREST)), (n, n))
    for _ in range(STEPS):
        points = _unit(points + step @ points)
    return points


def _held(points: Vectors, labels: Whole, rng: np.random.Generator) -> Shares:
    """Each group's likeness to the group most like it in a half of the points, in the half where that is less."""
    order = rng.permutation(len(points))
    held = np.ones(labels.max() + 1)
    for half in (order[: len(order) // 2], order[len(order) // 2 :]):
        part = points[half]
        held = np.minimum(held, likeness(labels[half], _tree(part, nearest(part, part, alone=True)), len(held)))
    return held


def likeness(labels: Whole, other: Whole, count: int) -> Shares:
    """For each of `count` groups Jaccard's likeness, 0…1, to the most like among the other groups of the same texts; 0 where it has no text.

    >>> likeness(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]), 2).round(2).tolist()
    [0.67, 0.5]
    """
    both = np.zeros((count, other.max() + 1))
    np.add.at(both, (labels, other), 1)
    either = both.sum(axis=1)[:, None] + both.sum(axis=0) - both
    best: Shares = (both / np.maximum(either, 1)).max(axis=1)
    return best


def _majority(votes: Whole) -> tuple[Whole, Shares]:
    """The group most often among each row's, and its share of them."""
    ordered = np.sort(votes, axis=1)
    counts = (ordered[:, :, None] == ordered[:, None, :]).sum(axis=2)
    best = counts.argmax(axis=1)
    rows = np.arange(len(votes))
    return ordered[rows, best], counts[rows, best] / votes.shape[1]


def _unit(points: Vectors) -> Vectors:
    made: Vectors = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return made.astype(np.float32, copy=False)
