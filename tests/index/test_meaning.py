"""The index of meaning: its nearest are those of all vectors compared one by one; what is torn counts as not there."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gensvar.index import MeaningIndex
from gensvar.text.compact import packed, unpacked

SIZE = 384
Floats = NDArray[np.float32]


def spread(n: int, seed: int = 1, size: int = SIZE) -> Floats:
    """Vectors around a few places, all a little to one side, as those of encoders are."""
    rng = np.random.default_rng(seed)
    places = rng.standard_normal((40, size)) + 1.5
    made = places[rng.integers(0, 40, n)] + 0.7 * rng.standard_normal((n, size))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def pages(vectors: Floats, at_once: int = 7_000) -> Iterator[Sequence[tuple[bytes, bytes]]]:
    for start in range(0, len(vectors), at_once):
        yield [((start + i).to_bytes(16), v) for i, v in enumerate(packed(vectors[start : start + at_once]))]


@pytest.mark.parametrize("size", [384, 100, 1024])
def test_the_nearest_are_those_of_all_compared(tmp_path: Path, size: int) -> None:
    vectors = spread(20_000, size=size)
    index = MeaningIndex(tmp_path)
    assert index.renew("e5", pages(vectors)) == 20_000
    held = unpacked(packed(vectors))
    right = 0
    for wanted in spread(8, 2, size):
        found = index.nearest(wanted, 50)
        exact = np.argsort(-(held @ wanted))[:50]
        right += len({int.from_bytes(n.key) for n in found} & set(exact.tolist()))
        assert [n.cosine for n in found] == sorted((n.cosine for n in found), reverse=True)
        assert abs(found[0].cosine - float(held[int.from_bytes(found[0].key)] @ wanted)) < 1e-5
    assert right >= 0.95 * 8 * 50


def test_it_is_there_after_a_start_and_only_whole(tmp_path: Path) -> None:
    index = MeaningIndex(tmp_path)
    assert (index.rows, index.nearest(spread(1)[0], 5)) == (0, [])
    index.renew("e5", pages(spread(30)))
    index.renew("e5-2", pages(spread(20, 3)))
    again = MeaningIndex(tmp_path)
    assert (again.model, again.rows, len(list(tmp_path.iterdir()))) == ("e5-2", 20, 4)
    assert again.nearest(spread(20, 3)[4], 1)[0].key == (4).to_bytes(16)
    whole = next(tmp_path.glob("whole-*"))
    whole.write_bytes(whole.read_bytes()[:-1])
    assert MeaningIndex(tmp_path).rows == 0


def test_one_that_stops_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    index = MeaningIndex(tmp_path)
    index.renew("e5", pages(spread(30)))

    def torn() -> Iterator[Sequence[tuple[bytes, bytes]]]:
        yield from pages(spread(10))
        raise OSError("torn")

    with pytest.raises(OSError, match="torn"):
        index.renew("e5", torn())
    assert (index.rows, MeaningIndex(tmp_path).rows) == (30, 30)
    assert index.renew("e5", iter([])) == 0
    assert index.nearest(spread(1)[0], 3) == []
