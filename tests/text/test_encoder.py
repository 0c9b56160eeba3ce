"""The encoder: one vector for one text, near texts near, the file of weights read as it is written, and other encoders behind the same seam."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from gensvar.kit.errors import BadInput
from gensvar.text.encoder import Encoder
from gensvar.text.encoder.e5 import E5, MOST_TOKENS, batches
from gensvar.text.encoder.endpoint import Endpoint
from gensvar.text.encoder.folder import Folder
from gensvar.text.encoder.graph import build, evened, in_8_bits, packed, products
from gensvar.text.encoder.onnx import FLOAT, Graph, message, tensor, varint
from gensvar.text.encoder.tuned import Tuned
from gensvar.text.encoder.weights import Blocks, bundled, read


@pytest.fixture(scope="module")
def e5() -> E5:
    return E5.load()


def test_the_encoder_is_an_encoder(e5: E5) -> None:
    assert isinstance(e5, Encoder)
    assert (e5.name, e5.dimensions) == ("multilingual-e5-small", 384)


def test_vectors_have_length_one(e5: E5) -> None:
    v = e5.encode(["Leveransen kom för sent", "", "🤬", "<b>hej</b>", "x" * 100_000, "\ud800", "שלום 你好 привет", "\x00\x1f"])
    assert v.shape == (8, 384)
    assert v.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(v, axis=1), 1, atol=1e-5)


def test_no_texts_no_vectors(e5: E5) -> None:
    assert e5.encode([]).shape == (0, 384)


def test_a_text_has_one_vector_in_whatever_batch(e5: E5) -> None:
    texts = ["The parcel never came.", "Bra!", "En längre text om hur kundtjänsten svarade efter tre veckor, och då bara med en länk."]
    together = e5.encode(texts * 5)
    alone = np.concatenate([e5.encode([t]) for t in texts])
    np.testing.assert_allclose(together[:3], alone, atol=2e-4)


def test_what_means_the_same_is_near_across_languages(e5: E5) -> None:
    v = e5.encode(["Paketet kom aldrig fram", "The parcel never arrived", "Das Paket ist nie angekommen", "Maten var underbar", "The food was great"])
    near = v @ v.T
    assert min(near[0, 1], near[0, 2]) > near[0, 3]
    assert near[3, 4] > near[3, 1]


def test_8_bits_say_what_4_bits_say(e5: E5) -> None:
    path = bundled()
    assert path is not None
    texts = ["Snabb leverans och trevlig personal", "Terrible. Waited two hours on hold.", "Appen kraschar när jag loggar in 😡", "ok"]
    assert float((E5(read(path), tuned=Tuned.load().layers).encode(texts) * e5.encode(texts)).sum(1).min()) > 0.995


def test_tuned_layers_are_read_as_written(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    matrix, bias, largest = (random.normal(size=size).astype(np.float32) for size in ((8, 32), (8,), (32,)))
    Tuned({"l0.q.w": matrix, "l0.q.b": bias}, {"l0.qkv": np.abs(largest)}).write(tmp_path / "t.npz")
    read_again = Tuned.read(tmp_path / "t.npz")
    assert np.abs(read_again.layers["l0.q.w"] - matrix).max() <= np.abs(matrix).max() / 254 + 1e-6
    np.testing.assert_array_equal(read_again.layers["l0.q.b"], bias)
    np.testing.assert_allclose(read_again.ranges["l0.qkv"], np.abs(largest), rtol=1e-3)


def test_long_texts_are_cut(e5: E5) -> None:
    assert len(e5.ids(["ord " * 1000])[0]) == MOST_TOKENS
    assert e5.ids(["a  b\n c"])[0].tolist() == e5.ids(["a b c"])[0].tolist()


@given(st.lists(st.integers(1, 128), max_size=60), st.integers(1, 500))
def test_batches_hold_each_text_once(lengths: list[int], most: int) -> None:
    sizes = np.array(lengths, np.int64)
    found = list(batches(sizes, most))
    assert sorted(int(i) for b in found for i in b) == list(range(len(lengths)))
    assert all(len(b) == 1 or len(b) * sizes[b].max() <= most for b in found)


@settings(max_examples=25)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_any_text_has_a_vector(e5: E5, texts: list[str]) -> None:
    assert np.isfinite(e5.encode(texts)).all()


def test_blocks_are_read_as_they_are_written() -> None:
    weights = np.arange(-8, 8, dtype=np.float32).repeat(2)
    low, high = weights[:16].astype(int) + 8, weights[16:].astype(int) + 8
    raw = np.frombuffer(np.float16(0.5).tobytes() + bytes((low + 16 * high).tolist()), np.uint8).reshape(1, 1, 18)
    np.testing.assert_array_equal(Blocks(raw).floats()[0], weights / 2)
    assert (Blocks(raw).rows, Blocks(raw).columns) == (1, 32)


def run(model: bytes, feed: Mapping[str, Any]) -> Any:
    return ort.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, dict(feed))


def product(matrix: Any) -> bytes:
    """A graph of one product: x (1 × 1 × columns) times the matrix in 8-bit blocks."""
    m, g = in_8_bits(matrix), Graph("one")
    inputs = ("x", g.constant("c", m.codes), g.constant("s", m.scales))
    g.node("MatMulNBits", inputs, ["y"], own=True, K=m.columns, N=m.rows, bits=m.bits, block_size=32)
    return g.model({"x": (FLOAT, (1, 1, m.columns))}, {"y": (FLOAT, (1, 1, m.rows))})


def test_a_product_in_blocks_is_the_product() -> None:
    random = np.random.default_rng(0)
    matrix, x = random.normal(size=(8, 64)).astype(np.float32), random.normal(size=(1, 1, 64)).astype(np.float32)
    np.testing.assert_allclose(run(product(matrix), {"x": x})[0][0], x[0] @ matrix.T, atol=0.1)


def test_the_bundled_order_of_bits() -> None:
    raw = np.random.default_rng(1).integers(0, 255, (4, 2, 18)).astype(np.uint8)
    raw[..., 0], raw[..., 1] = 0, 60
    p = packed([Blocks(raw)])
    codes = np.stack([p.codes & 15, p.codes >> 4], axis=-1).reshape(4, 2, 32).astype(np.float32) - 8
    np.testing.assert_array_equal((codes * p.scales.reshape(4, 2, 1)).reshape(4, 64), Blocks(raw).floats())
    assert (p.rows, p.columns, p.bits) == (4, 64, 4)


def test_evened_channels_keep_the_product() -> None:
    random = np.random.default_rng(2)
    matrix, x = random.normal(size=(6, 32)).astype(np.float32), random.normal(size=(50, 32)).astype(np.float32)
    x[:, 3] *= 40
    e = evened(matrix, np.abs(x).max(0))
    kept = (x * e.inverse) @ (e.codes.astype(np.float32) * e.scales)
    assert np.abs(kept - x @ matrix.T).max() < 0.02 * np.abs(x @ matrix.T).max()


def test_every_product_has_what_it_reads() -> None:
    path = bundled()
    assert path is not None
    weights = read(path)
    assert len(products(weights.shape.layers)) == 48
    reads = sorted(set(products(2).values()) - {"x"})
    session = ort.InferenceSession(build(weights, {}, layers=range(2), pool=False, also=reads), providers=["CPUExecutionProvider"])
    assert {o.name for o in session.get_outputs()} >= set(reads)


def test_layers_of_ones_own_take_the_place_of_the_bundled(e5: E5) -> None:
    path = bundled()
    assert path is not None
    weights = read(path)
    same = {"l11.fi.w": weights.blocks["l11.fi.w"].floats()}
    other = {"l11.fi.w": same["l11.fi.w"] * 0}
    text = ["Varför svarar ingen?"]
    plain = E5(weights).encode(text)
    assert float((E5(weights, tuned=same).encode(text) * plain).sum()) > 0.999
    assert float((E5(weights, tuned=other).encode(text) * plain).sum()) < 0.999


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"not weights at all")
    with pytest.raises(ValueError, match="not a file of e5 weights"):
        read(tmp_path / "x.bin")


def test_the_signs_of_protobuf() -> None:
    assert varint(0) == b"\0"
    assert message((1, 1.5)) == b"\x0d" + struct.pack("<f", 1.5)
    assert tensor("t", np.array([[1, 2]], np.int32)).endswith(struct.pack("<2i", 1, 2))


# Other encoders


def model_folder(path: Path, rank: int) -> Path:
    """A model whose vectors are its words' own rows, as sentence-transformers lay one out. rank 2: it pools itself."""
    words = {"[PAD]": 0, "good": 1, "bad": 2, "food": 3}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[PAD]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    path.mkdir(exist_ok=True)
    tokenizer.save(str(path / "tokenizer.json"))
    g = Graph("words")
    g.node("Gather", (g.constant("table", np.array([[0, 0], [3, 4], [-3, 4], [0, 2]], np.float32)), "input_ids"), ["hidden"], axis=0)
    if rank == 2:
        g.node("ReduceSum", ("hidden", g.constant("tokens", np.array([1], np.int64))), ["pooled"], keepdims=0)
    outputs = {"hidden": (FLOAT, ("b", "t", 2))} if rank == 3 else {"pooled": (FLOAT, ("b", 2))}
    (path / "model.onnx").write_bytes(g.model({"input_ids": (7, ("b", "t"))}, outputs))
    return path


