"""`python -m bench`: everything, as a table and as results.json. `--quick` is a smoke test.

`python -m bench accept flow` runs parts, and leaves the other results as they are.
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import result, streams
from bench.accept import accept
from bench.answers import answers
from bench.drivers import drivers
from bench.journeys import journeys
from bench.outcomes import outcomes
from bench.pages import pages
from bench.reading import reading
from bench.result import Result
from bench.search import search
from bench.weight import weight
from bench.why_change import why_change

PARTS: dict[str, Callable[..., list[Result]]] = {
    "accept": accept,
    "flow": streams.flow,
    "texts": streams.texts,
    "reading": reading,
    "import": streams.imported,
    "people": streams.people,
    "answers": answers,
    "search": search,
    "outcomes": outcomes,
    "pages": pages,
    "journeys": journeys,
    "weight": weight,
    "drivers": drivers,
    "why-change": why_change,
}
NOT_RUN = ("answer from the cube, 100 million rows, p95", "merge of 10,000 rows into 100 million rows")


def main() -> None:
    """Runs the parts asked for, one after the other, each in a fresh folder that goes away again."""
    asked = argparse.ArgumentParser("python -m bench", description=__doc__)
    asked.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts (default: all)")
    asked.add_argument("--quick", action="store_true", help="tiny sizes: does it run?")
    asked.add_argument("--large", action="store_true", help="the answers also at 100 million rows: some ten minutes and ten GB more")
    asked.add_argument("--out", type=Path, default=result.RESULTS, help="where the results go")
    said = asked.parse_args()
    found: list[Result] = []
    for name in said.parts or PARTS:
        print(f"… {name}", flush=True)
        found.extend(PARTS[name](quick=said.quick))
    if said.large:
        found.extend(partial(answers, quick=False, rows=100_000_000)())
    elif not said.parts:
        found.extend(Result(name, None, "ms", 50 if "answer" in name else 20, note="--large") for name in NOT_RUN)
    result.write(found, said.out, beside=bool(said.parts))
    print(result.show(found))


if __name__ == "__main__":
    main()
