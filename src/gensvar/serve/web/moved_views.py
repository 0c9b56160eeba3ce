"""Which topics moved when texts were read again, as a page shows it: a sentence, then a quiet table of them, then where they went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gensvar.contracts.topics import Taxonomy
from gensvar.serve.desks.moved import TopicMoved, WhatMoved
from gensvar.serve.desks.voices import protected
from gensvar.serve.web.blocks import Table
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.visit import Visit
from gensvar.serve.web.voice_views import AUDIENCE_NAMES
from gensvar.serve.web.words import Words
from gensvar.serve.web.work_views import begun_by
from gensvar.serve.working import Asked

AT_ONCE: Final = 10  # topics, and moves


@dataclass(frozen=True, slots=True)
class MovedView:
    """sentence: how many texts moved. by: under which version, and who had them read, where that does not stand above. notes: what else moves

    topics, and what is not counted.

    topics: those that moved most; more: the others, behind `rest`. moves: where texts went, the most frequent ways.
    """

    sentence: str
    by: tuple[str, ...]
    notes: tuple[str, ...]
    topics: Table | None
    more: Table | None
    rest: str
    moves: Table | None


def moved_view(found: Asked | None, above: Asked | None, visit: Visit) -> MovedView | None:
    """Of the last reading again that has ended; None where the reader may see none. above: the one that the page tells of already."""
    if found is None:
        return None
    moved: WhatMoved = found.result["moved"]
    w, taxonomy = visit.words, visit.house.ledger.taxonomies.current()
    moving = [one for one in moved.topics if one.came or one.went]
    first, others = moving[:AT_ONCE], moving[AT_ONCE:]
    return MovedView(
        _sentence(moved, w),
        () if above and above.job == found.job else (w("Version {version}", version=found.result["version"]), begun_by(found, visit)),
        tuple(_notes(moved, visit)),
        _topics(first, taxonomy, w) if first else None,
        _topics(others, taxonomy, w) if others else None,
        w.many("One more topic", "{n} more topics", len(others)) if others else "",
        _moves(moved, taxonomy, w) if moved.moves else None,
    )


def _sentence(moved: WhatMoved, w: Words) -> str:
    if moved.hidden and not moved.texts:
        return w("Too few texts were read again to say what moved.")
    if not moved.moved:
        return w.many(
            "Nothing moved: the text that was read again has the topics that it had.",
            "Nothing moved: all {n} texts that were read again have the topics that they had.",
            moved.texts,
        )
    one, more = "One of {all} texts has other topics than before.", "{n} of {all} texts have other topics than before."
    return w.many(one, more, moved.moved, all=w.number(moved.texts))


def _notes(moved: WhatMoved, visit: Visit) -> Iterator[str]:
    w = visit.words
    if moved.moved and moved.anew:
        more = "{n} of the texts were read by another reader than before; that moves topics, too."
        yield w.many("One of the texts was read by another reader than before; that moves topics, too.", more, moved.anew)
    if moved.hidden:
        yield w("Topics are left out where fewer texts moved than you may be shown.")
    names = ", ".join(w(AUDIENCE_NAMES[a]) for a in sorted(protected(visit.house)))
    yield w("What these wrote is not among them, since they are protected: {audiences}.", audiences=names)


def _topics(moving: Sequence[TopicMoved], taxonomy: Taxonomy, w: Words) -> Table:
    head = (w("Topic"), w("had it before"), w("came in"), w("went out"), w("have it now"))
    rows = tuple((_name(one.topic, taxonomy, w), *map(w.number, (one.before, one.came, one.went, one.now))) for one in moving)
    return Table(w("How many texts came to each topic and left it"), head, rows)


def _moves(moved: WhatMoved, taxonomy: Taxonomy, w: Words) -> Table:
    rows = tuple(
        (_name(one.out_of, taxonomy, w), _name(one.into, taxonomy, w) if one.into else w("no new topic"), w.number(one.texts))
        for one in moved.moves[:AT_ONCE]
    )
    return Table(w("Where the texts went that left a topic"), (w("left"), w("came to"), w("Texts")), rows, 2)


def _name(topic: str, taxonomy: Taxonomy, w: Words) -> str:
    """A part behind the topic that it is part of."""
    known = taxonomy.topics.get(topic)
    name = topic_name(taxonomy, topic, w)
    return f"{topic_name(taxonomy, known.parent, w)}: {name}" if known and known.parent else name
