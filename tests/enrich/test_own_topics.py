"""A house's own topics in what is read: by words at once, by vectors once they are there; removed again when the topic goes."""

import pickle

import numpy as np

from gensvar.contracts.topic_changes import added, merged, taught
from gensvar.contracts.topics import shipped
from gensvar.enrich.keeper import Keeper
from gensvar.enrich.own_topics import BACKGROUND, OwnTopics, background, by_words, recipe_of, texts_of
from gensvar.enrich.understanding import Understanding
from gensvar.text.compact import packed
from gensvar.text.keys import key_of

QUEUES = ("Kön i kassan var jättelång", "Stod 20 minuter i kö", "långa köer hela tiden", "alldeles för få kassor öppna, lång kö", "kön rör sig inte")
TAXONOMY = added(shipped(), {"sv": "Köer i kassan"}, QUEUES)


class Shelf:
    """Vectors by which texts about queues lie together, kept in memory."""

    def __init__(self) -> None:
        self.there: dict[bytes, bytes] = {}

    def get(self, keys: list[bytes], _model: str) -> dict[bytes, bytes]:
        return {key: self.there[key] for key in keys if key in self.there}

    def scan(self, _model: str) -> object:
        yield sorted(self.there.items())

    def fill(self, texts: tuple[str, ...]) -> None:
        rng = np.random.default_rng(0)
        rows = rng.normal(size=(len(texts), 16)).astype(np.float32)
        rows[[text in QUEUES for text in texts], 0] += 9
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        self.there = dict(zip(map(key_of, texts), packed(rows), strict=True))


def test_a_new_topic_is_found_at_once_beside_what_is_found_anyway() -> None:
    before = Understanding(("sv",))
    after = Understanding(("sv",), TAXONOMY, topics=OwnTopics(by_words(recipe_of(TAXONOMY))))
    texts = ["Alldeles för lång kö i kassan igen", "Maten var god"]
    plain, taught_now = before.read(texts, ["sv", "sv"], {}), after.read(texts, ["sv", "sv"], {})
    assert taught_now[0].topics == (*(plain[0].topics or ()), "koer_i_kassan")
    assert taught_now[1].topics == plain[1].topics
    assert taught_now[0].enriched_by != plain[0].enriched_by
    assert pickle.loads(pickle.dumps(after)).read(texts, ["sv", "sv"], {}) == taught_now  # noqa: S301


def test_a_topic_that_was_merged_is_told_as_what_it_was_merged_into() -> None:
    into = merged(TAXONOMY, "koer_i_kassan", "waiting")
    reading = Understanding(("sv",), into, topics=OwnTopics(by_words(recipe_of(into))))
    assert "waiting" in (reading.read(["Alldeles för lång kö i kassan igen"], ["sv"], {})[0].topics or ())


def test_vectors_are_used_once_they_have_all_come_and_the_mark_tells_which() -> None:
    keeper, shelf = Keeper(), Shelf()
    first = keeper.of(TAXONOMY, "e", shelf)
    assert (first.seen, first.version) == (None, "+examples")
    shelf.fill(texts_of(recipe_of(TAXONOMY)))
    second = keeper.of(TAXONOMY, "e", shelf)
    assert second.seen is not None
    assert second.version == ""
    assert keeper.of(TAXONOMY, "e", shelf) is second
    assert keeper.of(taught(TAXONOMY, "koer_i_kassan", QUEUES[:2]), "e", shelf) is not second
    assert keeper.of(shipped(), "e", shelf).words is None


def test_the_background_is_spread_over_the_corpus() -> None:
    assert BACKGROUND // 2 < len(background()) < 2 * BACKGROUND
    assert len(set(background())) == len(background())
