"""ONNX in as few words as we need: nodes, tensors and one graph, written as the protobuf that onnxruntime reads (onnx.proto, IR version 9)."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

FLOAT, UINT8, INT8, INT32, INT64 = 1, 2, 3, 6, 7
_KINDS: Final = {"float32": FLOAT, "uint8": UINT8, "int8": INT8, "int32": INT32, "int64": INT64}
_OPSETS: Final = (("", 18), ("com.microsoft", 1))
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT = 1, 2

Value = int | float | str | bytes
Port = tuple[int, Sequence[str | int]]  # kind and sizes, named where they vary


def varint(number: int) -> bytes:
    """An unsigned number in groups of seven bits, the lowest first.

    >>> varint(300).hex()
    'ac02'
    """
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def written(number: int, value: Value) -> bytes:
    """One field of a message.

    >>> written(1, 150).hex(), written(2, "ab").hex()
    ('089601', '12026162')
    """
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    body = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(body)) + body


def message(*fields: tuple[int, Value]) -> bytes:
    """The fields, one after the other."""
    return b"".join(written(n, v) for n, v in fields)


def tensor(name: str, values: npt.NDArray[Any]) -> bytes:
    """A TensorProto."""
    dims = ((1, int(d)) for d in values.shape)
    return message(*dims, (2, _KINDS[values.dtype.name]), (8, name), (9, np.ascontiguousarray(values).tobytes()))


def _attribute(name: str, value: int | float) -> bytes:
    if isinstance(value, float):
        return message((1, name), (2, value), (20, _ATTRIBUTE_FLOAT))
    return message((1, name), (3, value), (20, _ATTRIBUTE_INT))


def _port(name: str, kind: int, dims: Sequence[str | int]) -> bytes:
    sizes = b"".join(written(1, message((2, d) if isinstance(d, str) else (1, d))) for d in dims)
    return message((1, name), (2, message((1, message((1, kind), (2, sizes))))))


@dataclass
class Graph:
    """A graph in the making: what is added stays in the order in which it was added."""

    name: str
    nodes: list[bytes] = field(default_factory=list)
    constants: dict[str, bytes] = field(default_factory=dict)

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        """The name, for use as an input."""
        self.constants.setdefault(name, tensor(name, values))
        return name

    def node(self, kind: str, inputs: Iterable[str], outputs: Sequence[str], own: bool = False, **attributes: int | float) -> str:
        """The first output. own: an operator of onnxruntime itself."""
        fields: list[tuple[int, Value]] = [(1, i) for i in inputs]
        fields += [(2, o) for o in outputs] + [(4, kind)] + [(5, _attribute(k, v)) for k, v in attributes.items()]
        self.nodes.append(message(*fields, *([(7, "com.microsoft")] if own else [])))
        return outputs[0]

    def model(self, inputs: Mapping[str, Port], outputs: Mapping[str, Port]) -> bytes:
        """The whole model, ready for an InferenceSession."""
        graph = b"".join(
            [
                *(written(1, n) for n in self.nodes), written(2, self.name), *(written(5, t) for t in self.constants.values()),
                *(written(11, _port(k, *v)) for k, v in inputs.items()), *(written(12, _port(k, *v)) for k, v in outputs.items()),
            ]
        )  # fmt: skip
        opsets = ((8, message((1, domain), (2, version))) for domain, version in _OPSETS)
        return message((1, 9), (7, graph), *opsets)
