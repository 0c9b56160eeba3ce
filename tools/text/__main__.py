"""`python -m tools.text --data FOLDER`: trains every shipped model of text anew and writes src/gensvar/text/models. About 20 minutes on two cores.

What is chosen (cuts, sharpness, trust) is chosen on our own texts held out and on the 30 % of each evaluation set that is never reported.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from evals.text_data import sets

from gensvar.text.encoder.e5 import E5
from gensvar.text.learning import Floats
from tools.text import data, imitation, teacher
from tools.text.choosing import calibrated, chosen
from tools.text.shipping import ship
from tools.text.targets import goals, importance

MOST_SUBTITLES, MOST_WORDS = 25_000, 26_000


def say(line: str) -> None:
    """One line of progress."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def vectors(encoder: E5, name: str, texts: Sequence[str], cache: Path | None) -> Floats:
    """texts × 384, from the cache where they are there already."""
    path = cache / f"{name}-{encoder.version}.npy" if cache else None
    if path and path.is_file():
        kept = np.load(path).astype(np.float32)
        if len(kept) == len(texts):
            return np.asarray(kept, np.float32)
    say(f"Vectors of {len(texts)} texts: {name}")
    made = encoder.encode([t[:1000] for t in texts])
    if path:
        np.save(path, made.astype(np.float16))
    return made


def main() -> int:
    """Trains, chooses, ships."""
    ask = argparse.ArgumentParser(prog="python -m tools.text", description=__doc__)
    ask.add_argument("--data", type=Path, required=True, help="the folder of public sets")
    ask.add_argument("--cache", type=Path, help="a folder for vectors, so that a second run is quick")
    told = ask.parse_args()
    encoder = E5.load(2)
    examples = [*data.corpus(), *data.labelled(told.data)]
    seen = vectors(encoder, "labelled", [e.text for e in examples], told.cache)
    out = teacher.held_out(examples)
    train = [e for e, o in zip(examples, out, strict=True) if not o]
    heads = teacher.heads(train, seen[~out])
    more = [e.text for e in data.spread(data.unlabelled(told.data), MOST_SUBTITLES)] + data.words(MOST_WORDS)
    also = vectors(encoder, "unlabelled", more, told.cache)
    texts = [e.text for e in train] + more
    scores = np.concatenate([goals(train, heads.scores(seen[~out])), goals([], heads.scores(also))])
    say(f"A student of {len(texts)} texts")
    taught = imitation.teach(texts, scores, importance(train, len(more)))
    choosing = sets(told.data, choosing=True, most=700)
    of_sets = vectors(encoder, "choosing", [c.text for s in choosing for c in s.cases], told.cache)
    own = [e for e, o in zip(examples, out, strict=True) if o]
    taught = calibrated(taught, own)
    settings = chosen(taught.student(), heads, own, seen[out], choosing, of_sets)
    ship(taught, heads, settings, encoder.version, train)
    say(f"{settings}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
