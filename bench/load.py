"""A load generator of our own: 16 connections over loopback, each sending its next request when the last is answered. Bounded in time and count."""

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial

HEAD_END = b"\r\n\r\n"


@dataclass(slots=True)
class Load:
    """ok: answers with the wanted status; other: all the rest; seconds: of each answer, in order of arrival; took: from first to last."""

    wanted: bytes
    ok: int = 0
    other: int = 0
    first_other: bytes = b""
    seconds: list[float] = field(default_factory=list)
    took: float = 0.0

    def quantile(self, q: float) -> float:
        """The q-quantile of the answers' times, in milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(q * len(ordered)))] * 1000 if ordered else float("nan")


class _Client(asyncio.Protocol):
    def __init__(self, load: Load, requests: list[bytes], offset: int, until: float, done: asyncio.Future[None]) -> None:
        self.load, self.requests, self.at, self.until, self.done = load, requests, offset, until, done
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def _send(self) -> None:
        self.sent = time.perf_counter()
        self.transport.write(self.requests[self.at % len(self.requests)])
        self.at += 16

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(HEAD_END)
        if end < 0:
            return
        head = self.buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self.buffer) < end + 4 + length:
            return
        now = time.perf_counter()
        self.load.seconds.append(now - self.sent)
        if self.load.wanted in self.buffer[:16]:
            self.load.ok += 1
        else:
            self.load.other += 1
            self.load.first_other = self.load.first_other or self.buffer[:500]
        self.buffer = b""
        if now < self.until:
            self._send()
        else:
            self.transport.close()
            self._finish()

    def connection_lost(self, _: Exception | None) -> None:
        self._finish()

    def _finish(self) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def _run(host: str, port: int, requests: list[bytes], seconds: float, connections: int, wanted: bytes) -> Load:
    load, loop = Load(wanted), asyncio.get_running_loop()
    start = time.perf_counter()
    waiting = []
    for i in range(connections):
        done = loop.create_future()
        waiting.append(done)
        await loop.create_connection(partial(_Client, load, requests, i, start + seconds, done), host, port)
    await asyncio.wait(waiting, timeout=seconds + 30)
    load.took = time.perf_counter() - start
    return load


def run(host: str, port: int, requests: list[bytes], seconds: float, connections: int = 16, wanted: bytes = b" 202") -> Load:
    """What came back in this many seconds; the requests are used in turn."""
    return asyncio.run(_run(host, port, requests, seconds, connections, wanted))


def request(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """An HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join(lines).encode() + HEAD_END + body
