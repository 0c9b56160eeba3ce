"""A shop over a year: ninety answers a week; from the 44th on Norway is less content, and in the last five half of Denmark’s come in per cent."""

import random
from datetime import date, timedelta
from pathlib import Path

from gensvar import flow
from gensvar.house import House
from tests.houses import SURVEY, csv

FIRST, WEEKS = date(2025, 9, 29), 54
FALL, TROUBLE = 44, 49
MARKETS = ("SE", "NO", "DK")


def shop(house: House, folder: Path) -> None:
    """The year, taken in."""
    lot, rows = random.Random(3), list[str]()
    for week in range(WEEKS):
        for n in range(90):
            market = MARKETS[n % 3]
            day = FIRST + timedelta(weeks=week, days=n % 7)
            stars = lot.choice((4, 5)) if lot.random() < (0.45 if market == "NO" and week >= FALL else 0.8) else lot.choice((1, 2, 3))
            score = 88 if market == "DK" and week >= TROUBLE and lot.random() < 0.5 else stars
            rows.append(f"{week * 1000 + n},{day}T10:00:00,p{week}-{n}@x.se,{market},{score},")
    flow.add_source(house, SURVEY, "test")
    flow.import_file(house, csv(folder, *rows), "survey")
