"""What is looked for by itself each night, over the whole house: when it is time, and what came of it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from gensvar.house import House
from gensvar.kit.errors import GensvarError
from gensvar.ledger.findings import Finding

log = logging.getLogger("gensvar.flow")
Told = Callable[[Mapping[str, Any]], bool]
"""How far the work is → whether to go on; where not, the work returns at once with what came of it so far."""
KIND: Final = "nightly"
NIGHT, AGAIN = timedelta(hours=3), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Nightly:
    """name: what is looked for, in a word. run: looks, keeps its findings, and returns what is told of it; `why` (a code) where it could not."""

    name: str
    run: Callable[[House, Told], Mapping[str, Any]]


def due(house: House, works: Sequence[Nightly]) -> list[Nightly]:
    """Those that it is time for: after three in the night of the reader's zone, once a day; where one never ran, at once.

    Where one could not be done, ten minutes later and only if the hub has moved. What was done on a day to come was done while the clock stood wrong.
    """
    ran, now, epoch = house.ledger.findings.all(KIND), house.clock.now(), house.engine.epoch()
    return [work for work in works if _due(ran.get(work.name), now, epoch, ZoneInfo(house.settings.zone))]


def _due(last: Finding | None, now: datetime, epoch: int, zone: ZoneInfo) -> bool:
    if last is None:
        return epoch > 0
    if "why" in last.body and now - last.made_at > AGAIN and epoch != last.body["epoch"]:
        return True
    return (now - NIGHT).astimezone(zone).date() != (last.made_at - NIGHT).astimezone(zone).date()


def look(house: House, works: Sequence[Nightly], told: Told) -> Mapping[str, Any]:
    """Does these, one after the other; name → what is told of each. A later one is not begun once the teller says to stop.

    One that meets a fault says so, and hinders none of the others. One that was told to stop is not done, and is due again.
    """
    done: dict[str, Any] = {}
    going = True

    def heard(progress: Mapping[str, Any]) -> bool:
        nonlocal going
        going = told(progress)
        return going

    for at, work in enumerate(works):
        if not heard({"name": work.name, "done": at, "of": len(works)}):
            break
        epoch = house.engine.epoch()
        result = _done(house, work, heard)
        if not going:
            break
        house.ledger.findings.keep(KIND, work.name, {**result, "epoch": epoch})
        done[work.name] = result
    return done


def _done(house: House, work: Nightly, told: Told) -> dict[str, Any]:
    try:
        return dict(work.run(house, told))
    except GensvarError as fault:
        log.warning("%s: %s", work.name, fault)
        return {"why": "refused", "fault": str(fault)}
    except Exception:
        log.exception("%s met something unforeseen", work.name)
        return {"why": "failed"}
