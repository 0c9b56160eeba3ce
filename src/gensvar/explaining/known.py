"""Between when and when what customers do is known."""

from datetime import UTC, datetime, time, timedelta

from gensvar.explain.journeys.rows import ANCIENT
from gensvar.explain.moments import seconds
from gensvar.explaining.protected import open_events
from gensvar.house import House

DAY_S = 86_400


def known(house: House) -> tuple[int, int]:
    """Seconds since 1970 of the first event, and of the end of the latest one's day: what follows has not come in yet, which is not that nothing did.

    Events of days to come, or of clocks that were never set, tell nothing of either. Without an event: 0, and the end of the reader's day.
    """
    tomorrow = datetime.combine(house.today() + timedelta(days=1), time(), UTC)
    events = open_events(house)
    sound = events.filter(events.occurred_at >= ANCIENT, events.occurred_at < tomorrow)
    (found,) = house.engine.run(sound.agg(first=seconds(sound.occurred_at.min()), last=seconds(sound.occurred_at.max()))).to_pylist()
    if found["first"] is None:
        return 0, int(tomorrow.timestamp())
    return found["first"], found["last"] // DAY_S * DAY_S + DAY_S
