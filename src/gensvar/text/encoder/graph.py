"""The network of e5-small as an ONNX graph: over the bundled 4-bit weights, or 8-bit ones made from them, which are twice as fast.

Each token's inputs are rounded to 8 bits by their own largest, not by the batch's: a text gives one vector in whatever company. Before that the
channels are brought to like size, at the weights' cost (Xiao et al. 2023, SmoothQuant, eq. 4), by measured ranges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gensvar.text.encoder.onnx import FLOAT, INT32, Graph, Port
from gensvar.text.encoder.weights import BLOCK, Blocks, Floats, Weights

IN_8_BITS: Final = 4  # onnxruntime's accuracy level at which inputs are rounded to 8 bits, each row by itself


@dataclass(frozen=True, slots=True)
class Packed:
    """A matrix as MatMulNBits wants it. codes: rows × blocks × bytes; scales: one for each block; bits: 4 or 8."""

    codes: npt.NDArray[np.uint8]
    scales: Floats
    bits: int

    @property
    def rows(self) -> int:
        return int(self.codes.shape[0])

    @property
    def columns(self) -> int:
        return int(self.codes.shape[1]) * BLOCK


def packed(blocks: Sequence[Blocks]) -> Packed:
    """The bundled 4-bit matrices, one above the other, in onnxruntime's order."""
    raw = np.concatenate([b.raw for b in blocks])
    scales = np.ascontiguousarray(raw[..., :2]).view(np.float16).astype(np.float32)
    nibbles = raw[..., 2:]
    whole = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1)
    return Packed((whole[..., 0::2] | whole[..., 1::2] << 4).astype(np.uint8), scales.reshape(-1), 4)


def in_8_bits(matrix: Floats) -> Packed:
    """rows × columns as 8-bit blocks, each weight off by at most 1/254 of the largest in its block.

    >>> import numpy as np
    >>> p = in_8_bits(np.linspace(-1, 1, 32, dtype=np.float32)[None])
    >>> int(p.codes[0, 0, 0]), int(p.codes[0, 0, -1])
    (1, 255)
    """
    by_block = matrix.reshape(matrix.shape[0], -1, BLOCK)
    scales = np.maximum(np.abs(by_block).max(-1), 1e-12) / 127
    codes = np.clip(np.rint(by_block / scales[..., None]) + 128, 0, 255).astype(np.uint8)
    return Packed(codes, scales.astype(np.float32).reshape(-1), 8)


@dataclass(frozen=True, slots=True)
class Even:
    """A matrix for 8-bit products. inverse: what each input channel is multiplied by; codes: columns × rows; scales: rows."""

    inverse: Floats
    codes: npt.NDArray[np.int8]
    scales: Floats


def evened(matrix: Floats, largest: Floats, share: float = 0.6) -> Even:
    """matrix: rows × columns. largest: the largest size seen in each input channel.

    >>> import numpy as np
    >>> e = evened(np.eye(2, dtype=np.float32), np.array([1, 100], np.float32))
    >>> e.codes.tolist(), bool(e.inverse[1] < e.inverse[0])
    ([[127, 0], [0, 127]], True)
    """
    up = np.maximum(largest, 1e-5) ** share / np.maximum(np.abs(matrix).max(0), 1e-5) ** (1 - share)
    up /= np.exp(np.log(up).mean())
    wide = matrix * up
    scales = np.maximum(np.abs(wide).max(1), 1e-12) / 127
    codes = np.rint(wide / scales[:, None]).astype(np.int8)
    return Even(np.asarray(1 / up, np.float32), np.ascontiguousarray(codes.T), scales.astype(np.float32))


