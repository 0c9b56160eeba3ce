"""Start/stop counting: from mentions to counts of term × stratum × first month × last month × event, in the engine.

A mention in month m exposes its unit from month m + 1 to m + window, to the unit's next mention of the same term, to the outcome or to the end of its
time, whichever comes first. So the time before a text never counts for it, and a text after the outcome never counts at all.
"""

from typing import Final

import ibis
from ibis import Table
from ibis import _ as row

EARLIER_BANDS: Final = (1, 2, 4, 8)  # outcomes met before, from which a band begins; for outcomes that come again
BANDS: Final = len(EARLIER_BANDS) + 1
KEYS: Final = ("term", "stratum", "lo", "hi", "event")


def exposures(mentions: Table, lives: Table, window: int) -> Table:
    """term, stratum, lo, hi, event, value, nth: one row for each stretch in which a unit is exposed.

    mentions: unit, month, term, in any number. lives: unit, stratum, enter, leave, ended, value; with `month`, one row for each unit and month of a
    text, else one for each unit. nth: 0 for the unit's first mention of the term. Of a mention that is there twice, one ends before it begins.
    """
    turns = ibis.window(group_by=["unit", "term"], order_by="month")
    said = mentions.select("unit", "term", "month").mutate(later=row.month.lead().over(turns), nth=ibis.rank().over(turns))
    joined = said.join(lives, ["unit", "month"] if "month" in lives.columns else ["unit"])
    until = ibis.least(joined.month + window, ibis.coalesce(joined.later, joined.leave), joined.leave)
    placed = joined.mutate(lo=ibis.greatest(joined.month + 1, joined.enter).cast("int32"), hi=until.cast("int32"))
    seen = placed.filter(placed.hi >= placed.lo)
    return seen.mutate(event=seen.ended & (seen.hi == seen.leave))


def counts(exposed: Table, *apart: str) -> Table:
    """How many stretches of each kind: n; parties: units of which it is the first; value: theirs. Small, and adds over any split of the units.

    apart: columns of the lives whose values are counted apart.
    """
    first = exposed.nth == 0
    return exposed.group_by(*KEYS, *apart).aggregate(n=row.count(), parties=row.count(where=first), value=row.value.sum(where=first).fill_null(0.0))


def turns(moments: Table, lives: Table, happened: Table) -> Table:
    """`lives` for an outcome that comes again: one row for each unit and month of a text, whose time ends at the unit's next outcome.

    moments, happened: unit, month. Units are held equal also in how often they met the outcome before: those who often do also soon do again.
    """
    wrote = moments.select("unit", "month").distinct()
    came = happened.select(who=happened.unit, at=happened.month)
    met = wrote.left_join(came, wrote.unit == came.who)
    told = met.group_by("unit", "month").aggregate(
        coming=ibis.ifelse(met["at"] > met.month, met["at"], ibis.null("int32")).min(), earlier=(met["at"] <= met.month).cast("int32").sum()
    )
    band = sum(((told.earlier >= edge).fill_null(False).cast("int32") for edge in EARLIER_BANDS), ibis.literal(0, "int32"))
    both = told.mutate(band=band).join(lives, "unit")
    soon = (both.coming <= both.leave).fill_null(False)
    return both.mutate(
        stratum=(both.stratum * BANDS + both.band).cast("int32"), leave=ibis.ifelse(soon, both.coming, both.leave).cast("int32"), ended=soon
    ).drop("coming", "earlier", "band")


WROTE_BANDS: Final = (2, 4, 8)  # months with a text so far, from which a band begins
WROTE: Final = len(WROTE_BANDS) + 1


def by_activity(mentions: Table, moments: Table, lives: Table, window: int) -> Table:
    """As `exposures`, cut at every text of the unit and held equal in how often it wrote so far: those who write much also leave more, or less.

    mentions: only of terms that are looked at once more, and of the texts that they are compared with. moments: unit, month of every text.
    """
    by_unit, turns = ibis.window(group_by="unit", order_by="month"), ibis.window(group_by=["unit", "term"], order_by="month")
    steps = moments.select("unit", "month").mutate(k=ibis.dense_rank().over(by_unit), next=row.month.lead().over(by_unit))
    said = mentions.select("unit", "term", "month").mutate(later=row.month.lead().over(turns), reach=row.month + window)
    latest = said.select("term", "reach", who=said.unit, at=said.month, till=ibis.least(said.reach, ibis.coalesce(said.later, said.reach)))
    reach = steps.join(latest, [steps.unit == latest.who, latest["at"] <= steps.month, latest.till > steps.month]).drop("who", "at", "till")
    joined = reach.join(lives, ["unit", "month"] if "month" in lives.columns else ["unit"])
    until = ibis.least(joined.reach, ibis.coalesce(joined.next, joined.leave), joined.leave)
    band = sum(((joined.k + 1 >= edge).cast("int32") for edge in WROTE_BANDS), ibis.literal(0, "int32"))
    placed = joined.mutate(
        lo=ibis.greatest(joined.month + 1, joined.enter).cast("int32"), hi=until.cast("int32"), stratum=(joined.stratum * WROTE + band).cast("int32"),
        nth=ibis.literal(1, "int64"),
    )  # fmt: skip
    seen = placed.filter(placed.hi >= placed.lo)
    return seen.mutate(event=seen.ended & (seen.hi == seen.leave))
