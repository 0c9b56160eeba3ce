"""How fast texts are read: the student, the encoder, both as a cascade, languages; how soon the models are there, and what a worker weighs."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.result import Result
from gensvar.text import language
from gensvar.text.encoder.e5 import E5
from gensvar.text.understand import Reader

CORES = 2
AT_ONCE = 500
SHARE = 0.2  # of a cascade that the encoder takes
SAID = (
    "Leveransen kom tre dagar för sent och ingen svarade i telefonen.", "Maten var god men det tog en timme innan vi fick den.",
    "Jeg har ventet i flere uker på svar, og nå gir jeg opp.", "Personalet var venligt og hjalp os med det hele.",
    "Sovellus kaatuu aina kun yritän kirjautua sisään.", "The app is easy to use, but the new menu hides what I need most.",
    "Der Zug war wieder einmal zu spät und völlig überfüllt.", "Kiitos nopeasta avusta, tulen varmasti uudestaan!",
)  # fmt: skip


def texts(count: int, signs: int = 200) -> list[str]:
    """Texts of so many signs, no two alike."""
    return [f"{i} " + " ".join(SAID[(i + k) % len(SAID)] for k in range(6))[: signs - len(str(i)) - 1] for i in range(count)]


@cache
def _reader() -> Reader:
    return Reader.load()


@cache
def _encoder() -> E5:
    return E5.load(1)


def _read(some: Sequence[str]) -> None:
    _reader().read(some, [None] * len(some))


def _encode(some: Sequence[str]) -> None:
    _encoder().encode(some)


def _cascade(some: Sequence[str]) -> None:
    readings = sorted(_reader().read(some, [None] * len(some)), key=lambda r: r.whole.certainty)
    few = max(int(len(some) * SHARE), 1)
    _reader().refine(readings[:few], _encoder().encode(some[:few]))


def _languages(some: Sequence[str]) -> None:
    language.detect(some)


def _timed(job: Callable[[Sequence[str]], None], some: Sequence[str]) -> tuple[float, float]:
    """Seconds, once the models are warm, and the worker's greatest MB."""
    job(some[:32])
    begun = time.perf_counter()
    for start in range(0, len(some), AT_ONCE):
        job(some[start : start + AT_ONCE])
    return time.perf_counter() - begun, _most()


def _most() -> float:
    """The greatest MB of this process since it began; `ru_maxrss` would know its parent's, too."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _loaded() -> float:
    begun = time.perf_counter()
    Reader.load()
    E5.load(1)
    return time.perf_counter() - begun


def rate(job: Callable[[Sequence[str]], None], some: Sequence[str]) -> tuple[float, float]:
    """Texts a second over the cores, and the heaviest worker's MB."""
    with ProcessPoolExecutor(CORES, get_context("spawn")) as pool:
        found = list(pool.map(_timed, [job] * CORES, [some[i::CORES] for i in range(CORES)]))
    return len(some) / max(seconds for seconds, _ in found), max(weight for _, weight in found)


def reading(*, quick: bool, **_: Any) -> list[Result]:
    """Against what was promised, on two cores."""
    small = 40 if quick else 1
    jobs: list[tuple[str, Callable[[Sequence[str]], None], list[str], float]] = [
        ("read texts of 200 signs, student", _read, texts(40_000 // small), 4000),
        ("read texts of 200 signs, cascade", _cascade, texts(4_000 // small), 400),
        ("encode texts of 64 tokens", _encode, texts(1_200 // small, 245), 100),
        ("tell languages of texts of 200 signs", _languages, texts(40_000 // small), 5000),
    ]
    found, weights = [], []
    for name, job, some, target in jobs:
        value, weight = rate(job, some)
        weights.append(weight)
        found.append(Result(name, round(value, 1), "texts/s", target, "at least"))
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        found.append(Result("load every model of text", round(pool.submit(_loaded).result(), 3), "s", 1.0))
    found.append(Result("one worker with every model of text", round(max(weights), 1), "MB", 700))
    return found
