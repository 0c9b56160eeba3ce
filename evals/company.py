"""The invented company through the product: who is told to be who, and which planted truths a question already brings to light."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

from evals import journeys, outcomes
from evals.result import Result
from gensvar.demo import Company, write
from gensvar.demo.scene import TODAY, take_in
from gensvar.demo.truth import planted
from gensvar.house import House, open_house
from gensvar.kit.ids import identity_key
from gensvar.kit.scope import whole
from gensvar.kit.settings import read_settings
from gensvar.measure import Answer, Estimate, Group, NotComparable, TooFew, parse_question
from gensvar.serve.desk import HouseDesk

SPACES = {"crm": "contact_no", "helpdesk": "helpdesk", "app": "app_user"}
ADDRESSED = {"helpdesk": "helpdesk", "app": "in_app"}
PRECISION, RECALL = 0.999, 0.99


class Quiet:
    """Says nothing of what is taken in."""

    def print(self, *_: object) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """The company in a house, with a way to ask."""

    company: Company
    house: House

    def ask(self, measure: str, by: str = "", where: str = "", period: str = "", grain: str = "", against: str = "") -> Answer:
        desk = HouseDesk(self.house, whole())
        return desk.ask(parse_question(measure, by, where, period, grain, against, today=desk.today()), "en")


@contextmanager
def told(folder: Path, size: float) -> Iterator[Told]:
    """The company invented and taken in."""
    company = write(folder / "files", size=size)
    with open_house(read_settings({"data": folder / "house", "today": TODAY.isoformat()})) as house:
        take_in(house, company, Quiet())
        yield Told(company, house)


def identity(world: Told) -> list[Result]:
    """Pairs of the same person's records in two systems: how many that were joined are right, and how many that could be were joined."""
    found = _parties(world)
    right = joined = linkable = of_linkable = every = of_every = 0
    people: dict[int, list[str]] = defaultdict(list)
    exact = set(planted()["same_people"]["exact"])
    addressed = _addressed(world)
    plain = {
        f"{k.system} {k.external}": k.how in exact and (k.system == "crm" or k.external in addressed[k.system]) for k in world.company.truth.same
    }
    owner = {f"{k.system} {k.external}": k.person for k in world.company.truth.same}
    for record in found:
        people[owner[record]].append(record)
    for records in people.values():
        for a, b in combinations(records, 2):
            same = found[a] == found[b]
            every, of_every = every + 1, of_every + same
            if plain[a] and plain[b]:
                linkable, of_linkable = linkable + 1, of_linkable + same
    for group in _groups(found).values():
        for a, b in combinations(group, 2):
            joined, right = joined + 1, right + (owner[a] == owner[b])
    return [
        Result("identity by exact keys, precision", right / max(1, joined), f"of {joined:,} pairs", PRECISION),
        Result("identity by exact keys, recall of linkable", of_linkable / max(1, linkable), f"of {linkable:,} pairs", RECALL),
        Result("identity by exact keys, recall of all", of_every / max(1, every), f"of {every:,} pairs"),
    ]


def _parties(world: Told) -> dict[str, bytes]:
    """Whom the ledger takes each system's id to be; ids that came in with no file are not there."""
    keys = {identity_key(world.house.secret, "external", SPACES[k.system], k.external): f"{k.system} {k.external}" for k in world.company.truth.same}
    return {keys[key]: party for key, party in world.house.ledger.people.lookup(list(keys)).items()}


def _addressed(world: Told) -> dict[str, set[str]]:
    """The ids that a system exported beside an address or a number; events name their users by id alone."""
    table = world.house.engine.table("mentions")
    out: dict[str, set[str]] = {}
    for system, source in ADDRESSED.items():
        mine = table.filter(table.source == source)
        pairs = world.house.engine.run(mine.select("record", "key_kind", "key")).to_pylist()
        reached = {p["record"] for p in pairs if p["key_kind"] in {"email", "phone"}}
        named = {p["key"] for p in pairs if p["key_kind"] == "external" and p["record"] in reached}
        keys = {
            identity_key(world.house.secret, "external", SPACES[system], k.external).hex(): k.external
            for k in world.company.truth.same
            if k.system == system
        }
        out[system] = {external for key, external in keys.items() if key in named}
    return out


def _groups(found: dict[str, bytes]) -> dict[bytes, list[str]]:
    out: dict[bytes, list[str]] = defaultdict(list)
    for record, party in found.items():
        out[party].append(record)
    return out


def _group(answer: Answer, **key: str) -> Group | None:
    return next((g for g in answer.groups if dict(g.key) == key), None)


