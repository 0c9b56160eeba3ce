"""`python -m evals`: how right Gensvar is, on real data sets where there are some, and on the invented company. Writes evals/results.json."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from evals import company, completeness, contracts, few_shot, redaction, retrieval, text_languages, text_own_labels, text_tones, text_topics, themes
from evals.result import FILE, Result, save, table


def on_real_data() -> list[Result]:
    """Contracts and imports, on the exports in the folder that EVAL_DATA names; nothing where it names none."""
    data = Path(os.environ.get("EVAL_DATA", ""))
    if not os.environ.get("EVAL_DATA") or not data.is_dir():
        print("EVAL_DATA names no folder of real exports: only the invented company is evaluated.")
        return []
    print(f"Real exports in {data}")
    of_text = [*few_shot.evaluate(data), *themes.evaluate(data), *retrieval.evaluate(data), *text_own_labels.evaluate(data)]
    return [*contracts.evaluate(data), *completeness.evaluate(data), *of_text, *of_texts(data)]


def of_texts(data: Path) -> list[Result]:
    """Tones, topics and languages of real texts."""
    return [*text_tones.evaluate(data), *text_topics.evaluate(data), *text_languages.evaluate(data)]


def main() -> int:
    """Prints the table; 1 where a target is missed."""
    real = on_real_data()
    print("The invented company, full size")
    with TemporaryDirectory() as folder:
        results = [*real, *redaction.evaluate(), *company.evaluate(Path(folder))]
    print(table(results))
    save(results)
    print(f"Written to {FILE.name}")
    return int(any(r.met is False for r in results))


if __name__ == "__main__":
    sys.exit(main())
