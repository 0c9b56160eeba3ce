"""search: how fast the index of texts is made, how large it is, how long a search takes; by words beside reading every row, and by meaning."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.house import opened
from bench.result import Result, quantile
from gensvar import flow
from gensvar.house import House
from gensvar.hub import days_of
from gensvar.index import MeaningIndex
from gensvar.indexing import catch_up
from gensvar.kit.scope import whole
from gensvar.serve.desks.voice_query import read_voices
from gensvar.serve.desks.voices import voices
from gensvar.text.compact import Vectors, packed

WORDS, DAYS, AT_ONCE, TURNS = 60_000, 400, 50_000, 20
START = datetime(2025, 9, 1, tzinfo=UTC)
SIZE, NEAREST = 384, 800


def search(*, quick: bool) -> list[Result]:
    """By words over a million texts of about twenty words; by meaning over a million vectors."""
    rows = 20_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        return [*_by_words(Path(folder) / "data", rows), *_by_meaning(Path(folder) / "meaning", rows)]


def _by_words(data: Path, rows: int) -> Iterator[Result]:
    with opened(data) as house:
        known = _told(house, rows)
        today = house.today()

        def asked(words: str) -> float:
            began = time.perf_counter()
            voices(house, whole(), read_voices(words, today=today))
            return time.perf_counter() - began

        rare = [str(w) for w in known[-TURNS:]]
        reading = [asked(word) for word in rare[:3]]
        began = time.perf_counter()
        while catch_up(house):
            pass
        took = time.perf_counter() - began
        size = sum(f.stat().st_size for f in (data / "index").rglob("*") if f.is_file()) / 1e6
        yield Result("index of words, made anew", rows / took, "texts/s", note=f"{rows:,} texts, {size:,.0f} MB")
        found, read = quantile([asked(w) for w in rare], 0.95), max(reading)
        yield Result("a rare word over all time, p95", 1000 * found, "ms", peer=1000 * read, peer_name="reading every row")
        yield Result("a common word over all time, p95", 1000 * quantile([asked(str(w)) for w in known[:TURNS]], 0.95), "ms")
        one = _one_more(house)
        yield Result("one new text after the index of words caught up", 1000 * one, "ms")


def _one_more(house: House) -> float:
    """Seconds until the index holds one more text."""
    _put(house, _rows(10**9, [START], ["något alldeles nytt"]))
    began = time.perf_counter()
    catch_up(house)
    return time.perf_counter() - began


def _told(house: House, rows: int) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """Texts whose words are as unequally frequent as in speech; the words, the most frequent first."""
    rng = np.random.default_rng(1)
    letters = np.array(list("aeiourstlnkmdpvgåäö"))
    known = np.unique(["".join(rng.choice(letters, rng.integers(3, 14))) for _ in range(WORDS)])
    rng.shuffle(known)
    for first in range(0, rows, AT_ONCE):
        many = min(AT_ONCE, rows - first)
        lengths = rng.integers(5, 36, many)
        picked = known[np.minimum(rng.zipf(1.2, int(lengths.sum())) - 1, rng.integers(0, len(known), int(lengths.sum())))]
        texts = [" ".join(part) for part in np.split(picked, np.cumsum(lengths)[:-1])]
        moments = [START + timedelta(days=(first + i) * DAYS / rows) for i in range(many)]
        _put(house, _rows(first, moments, texts))
    return known


def _rows(first: int, moments: Sequence[datetime], texts: Sequence[str]) -> pa.Table:
    ids = [int(m.timestamp() * 1000).to_bytes(6, "big") + (first + i).to_bytes(10, "big") for i, m in enumerate(moments)]
    same = {"source": "survey", "item": "why", "audience": "customer", "kind": "survey", "contract": "survey@1", "language": "sv"}
    names = [f"b{first + i}" for i in range(len(ids))]
    when = pa.array(moments, pa.timestamp("us", "UTC"))
    columns = {"id": pa.array(ids, pa.binary(16)), "record": names, "response": names, "occurred_at": when, "received_at": when, "text": texts}
    return pa.table({**columns, **{name: [value] * len(ids) for name, value in same.items()}})


def _put(house: House, rows: pa.Table) -> None:
    house.ledger.days.mark(days_of(rows))
    house.engine.merge("feedback", rows)
    flow.recount(house)


def _by_meaning(folder: Path, rows: int) -> Iterator[Result]:
    rng = np.random.default_rng(2)
    places = rng.standard_normal((2_000, SIZE)) + 1.5

    def made(many: int) -> Vectors:
        drawn = places[rng.integers(0, len(places), many)] + 0.8 * rng.standard_normal((many, SIZE))
        unit: Vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def pages() -> Iterator[list[tuple[bytes, bytes]]]:
        for first in range(0, rows, AT_ONCE // 5):
            yield [((first + i).to_bytes(16, "big"), one) for i, one in enumerate(packed(made(min(AT_ONCE // 5, rows - first))))]

    index = MeaningIndex(folder)
    took = _timed(lambda: index.renew("any", pages()))
    size = sum(f.stat().st_size for f in folder.iterdir()) / 1e6
    yield Result("index of meaning, made anew, with drawing the vectors", rows / took, "vectors/s", note=f"{size:,.0f} MB")
    turns = [_timed(lambda v=v: index.nearest(v, NEAREST)) for v in made(TURNS)]  # type: ignore[misc]
    yield Result(f"nearest {NEAREST} of {rows:,} vectors, p95", 1000 * quantile(turns, 0.95), "ms", 300 if rows >= 1_000_000 else None)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
