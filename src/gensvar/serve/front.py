"""The Python front door: `hub = gensvar.open("data")`, then `hub.ask(...)`, or `hub.feedback` as a table to compute on."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import ibis
import pyarrow as pa

from gensvar import flow
from gensvar.contracts import Measures
from gensvar.explain.assumptions import EVERY_DAYS
from gensvar.explain.change import Decomposed
from gensvar.explain.changed import Feed
from gensvar.explain.drivers import Found
from gensvar.explain.features import Features
from gensvar.explain.journeys import JourneyFound, JourneysFound
from gensvar.explain.onboarding import Onboarding
from gensvar.explain.outcomes import Looked
from gensvar.explain.units import Units
from gensvar.explaining.features import Asked as FeaturesAsked
from gensvar.explaining.features import features as find_features
from gensvar.explaining.impact import PERIOD, Answered
from gensvar.explaining.onboarding import Asked as OnboardingAsked
from gensvar.explaining.onboarding import onboarding as find_onboarding
from gensvar.explaining.units import Asked as UnitsAsked
from gensvar.house import House, open_house
from gensvar.kit.scope import whole
from gensvar.kit.settings import read_settings
from gensvar.measure import Answer, parse_question
from gensvar.measure.bearing import Bearings
from gensvar.measure.local import Patterns
from gensvar.serve import comparing
from gensvar.serve.assuming import Assume, asked_here
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_assumptions, why_changed, why_drivers, why_impact, why_journeys, why_outcomes, why_units
from gensvar.serve.desks.voice_query import read_voices
from gensvar.serve.desks.voices import VoicePage, voices
from gensvar.serve.desks.why_assumptions import Told
from gensvar.serve.operations import parsed
from gensvar.serve.why_change import WhyChanged, change_found
from gensvar.serve.why_journeys import Walked, WalkedOne
from gensvar.serve.why_journeys import asked as journeys_asked


class Hub:
    """One open data folder. Tables are Ibis expressions: compose them, then `run` them. Close it, or use it in a `with` block."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.desk = HouseDesk(house, whole())

    def ask(
        self, measure: str, *, by: str = "", where: str = "", period: str = "", grain: str = "", compare: str = "", language: str = "en"
    ) -> Answer:
        """The answer to one question, as on the command line: `hub.ask("csat.delivery", by="market", period="2026-Q3", compare="previous")`."""
        return self.desk.ask(parse_question(measure, by, where, period, grain, compare, today=self.desk.today()), language)

    def voices(
        self, words: str = "", *, where: str = "", measure: str = "", score: str = "", period: str = "", sort: str = "", after: str = "",
        limit: int = 25, by: str = "", like: str = "",
    ) -> VoicePage:  # fmt: skip
        """What people wrote, as on the command line: `hub.voices("leverans -sen", where="market=NO", measure="csat.delivery", score="bad")`."""
        today = self.desk.today()
        query = read_voices(words, where, measure, score, period, sort=sort, after=after, limit=limit, by=by, like=like, today=today)
        return voices(self.house, self.desk.scope, query)

    def patterns(
        self, measure: str, *, by: str = "", where: str = "", period: str = "last 3 months", compare: str = "previous", language: str = "en"
    ) -> Patterns:
        """Where the change differs from that of the rest (compare="": where the level does): `hub.patterns("csat.delivery", period="2026-Q3")`."""
        return comparing.found(self.desk, comparing.Search(measure, by, where, period, compare, language))

    def teams(self, dimension: str = "unit", *, where: str = "", period: str = "last 3 months") -> tuple[Bearings, ...]:
        """For each measure, how each team (value of the dimension) bears on the whole, with its interval."""
        return comparing.bears(self.desk, dimension, where, period)

    def drivers(
        self, outcome: str = "", *, drivers: str = "", where: str = "", period: str = "last 12 months", by: str = "", compare: str = "",
        within: int = 183,
    ) -> Found | None:  # fmt: skip
        """What matters most for an outcome: `hub.drivers("csat.overall", by="market")`; None where nothing was rated beside anything."""
        one = why_drivers.studied(self.desk, why_drivers.Ask(outcome, drivers, where, period, by, compare, within))
        return one.found if one else None

    def impact(self, measure: str, *, where: str = "", period: str = PERIOD) -> Answered:
        """What a score owes to each topic, adding up to it: `hub.impact("nps", where="market=NO")`; TooFew or Hidden where none is told."""
        return why_impact.told(self.desk, measure, where, period).answered

    def journeys(self, *, where: str = "", period: str = "") -> why_journeys.Standing:
        """The map, every journey and where it chafes most: as last found, or, with where or period, counted now."""
        return why_journeys.standing(self.desk, journeys_asked(self.desk, Walked(where, period)), drawn=True)

    def journey(self, key: str, *, where: str = "", period: str = "", feature: str = "", day: str = "") -> JourneyFound:
        """One journey, step by step: `hub.journey("payment_step", where="channel=android")`; NotFound where there is none."""
        seen = why_journeys.standing(self.desk, journeys_asked(self.desk, WalkedOne(where, period, key, feature, day)))
        return why_journeys.one(seen.found or JourneysFound((), ()), key)

    def assumptions(self) -> tuple[Told, ...]:
        """What people here believe, with what answers say of each."""
        return why_assumptions.told(self.desk)

    def assume(
        self, text: str, form: str, *, measure: str = "", driver: str = "", topic: str = "", outcome: str = "", where: str = "", other: str = "",
        way: str = "higher", day: str = "", every_days: int = EVERY_DAYS,
    ) -> Told:  # fmt: skip
        """Writes an assumption down and asks it: `hub.assume("Norway waits too long", "level", measure="csat.delivery", where="market=NO")`."""
        given = {"measure": measure, "driver": driver, "topic": topic, "outcome": outcome, "where": where, "other": other, "way": way, "day": day}
        return asked_here(self.desk, parsed(Assume, {"text": text, "form": form, "every_days": every_days, **given}))

    def changed(self) -> Feed | None:
        """What moved of late, and since when; None where nothing has been looked at yet (`gensvar why look`)."""
        return why_changed.told(self.desk).feed

    def why_change(
        self, measure: str, *, by: str = "", where: str = "", period: str = "last 3 months", compare: str = "previous", language: str = "en"
    ) -> Decomposed:
        """Who answered and what they said, in parts that add up: `hub.why_change("csat.delivery", period="2026-Q3", compare="year before")`."""
        return change_found(self.desk, WhyChanged(measure, by, where, period, compare, topics=False, language=language))

    def onboarding(self, success: str = "", *, window: int = 30, within: int = 120) -> Onboarding:
        """Which early signs mark new customers who succeed: `hub.onboarding("go_live").standing`."""
        return find_onboarding(self.house, OnboardingAsked(success, window, within))

    def features(self, feature: str = "", *, use: int = 90, after: int = 90, measure: str = "") -> Features:
        """Which features go with what follows, among customers who use as much: `hub.features().standing`."""
        return find_features(self.house, FeaturesAsked(use, after, measure, feature))

    def units(self, employees: str = "", customers: str = "", *, by: str = "") -> Units:
        """Whether units whose people fare better have customers who do, from released numbers: `hub.units("enps.pulse", "csat.support")`."""
        return why_units.told(self.desk, UnitsAsked(employees, customers, by)).value

    def outcomes(self, outcome: str = "left") -> Looked | None:
        """What was last found of an outcome, by word, topic and tone; None where no night has looked: `hub.outcomes("left").reported`."""
        return why_outcomes.told(self.desk, outcome, words=True).looked

    @property
    def feedback(self) -> ibis.Table:
        """One row per answer or utterance."""
        return self.house.engine.table("feedback")

    @property
    def events(self) -> ibis.Table:
        """One row per thing that happened."""
        return self.house.engine.table("events")

    @property
    def parties(self) -> ibis.Table:
        """One row per person or account."""
        return self.house.engine.table("parties")

    @property
    def measures(self) -> Measures:
        """Every definition in force."""
        return self.desk.measures()

    def run(self, expr: ibis.Expr) -> pa.Table:
        """The rows of any expression on these tables."""
        return self.house.engine.run(expr)

    def add_source(self, yaml: str, by: str = "") -> str:
        """Puts a contract in force; the source's name."""
        return flow.add_source(self.house, yaml, by)

    def import_file(self, path: str | Path, source: str) -> dict[str, Any]:
        """Takes a file in under its source's contract; the receipt."""
        receipt = flow.import_file(self.house, Path(path), source)
        flow.release(self.house)
        return receipt.as_json()

    def close(self) -> None:
        """Lets go of the data folder."""
        self.house.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_hub(data: str | Path, **settings: object) -> Hub:
    """The hub in a data folder, made where it is not there yet. settings: as flags, `hub="sc://…"`."""
    return Hub(open_house(read_settings({"data": data, **settings})))
