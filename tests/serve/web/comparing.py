"""A house in which the total hides something: delivery falls in Norway and rises elsewhere; two units, and employees beside them."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from gensvar import flow
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.settings import read_settings

NOW = At("2026-11-01T12:00:00")
CONTRACT = """
source: survey
version: 1
owner: anna.berg
purpose: what customers say after a delivery
record: id
at: {column: answered, order: iso, zone: UTC}
kind: {always: survey}
dimensions: {market: country, channel: way, segment: size, unit: unit}
answers:
  - {item: rating, measure: csat.delivery@1, score: stars}
measures:
  - {id: csat.delivery, version: 1, metric: csat, low: 1, high: 5, cut: 4, owner: anna.berg, name: {en: CSAT for delivery, sv: CSAT för leverans}}
"""
PULSE = """
source: pulse
version: 1
owner: karin.ny
purpose: how employees are
audience: employee
record: id
at: {column: answered, order: iso, zone: UTC}
kind: {always: pulse}
dimensions: {market: country, unit: unit}
answers:
  - {item: mood, measure: pulse.mood@1, score: mood}
measures:
  - {id: pulse.mood, version: 1, metric: scale, low: 1, high: 5, owner: karin.ny, name: {en: Mood}}
"""


def rows() -> Iterator[str]:
    """Six months: 100 answers a market and week; from August on Norway falls by 18 points and Sweden rises by 10."""
    dice = Random(3)
    number = 0
    for week in range(26):
        day = date(2026, 5, 4) + timedelta(weeks=week)
        for market, n in (("SE", 60), ("NO", 40), ("FI", 30), ("DK", 1)):
            for _ in range(n):
                number += 1
                good = 0.80 + (0.10 if market == "SE" else -0.18 if market == "NO" else 0) * (week >= 13)
                stars = dice.choice((4, 5)) if dice.random() < good else dice.choice((1, 2, 3))
                unit = dice.choice(("North", "South & East"))
                size = dice.choice(("small", "large"))
                yield f"{number},{day + timedelta(days=dice.randint(0, 6))},{market},{dice.choice(('web', 'app'))},{size},{unit},{stars}"


def moods() -> Iterator[str]:
    """120 employees in September."""
    dice = Random(4)
    for number in range(120):
        yield f"m{number},2026-09-{dice.randint(1, 28):02d},SE,{('North', 'South & East')[number % 2]},{dice.randint(2, 5)}"


def made(folder: Path) -> House:
    """The house, open; what employees answered is released."""
    house = open_house(read_settings({"data": str(folder / "house"), "memory_mb": "512", "port": "0"}, env={}), NOW)
    head, mood_head = "id,answered,country,way,size,unit,stars", "id,answered,country,unit,mood"
    for name, contract, lines in (("survey", CONTRACT, [head, *rows()]), ("pulse", PULSE, [mood_head, *moods()])):
        flow.add_source(house, contract, "test")
        file = folder / f"{name}.csv"
        file.write_text("\n".join(lines) + "\n", "utf-8")
        flow.import_file(house, file, name)
    flow.release(house)
    return house
