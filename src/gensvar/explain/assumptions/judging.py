"""What answers say of an assumption, by thresholds that were set before they were seen: confirmed, challenged, or it cannot be told. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import msgspec

from gensvar.explain.assumptions.form import Claim
from gensvar.explain.drivers import Drivers, Refused
from gensvar.explain.outcomes import Looked
from gensvar.measure.answer import Change, Estimate, Group, Hidden, NotComparable, Verdict

Says = Literal["confirmed", "challenged", "cannot_tell"]
KIND: Final = "assumption"
FAILED: Final = "failed"
SURE: Final = 0.05
MOST_ALIKE: Final = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """says: the answer; why: a word where it cannot be told (else empty): too_few, wide, hidden, versions, not_studied, no_outcome,
    failed (a fault of ours, which is in the log).

    now, then: both sides of a level or a change; of first, now is the driver's share of what is explained, and ranks its rank, the least and greatest
    that it may have, and of how many. gap: the difference, or the ratio of an outcome, with its 95 % interval; n: answers, or customers, behind it.
    more: how many further it would take.
    first, last: the days that were counted; fresh: only those since the assumption was written.
    """

    says: Says
    why: str = ""
    now: Estimate | None = None
    then: Estimate | None = None
    gap: Estimate | None = None
    n: int = 0
    more: int = 0
    ranks: tuple[int, ...] = ()
    leader: str = ""
    first: date | None = None
    last: date | None = None
    fresh: bool = False


def of_gap(group: Group | None, claim: Claim) -> Evidence:
    """A level or a change: confirmed where the interval lies wholly on the side that was assumed; challenged where it lies wholly on the other, or
    leaves out a difference that would count; else it cannot be told yet.
    """
    if group is None or group.change is None:
        return Evidence("cannot_tell", "too_few")
    c = group.change
    if c.difference is None or c.low is None or c.high is None or not isinstance(group.verdict, Estimate) or not isinstance(c.then, Estimate):
        return Evidence("cannot_tell", _why(group.verdict, c.then), more=c.more)
    n = group.verdict.n + c.then.n
    gap = Estimate(c.difference, c.low, c.high, n)
    says = judged(gap, claim)
    return Evidence(says, "wide" if says == "cannot_tell" else "", group.verdict, c.then, gap, n, _more(c, says))


def judged(gap: Estimate, claim: Claim) -> Says:
    """Whether an interval confirms or challenges what was assumed of it.

    >>> higher = Claim(form="level", way="higher", matters=5.0)
    >>> [judged(Estimate(v, v - 4, v + 4, 100), higher) for v in (6, 0, 2)]
    ['confirmed', 'challenged', 'cannot_tell']
    """
    low, high = (gap.low, gap.high) if claim.way == "higher" else (-gap.high, -gap.low)
    if low > 0:
        return "confirmed"
    return "challenged" if high < claim.matters else "cannot_tell"


def _why(*sides: Verdict) -> str:
    if any(isinstance(v, NotComparable) for v in sides):
        return "versions"
    return "hidden" if any(isinstance(v, Hidden) for v in sides) else "too_few"


def _more(c: Change, says: Says) -> int:
    return c.more if says == "cannot_tell" else 0


def of_drivers(found: Drivers | Refused | None, claim: Claim) -> Evidence:
    """What matters most: confirmed where no other may; challenged where its rank's interval leaves out the first; else it cannot be told."""
    if found is None or isinstance(found, Refused):
        why, n = ("not_studied", 0) if found is None else ("too_few", found.n)
        return Evidence("cannot_tell", why, n=n, more=found.more if isinstance(found, Refused) else 0)
    own = next((w for w in found.weights if w.name.partition("@")[0] == claim.driver.partition("@")[0]), None)
    if own is None:
        return Evidence("cannot_tell", "not_studied", n=found.n)
    says: Says = "confirmed" if found.first == own.name else "challenged" if own.rank_low > 1 else "cannot_tell"
    share = Estimate(own.share.value, own.share.low, own.share.high, found.n)
    ranks = (own.rank, own.rank_low, own.rank_high, len(found.weights))
    return Evidence(says, "wide" if says == "cannot_tell" else "", share, n=found.n, ranks=ranks, leader=found.weights[0].name)


def of_outcome(found: Looked | None, claim: Claim) -> Evidence:
    """Whether those who speak ill of a topic meet the outcome more: confirmed where the ratio's interval lies above 1; challenged where it lies below
    1, or leaves out a ratio that would count; else it cannot be told, with how many customers it would take.
    """
    if found is None:
        return Evidence("cannot_tell", "not_studied")
    if found.why:
        return Evidence("cannot_tell", "no_outcome" if found.why == "no_outcome" else "too_few", n=found.parties, more=found.needed)
    own = next((a for a in found.associations if a.term == f"topic:{claim.topic}" and a.tone == "negative"), None)
    if own is None or own.ratio is None:
        return Evidence("cannot_tell", "too_few", n=own.parties if own else 0, more=own.needed if own else 0, first=found.first, last=found.last)
    gap = Estimate(own.ratio.value, own.ratio.low, own.ratio.high, own.parties)
    says: Says = "confirmed" if gap.low > 1 else "challenged" if gap.high < claim.matters else "cannot_tell"
    more = own.needed if says == "cannot_tell" else 0
    return Evidence(says, "wide" if says == "cannot_tell" else "", gap=gap, n=own.parties, more=more, first=found.first, last=found.last)


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """Plain types, for the ledger."""
    plain: dict[str, Any] = msgspec.to_builtins(evidence)
    return plain


def evidence_from(plain: Mapping[str, Any]) -> Evidence:
    """The evidence that `evidence_json` wrote."""
    return msgspec.convert(dict(plain), Evidence)


# ── against collecting for confirmation ──


def alike(claim: Claim, others: Sequence[Claim]) -> int:
    """How many of the others ask the same of another group, another way or time: each further one has its own chance to come true by luck."""

    def core(t: Claim) -> tuple[str, ...]:
        return t.form, t.measure.partition("@")[0], t.driver.partition("@")[0], t.topic, t.outcome

    return sum(core(t) == core(claim) for t in others)


def never_wrong(said: Sequence[Says]) -> bool:
    """Whether all that could be told was as assumed, and it was several: a log that is never challenged asks only what is known."""
    told = [s for s in said if s != "cannot_tell"]
    return len(told) >= MOST_ALIKE and all(s == "confirmed" for s in told)
