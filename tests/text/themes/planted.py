"""Texts with themes that are known: for each a direction in 384 dimensions and words of its own, in Swedish and English."""

from dataclasses import dataclass

import numpy as np

from gensvar.text.compact import packed
from gensvar.text.themes.cluster import Vectors

SAID = {
    "lockers": {"sv": "Paketskåpet öppnade inte vid hämtning", "en": "The parcel locker would not open at pickup"},
    "chat": {"sv": "Chattroboten förstod inte frågan", "en": "The chat robot did not understand my question"},
    "invoice": {"sv": "Fakturan saknade momsen igen", "en": "The invoice lacked the tax again"},
    "colour": {"sv": "Färgen på tröjan stämde inte", "en": "The colour of the sweater was different"},
}
SIDE = {
    "sv": ("tyvärr", "i går", "denna vecka", "trots att vi väntade", "efter lunch", "utan förvarning"),
    "en": ("sadly", "yesterday", "this week", "although we waited", "after lunch", "without warning"),
}
NOISE = 1.0  # length of what is each text's own, beside a theme's direction of length 1


@dataclass(frozen=True, slots=True)
class Planted:
    texts: tuple[str, ...]
    languages: tuple[str, ...]
    themes: tuple[str, ...]
    points: Vectors

    @property
    def vectors(self) -> list[bytes]:
        return packed(self.points)


def directions(seed: int = 7) -> dict[str, Vectors]:
    """The same for every draw, so that a theme lies where it lay."""
    rng = np.random.default_rng(seed)
    return {name: one / np.linalg.norm(one) for name in SAID for one in [rng.normal(size=384).astype(np.float32)]}


def planted(each: int = 80, loose: int = 60, seed: int = 0, tongue: float = 0.0) -> Planted:
    """So many texts of each theme, and texts of none. tongue: how far texts in Swedish lie from those in English, whatever they say."""
    rng, lie = np.random.default_rng(seed), directions()
    apart = np.eye(384)[0] * tongue
    names = [name for name in SAID for _ in range(each)] + [""] * loose
    texts, languages, points = [], [], []
    for at, name in enumerate(names):
        code = "sv" if rng.random() < 0.6 else "en"
        side = " ".join(rng.permutation(SIDE[code])[: rng.integers(1, 4)])
        texts.append(f"{SAID[name][code]} {side} {at}" if name else f"{side} {at}")
        languages.append(code)
        own = rng.normal(size=384)
        points.append(NOISE * own / np.linalg.norm(own) + (lie[name] if name else 0) + (apart if code == "sv" else -apart))
    made = np.array(points, np.float32)
    return Planted(tuple(texts), tuple(languages), tuple(names), made / np.linalg.norm(made, axis=1, keepdims=True))