def _moved(answer: Answer) -> dict[str, str]:
    """market → rose, fell, or what else is said of it."""
    return {str(g.key["market"]): g.change.move for g in answer.groups if g.change and isinstance(g.verdict, Estimate)}


def delivery_fell(world: Told) -> bool:
    """In Norway, and nowhere else."""
    fall = planted()["real_fall"]
    moves = _moved(world.ask(fall["measure"], "market", "", "last 3 months", "", "previous"))
    return moves.get(fall["market"]) == "fell" and all(m != "fell" for k, m in moves.items() if k != fall["market"])


def support_rose(world: Told) -> bool:
    """In Sweden, and nowhere else."""
    rise = planted()["real_rise"]
    moves = _moved(world.ask(rise["measure"], "market", "", "last 3 months", "", "previous"))
    return moves.get(rise["market"]) == "rose" and all(m != "rose" for k, m in moves.items() if k != rise["market"])


def support_rose_by_as_much(world: Told) -> bool:
    """Whether the planted lift lies within the interval that the ratings themselves give, before and after the day."""
    plan = planted()["documentation"]
    table = world.house.engine.table("feedback")
    mine = table.filter(table.measure == plan["measure"], table.market == plan["market"])
    rows = world.house.engine.run(mine.select("occurred_at", "score")).to_pylist()
    after = [r["score"] for r in rows if r["occurred_at"].date() >= plan["day"]]
    before = [r["score"] for r in rows if r["occurred_at"].date() < plan["day"]]
    gap = sum(after) / len(after) - sum(before) / len(before)
    wide = 1.96 * (_spread(after) / len(after) + _spread(before) / len(before)) ** 0.5
    return bool(gap - wide > 0 and gap - wide <= plan["lift"] <= gap + wide)


def _spread(scores: list[float]) -> float:
    mean = sum(scores) / len(scores)
    return sum((s - mean) ** 2 for s in scores) / (len(scores) - 1)


def versions_stay_apart(world: Told) -> bool:
    """A comparison over the day of the new wording is refused, and no point of the trend holds answers to both."""
    change = planted()["wording_change"]
    day: date = change["day"]
    period = f"{day.isoformat()}..{(day + timedelta(days=60)).isoformat()}"
    over = world.ask(change["measure"], "", "", period, "", "previous")
    refused = any(g.change and isinstance(g.change.then, NotComparable) for g in over.groups)
    return refused and not any(g.change and g.change.move in {"rose", "fell"} for g in over.groups)


def small_segment_is_not_judged(world: Told) -> bool:
    """Twelve terrible answers are told to be too few."""
    small = planted()["small_segment"]
    group = _group(world.ask(small["measure"], "segment", "", "last 12 months"), segment=small["segment"])
    alone = world.ask(small["measure"], "", f"segment={small['segment']}", "last 12 months")
    verdicts = [g.verdict for g in (*([group] if group else []), *alone.groups)]
    return bool(verdicts) and all(isinstance(v, TooFew) for v in verdicts)


def wrong_weeks_are_set_aside(world: Told) -> bool:
    """Scores off the scale stand aside, all of them from the weeks in which they were sent."""
    wrong = planted()["wrong_scores"]
    rows = world.house.ledger.set_aside.page(wrong["source"], "off_scale", "open", 0, 100_000)
    days = [date.fromisoformat(json.loads(r.row.raw)["pressed_at"][:10].replace("/", "-")) for r in rows]
    return bool(days) and all(wrong["hundred_from"] <= day < wrong["fixed_on"] for day in days)


QUESTIONS: dict[str, Callable[[Told], bool]] = {
    "delivery fell in Norway only": delivery_fell,
    "support rose in Sweden only": support_rose,
    "support in Sweden rose by what was planted": support_rose_by_as_much,
    "two wordings are never joined": versions_stay_apart,
    "twelve answers are too few": small_segment_is_not_judged,
    "scores off the scale are set aside": wrong_weeks_are_set_aside,
}


def truths(world: Told, questions: Iterable[str] = QUESTIONS) -> list[Result]:
    """1 where the planted truth comes to light through a question, else 0."""
    return [Result(f"planted: {name}", float(QUESTIONS[name](world)), "yes or no", 1.0) for name in questions]


def evaluate(folder: Path, size: float = 1.0) -> list[Result]:
    """Identity and planted truths, on a company of this size."""
    with told(folder, size) as world:
        return [*identity(world), *truths(world), *outcomes.in_the_company(world.company, world.house), *journeys.planted_payment(world.house)]