@pytest.mark.parametrize("rank", [2, 3])
def test_a_folder_of_sentence_transformers(tmp_path: Path, rank: int) -> None:
    encoder = Folder(model_folder(tmp_path / "m", rank))
    assert isinstance(encoder, Encoder)
    assert encoder.dimensions == 2
    np.testing.assert_allclose(encoder.encode(["good", "bad food", ""])[[0, 2]], [[0.6, 0.8], [0, 0]], atol=1e-6)


def test_a_folder_that_reads_the_first_token(tmp_path: Path) -> None:
    path = model_folder(tmp_path / "m", 3)
    (path / "1_Pooling").mkdir()
    (path / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    np.testing.assert_allclose(Folder(path).encode(["good bad"]), [[0.6, 0.8]], atol=1e-6)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"tokenizer\.json"):
        Folder(tmp_path)


def answering(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """An honest small server: a text's vector is (its length, 1); rows come in any order."""
    rows = [{"index": i, "embedding": [float(len(t)), 1.0]} for i, t in enumerate(body["input"])]
    return {"data": rows[::-1], "model": body["model"]}


def test_an_endpoint() -> None:
    encoder = Endpoint("some-model", 2, answering)
    assert isinstance(encoder, Encoder)
    v = encoder.encode(["abc", "  ", *["x" * n for n in range(1, 100)]])
    assert v[1].tolist() == [0, 0]
    np.testing.assert_allclose(v[0], np.array([3, 1]) / np.sqrt(10), atol=1e-6)
    np.testing.assert_allclose(v[-1], np.array([99, 1]) / np.sqrt(99**2 + 1), atol=1e-6)


@pytest.mark.parametrize("answer", [{}, {"data": [{"index": 0}]}, {"data": [{"index": 0, "embedding": [1.0]}]}, {"data": []}])
def test_an_answer_of_another_kind_is_refused(answer: Mapping[str, Any]) -> None:
    with pytest.raises(BadInput, match="endpoint"):
        Endpoint("m", 2, lambda _: answer).encode(["x"])
