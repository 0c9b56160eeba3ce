"""outcomes: words × tone × outcome: 10,000 terms against 1 and 5 million customers, each in a process of its own; and a loop of Cox models beside it.

What is measured is all that `looked` does with mentions that were taken out of the hub: counting, inference, replication, and the hits once more.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from evals.simulated_outcomes import MONTHS, PLANTED, WINDOW, people

from bench.result import ROOT, Result, median

AT_ONCE = 500_000  # customers that are made at once
PARTS = ("mentions", "moments", "lives")
MEMORY_MB = 1_500


def outcomes(*, quick: bool) -> list[Result]:
    terms, sizes = (200, (2_000,)) if quick else (10_000, (1_000_000, 5_000_000))
    found = []
    for size, seconds, runs in zip(sizes, (8, 60), (3, 1), strict=False):
        with tempfile.TemporaryDirectory() as folder:
            _child("make", folder, size, terms)
            said = [_child("scan", folder, size, terms) for _ in range(1 if quick else runs)]
        name = f"outcomes: {size:,} customers × {terms:,} terms in one tone"
        one = said[0]
        cpu = median([s["cpu_s"] for s in said])
        note = f"{cpu:.1f} s of processor time; {one['mentions']:,} mentions; {one['hits']} hits; planted 1.4, found {one['planted']}"
        found.append(Result(name, median([s["seconds"] for s in said]), "s", seconds, note=note))
        found.append(Result(f"{name}: most memory", max(s["peak_mb"] for s in said), "MB", 4_096, note="the whole process, its data with it"))
    return [*found, *_beside_lifelines(2_000 if quick else 100_000, terms, 1 if quick else 3)]


def _child(what: str, folder: str, size: int, terms: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.outcomes", what, folder, str(size), str(terms)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr[-2_000:]
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def make(folder: Path, size: int, terms: int) -> None:
    """Customers by the half million: negative mentions, texts, lives."""
    writers: dict[str, pq.ParquetWriter] = {}
    for at, first in enumerate(range(0, size, AT_ONCE)):
        made = people(min(AT_ONCE, size - first), terms, 100 + at)
        said = made.mentions()
        negative = pc.and_(pc.equal(_rest(said["term"]), 0), pc.less_equal(said["term"], 3 * terms))
        rows = {"mentions": said.filter(negative), "moments": made.moments(), "lives": made.lives}
        for name in PARTS:
            moved = rows[name].set_column(0, "unit", pc.add(rows[name]["unit"], pa.scalar(first, pa.int32())))
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", moved.schema)
            writers[name].write_table(moved)
    for writer in writers.values():
        writer.close()


def _rest(term: pa.ChunkedArray) -> pa.Array:
    return pa.array(term.to_numpy() % 3)


def scan(folder: Path, size: int, terms: int) -> dict[str, object]:
    """Seconds and memory of one look, from mentions in memory to what would be kept."""
    from gensvar.engine.duck import DuckEngine
    from gensvar.explain.outcomes.looking import looked
    from gensvar.explain.outcomes.registry import OUTCOMES

    taken = _taken(folder, size, terms)
    came = taken.lives.filter(taken.lives["ended"]).select(["unit", "leave"]).rename_columns(["unit", "month"])
    with DuckEngine(folder / "hub.duckdb", MEMORY_MB, 2) as engine:
        start, spent = time.perf_counter(), time.process_time()
        found = looked(OUTCOMES[0], taken, came, engine.run)
        seconds, cpu = time.perf_counter() - start, time.process_time() - spent
    planted = next((a for a in found.associations if a.term == f"word:en:w{PLANTED}"), None)
    ratio = f"{planted.ratio.value:.2f} ({planted.ratio.low:.2f}–{planted.ratio.high:.2f})" if planted and planted.ratio else "nothing"
    hits = sum(a.verdict in {"more", "less", "unconfirmed"} for a in found.associations)
    return {
        "seconds": seconds,
        "cpu_s": cpu,
        "peak_mb": _peak_mb(),
        "mentions": len(taken.mentions),
        "hits": hits,
        "planted": ratio,
        "tested": found.tested,
    }


def _taken(folder: Path, size: int, terms: int) -> "Taken":  # type: ignore[name-defined]  # noqa: F821
    from datetime import date

    from gensvar.explain.outcomes.judging import Term
    from gensvar.explain.outcomes.strata import Strata
    from gensvar.explain.outcomes.taken import Taken

    each = {name: pq.read_table(folder / f"{name}.parquet") for name in PARTS}
    words = tuple(Term(f"word:en:w{i}", "word", {"en": f"w{i}"}, "en") for i in range(terms))
    held = Strata(("segment", "market"), {("", "", i): i for i in range(20)})
    return Taken(date(2024, 1, 1), MONTHS - 1, words, **each, names=pa.nulls(size, pa.string()), strata=held, unit="person", aside={})


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _beside_lifelines(size: int, terms: int, models: int) -> list[Result]:
    """The same customers, by one Cox model with a time-varying exposure for each term: a few fitted, as many more reckoned to take as long each."""
    from lifelines import CoxTimeVaryingFitter

    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), size, terms)
        ours = _child("scan", folder, size, terms)
        said, lives = (pq.read_table(Path(folder) / f"{name}.parquet") for name in ("mentions", "lives"))
    start = time.perf_counter()
    for term in range(PLANTED, PLANTED + models):
        fitter = CoxTimeVaryingFitter()
        fitter.fit(spells(said, lives, 3 * term), id_col="id", start_col="start", stop_col="stop", event_col="event", strata=["stratum"])
    each = (time.perf_counter() - start) / models
    name = f"outcomes: {size:,} customers × {terms:,} terms, beside a Cox model a term"
    note = f"lifelines: {models} models fitted, {each:.2f} s each, reckoned for {terms:,}; compared with all customers, hits not tested again"
    return [Result(name, ours["seconds"], "s", peer=each * terms, peer_name="lifelines", note=note)]


def spells(said: pa.Table, lives: pa.Table, term: int) -> "pd.DataFrame":  # type: ignore[name-defined]  # noqa: F821
    """Start and stop of each customer's time before, within and after the first six months that follow the term."""
    import pandas as pd

    mine = said.filter(pc.equal(said["term"], term)).to_pandas().groupby("unit").month.min()
    all_ = lives.to_pandas().set_index("unit")
    all_ = all_.assign(m=mine)
    out, inside = all_[all_.m.isna() | (all_.m >= all_.leave)], all_[all_.m.notna() & (all_.m < all_.leave)]
    end = np.minimum(inside.m + WINDOW, inside.leave)
    parts = [
        _spell(out, out.enter - 0.5, out.leave + 0.5, out.ended, 0.0),
        _spell(inside, inside.enter - 0.5, inside.m + 0.5, inside.ended & False, 0.0),
        _spell(inside, inside.m + 0.5, end + 0.5, inside.ended & (inside.leave <= inside.m + WINDOW), 1.0),
        _spell(inside, end + 0.5, inside.leave + 0.5, inside.ended & (inside.leave > inside.m + WINDOW), 0.0),
    ]
    whole = pd.concat(parts)
    return whole[whole.stop > whole.start]


def _spell(of: "pd.DataFrame", start: "pd.Series", stop: "pd.Series", event: "pd.Series", x: float) -> "pd.DataFrame":  # type: ignore[name-defined]  # noqa: F821
    import pandas as pd

    return pd.DataFrame({"id": of.index, "start": start, "stop": stop, "event": event.astype(bool), "x": x, "stratum": of.stratum})


if __name__ == "__main__":
    what, folder, size, terms = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    if what == "make":
        make(folder, size, terms)
        print("{}")
    else:
        print(json.dumps(scan(folder, size, terms)))
