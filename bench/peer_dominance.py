"""What a user would pick instead: dominance-analysis, in an interpreter of its own. `python peer_dominance.py FILE DRIVERS` prints what it found.

It imports charting libraries that it does not need for its numbers, in versions that no longer install beside the others: they are stood in for here.
"""

import contextlib
import io
import json
import sys
import time
from types import ModuleType
from typing import Any

DRAWING = (
    "plotly", "plotly.offline", "cufflinks", "bokeh", "bokeh.plotting", "bokeh.io", "bokeh.models", "bokeh.models.formatters", "matplotlib",
    "matplotlib.pyplot", "seaborn", "IPython", "IPython.display", "ipywidgets",
)  # fmt: skip
RATED = (
    "Inflight wifi service", "Ease of Online booking", "Food and drink", "Online boarding", "Seat comfort", "Inflight entertainment",
    "On-board service", "Leg room service", "Cleanliness",
)  # fmt: skip


class Nothing(ModuleType):
    """A module whose every name does nothing."""

    __path__: list[str] = []  # noqa: RUF012 what makes a module a package

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


def dominance() -> Any:
    """The peer's class, without its charts."""
    for name in DRAWING:
        sys.modules[name] = Nothing(name)
    from sklearn import datasets  # type: ignore[import-not-found,unused-ignore]

    datasets.load_boston = None
    from dominance_analysis import Dominance  # type: ignore[import-not-found,unused-ignore]

    return Dominance


def main(file: str, drivers: int) -> None:
    """0 means that it does not apply, so that such rows are left out."""
    import pandas as pd

    names = list(RATED[:drivers])
    rows = pd.read_parquet(file)
    rows["y"] = (rows["satisfaction"] == "satisfied").astype(int)
    rows = rows[(rows[names] > 0).all(axis=1)][[*names, "y"]]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        start = time.perf_counter()
        found = dominance()(data=rows, target="y", objective=1).incremental_rsquare()
        seconds = time.perf_counter() - start
    weights = [float(found[name]) for name in names]
    print(json.dumps({"seconds": seconds, "weights": weights, "rows": rows.to_numpy().tolist()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
