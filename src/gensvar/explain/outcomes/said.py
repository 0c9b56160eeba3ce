"""Who said what, when, in which tone: rows of unit × month × term, as expressions over `feedback` and `parties`.

A unit is the account where there is one, else the person. Months are counted from the first month that is looked at, in UTC.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import ibis
from ibis import Table
from ibis import _ as row

from gensvar.explain.outcomes.found import Tone
from gensvar.text.labels import MILD

TONES: Final[tuple[Tone, ...]] = ("negative", "neutral", "positive")
BREAKS: Final = r"[^\p{L}\p{N}]+"


def months(moment: ibis.Value, first: date) -> ibis.Value:
    """Whole months in UTC since `first`; negative before it."""
    return ((moment.year() - first.year) * 12 + moment.month() - first.month).cast("int32")


def with_unit(rows: Table, parties: Table) -> Table:
    """The rows with `unit`: their account, else the account of their person, else their person; rows of nobody are not there."""
    firms = parties.filter(parties.account.notnull()).select(person=parties.id, firm=parties.account)
    known = rows.left_join(firms, rows.party == firms.person).drop("person")
    return known.mutate(unit=ibis.coalesce(known.account, known.firm, known.party)).filter(row.unit.notnull()).drop("firm")


def texts(feedback: Table, parties: Table, left_out: Sequence[str], first: date, last: int) -> Table:
    """id, unit, month, tone (place in TONES, null where none was read), language, text, tones: every text of an audience that is not left out.

    last: the last month that is looked at; what was written before `first` or after it is not there.
    """
    open_rows = feedback.filter(feedback.text.notnull(), feedback.text != "", feedback.audience.notin(list(left_out)))
    wanted = open_rows.select("id", "party", "account", "occurred_at", "language", "text", "sentiment", "tones")
    placed = with_unit(wanted, parties).mutate(month=months(row.occurred_at, first))
    kept = placed.filter(row.month >= 0, row.month <= last)
    return kept.select("id", "unit", "month", "language", "text", "tones", tone=tone_of(row.sentiment))


def tone_of(value: ibis.Value) -> ibis.Value:
    """The place in TONES; null for null."""
    return ibis.cases((value < -MILD, 0), (value <= MILD, 1), (value > MILD, 2)).cast("int32")


def topics_said(said: Table) -> Table:
    """unit, month, topic, tone: one row for each topic of a text, with the tone in which that topic is spoken of."""
    each = said.filter(said.tones.notnull()).select("unit", "month", one=said.tones.unnest())
    parts = each.mutate(parts=each.one.split("="))
    named = parts.select("unit", "month", topic=parts.parts[0], value=parts.parts[1].try_cast("float64"))
    return named.filter(named.value.notnull()).select("unit", "month", "topic", tone=tone_of(named.value))


def tokens(said: Table) -> Table:
    """unit, month, tone, language, token: the words of each text with a tone, in small letters."""
    split = said.filter(said.tone.notnull()).select("unit", "month", "tone", "language", token=said.text.lower().re_split(BREAKS).unnest())
    return split.filter(split.token.length() > 1)


def pairs(said: Table) -> Table:
    """unit, month, tone, language, token: two words that stand beside each other, with a space between them."""
    split = said.filter(said.tone.notnull()).mutate(words=said.text.lower().re_split(BREAKS))
    both = split.filter(split.words.length() > 1).mutate(both=row.words.zip(row.words[1:]))
    each = both.select("unit", "month", "tone", "language", pair=both.both.unnest())
    joined = each.select("unit", "month", "tone", "language", token=each.pair.f1 + " " + each.pair.f2)
    return joined.filter(joined.token.notnull())


def vocabulary(words: Table, least: int, most: int) -> Table:
    """language, token, n: how many texts-in-a-month of a unit have each, the commonest first; those with fewer than `least` are left out."""
    counted = words.group_by("language", "token").aggregate(n=row.count()).filter(row.n >= least)
    return counted.order_by(ibis.desc("n"), "language", "token").limit(most)


def mentions(words: Table, terms: Table) -> Table:
    """unit, month, term: words that are among the terms (language, token, term); the term's number is 3 × term + tone."""
    here = words.mutate(language=row.language.fill_null(""))
    met = here.join(terms, ["language", "token"])
    return met.select("unit", "month", term=(met.term * 3 + met.tone).cast("int32"))


def of_topics(spoken: Table, topics: Table) -> Table:
    """unit, month, term of the topics (topic, term) that are spoken of, each in its own tone."""
    met = spoken.join(topics, "topic")
    return met.select("unit", "month", term=(met.term * 3 + met.tone).cast("int32"))


def of_rows(said: Table, rows: Table) -> Table:
    """unit, month, term of texts that are named one by one (row: id as text, term), in the tone of the text."""
    met = said.filter(said.tone.notnull()).mutate(row=said.id.cast("string")).join(rows, "row")
    return met.select("unit", "month", term=(met.term * 3 + met.tone).cast("int32"))


def of_any(said: Table, spoken: Table, first: int) -> Table:
    """unit, month, term for what everything is compared with: first + tone of each text, first + 3 + tone of each text or topic in the tone."""
    toned = said.filter(said.tone.notnull()).select("unit", "month", "tone")
    either = ibis.union(toned, spoken.select("unit", "month", "tone"), distinct=True)
    beside_texts = toned.select("unit", "month", term=(toned.tone + first).cast("int32"))
    return ibis.union(beside_texts, either.select("unit", "month", term=(either.tone + first + 3).cast("int32")))