class Builder:
    """Adds layer upon layer to a graph. tuned: tensors in place of the bundled ones; ranges: the largest inputs of each 8-bit product."""

    def __init__(self, weights: Weights, tuned: Mapping[str, Floats], ranges: Mapping[str, Floats]) -> None:
        self.graph, self.weights, self.tuned, self.ranges = Graph("e5"), weights, tuned, ranges

    def floats(self, name: str) -> Floats:
        return self.tuned.get(name, self.weights.floats.get(name, np.zeros(0, np.float32)))

    def whole(self, names: Sequence[str]) -> Floats:
        """Matrices as numbers, one above the other."""
        return np.concatenate([self.tuned[n] if n in self.tuned else self.weights.blocks[n].floats() for n in names])

    def times(self, x: str, name: str, names: Sequence[str]) -> str:
        """x times the matrices, side by side."""
        if name in self.ranges:
            return self._in_8_bits(x, name, evened(self.whole(names), self.ranges[name]))
        m = in_8_bits(self.whole(names)) if names[0] in self.tuned else packed([self.weights.blocks[n] for n in names])
        inputs = (x, self.graph.constant(f"{name}.codes", m.codes), self.graph.constant(f"{name}.scales", m.scales))
        options = {"K": m.columns, "N": m.rows, "bits": m.bits, "block_size": BLOCK, "accuracy_level": IN_8_BITS}
        return self.graph.node("MatMulNBits", inputs, [f"{name}.y"], own=True, **options)

    def _in_8_bits(self, x: str, name: str, m: Even) -> str:
        """Each token's inputs are rounded by their own largest."""
        g = self.graph
        step, middle = g.constant("step", np.array(1 / 127, np.float32)), g.constant("middle", np.array(128, np.uint8))
        even = g.node("Mul", (x, g.constant(f"{name}.inverse", m.inverse)), [f"{name}.even"])
        sizes = g.node("Abs", (even,), [f"{name}.sizes"])
        largest = g.node("ReduceMax", (sizes, g.constant("channels", np.array([2], np.int64))), [f"{name}.largest"], keepdims=1)
        rounded = g.node("QuantizeLinear", (g.node("Div", (even, largest), [f"{name}.unit"]), step, middle), [f"{name}.rounded"])
        inputs = (rounded, g.constant(f"{name}.codes", m.codes), step, g.constant(f"{name}.scales", m.scales), middle)
        return g.node("Mul", (g.node("MatMulIntegerToFloat", inputs, [f"{name}.product"], own=True), largest), [f"{name}.y"])

    def added(self, x: str, to: str, norm: str, bias: str, out: str) -> str:
        """The layer norm of x + to + bias."""
        constants = [self.graph.constant(n, self.floats(n)) for n in (f"{norm}.w", f"{norm}.b", bias)]
        epsilon = float(self.weights.shape.epsilon)
        return self.graph.node("SkipLayerNormalization", (x, to, *constants), [out], own=True, epsilon=epsilon)

    def attention(self, x: str, layer: str) -> str:
        """What each token takes from the others of its text."""
        g, size = self.graph, self.weights.shape.hidden
        y = self.times(x, f"{layer}qkv", [f"{layer}{part}.w" for part in "qkv"])
        bias = g.constant(f"{layer}qkv.b", np.concatenate([self.floats(f"{layer}{part}.b") for part in "qkv"]))
        parts = [f"{layer}qkv.{part}" for part in "qkv"]
        g.node("Split", (y, g.constant("thirds", np.full(3, size, np.int64))), parts, axis=2)
        taken = g.node("MultiHeadAttention", (*parts, bias, "lengths"), [f"{layer}taken"], own=True, num_heads=self.weights.shape.heads)
        return self.times(taken, f"{layer}ao", [f"{layer}ao.w"])

    def layer(self, x: str, number: int) -> str:
        """One whole layer over x."""
        name = f"l{number}."
        x = self.added(self.attention(x, name), x, f"{name}aln", f"{name}ao.b", f"{name}middle")
        inner = self.times(x, f"{name}fi", [f"{name}fi.w"])
        bent = self.graph.node("BiasGelu", (inner, self.graph.constant(f"{name}fi.b", self.floats(f"{name}fi.b"))), [f"{name}bent"], own=True)
        return self.added(self.times(bent, f"{name}fo", [f"{name}fo.w"]), x, f"{name}oln", f"{name}fo.b", f"{name}out")

    def pooled(self, x: str) -> str:
        """The mean of the tokens that are of the text, scaled to length 1."""
        g = self.graph
        masked = g.node("Mul", (x, "share"), ["masked"])
        mean = g.node("ReduceSum", (masked, g.constant("tokens", np.array([1], np.int64))), ["mean"], keepdims=0)
        return g.node("LpNormalization", (mean,), ["vectors"], axis=1, p=2)


def build(
    weights: Weights, tuned: Mapping[str, Floats], ranges: Mapping[str, Floats] | None = None, layers: range | None = None, pool: bool = True,
    also: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """The model: x (texts × tokens × hidden), lengths (texts), share (texts × tokens × 1: 1 / length, 0 behind the end) → vectors or hidden states.

    also: inputs of products to give out too, by their names (`l3.middle`).
    """
    builder = Builder(weights, tuned, ranges or {})
    x = "x"
    for number in layers if layers is not None else range(weights.shape.layers):
        x = builder.layer(x, number)
    size = weights.shape.hidden
    inputs: dict[str, Port] = {"x": (FLOAT, ("texts", "tokens", size)), "lengths": (INT32, ("texts",))}
    outputs: dict[str, Port] = {name: (FLOAT, ("texts", "tokens", f"of {name}")) for name in also}
    if not pool:
        return builder.graph.model(inputs, {x: (FLOAT, ("texts", "tokens", size)), **outputs})
    inputs["share"] = (FLOAT, ("texts", "tokens", 1))
    return builder.graph.model(inputs, {builder.pooled(x): (FLOAT, ("texts", size)), **outputs})


def products(layers: int) -> dict[str, str]:
    """Each product, and what it reads.

    >>> list(products(1).items())
    [('l0.qkv', 'x'), ('l0.ao', 'l0.taken'), ('l0.fi', 'l0.middle'), ('l0.fo', 'l0.bent')]
    """
    found: dict[str, str] = {}
    for number in range(layers):
        before = f"l{number - 1}.out" if number else "x"
        reads = {"qkv": before, "ao": f"l{number}.taken", "fi": f"l{number}.middle", "fo": f"l{number}.bent"}
        found |= {f"l{number}.{part}": name for part, name in reads.items()}
    return found
