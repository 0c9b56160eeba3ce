"""`python -m evals`: how right Gensvar is, on real data sets where there are some, and on the invented company. Writes evals/results.json.

`python -m evals tones redaction` runs parts, and leaves the other results as they are.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from evals import (
    alarms,
    company,
    completeness,
    contracts,
    drivers,
    few_shot,
    impact,
    journeys,
    outcomes,
    redaction,
    retrieval,
    text_languages,
    text_own_labels,
    text_tones,
    text_topic_tones,
    text_topics,
    themes,
    why_change,
    worth,
)
from evals.result import FILE, Result, save, table

ON_REAL_DATA: Final[Mapping[str, Callable[[Path], list[Result]]]] = {
    "contracts": contracts.evaluate,
    "completeness": completeness.evaluate,
    "few-shot": few_shot.evaluate,
    "themes": themes.evaluate,
    "retrieval": retrieval.evaluate,
    "own-labels": text_own_labels.evaluate,
    "tones": text_tones.evaluate,
    "topics": text_topics.evaluate,
    "topic-tones": text_topic_tones.evaluate,
    "languages": text_languages.evaluate,
    "journeys": journeys.evaluate,
}
IN_THE_COMPANY: Final[Mapping[str, Callable[[Path], list[Result]]]] = {
    "company": company.evaluate,
    "alarms": alarms.evaluate,
    "drivers": drivers.evaluate,
    "why-change": why_change.evaluate,
    "worth": worth.evaluate,
}
ALONE: Final = ("redaction", "outcomes", "impact", *IN_THE_COMPANY)


def real_data() -> Path | None:
    """The folder of real exports that EVAL_DATA names; None where it names none."""
    named = os.environ.get("EVAL_DATA", "")
    return Path(named) if named and Path(named).is_dir() else None


def results_of(part: str, data: Path | None) -> list[Result]:
    """What one part found; nothing for one of real data where there is none."""
    if part in ON_REAL_DATA:
        return [] if data is None else list(ON_REAL_DATA[part](data))
    if part == "redaction":
        return redaction.evaluate()
    if part == "outcomes":
        return outcomes.evaluate()
    if part == "impact":
        return impact.evaluate()
    with TemporaryDirectory() as folder:
        return IN_THE_COMPANY[part](Path(folder))


def main(given: list[str] | None = None) -> int:
    """Prints the table; 1 where a target is missed."""
    ask = argparse.ArgumentParser("python -m evals", description=__doc__)
    ask.add_argument("parts", nargs="*", choices=[*ON_REAL_DATA, *ALONE, []], help="which parts (default: all)")
    parts, data, results = ask.parse_args(given).parts, real_data(), list[Result]()
    print("EVAL_DATA names no folder of real exports: only what needs none is evaluated." if data is None else f"Real exports in {data}")
    for part in parts or (*ON_REAL_DATA, *ALONE):
        print(f"… {part}", flush=True)
        results += results_of(part, data)
    print(table(results))
    save(results, beside=bool(parts))
    print(f"Written to {FILE.name}")
    return int(any(r.met is False for r in results))


if __name__ == "__main__":
    sys.exit(main())
