"""Small questions in the app: was it easy, did you get it done, why are you leaving (comma-separated, times in epoch milliseconds)."""

from pathlib import Path

import numpy as np

from gensvar.contracts.contract import AnswerRule, Contract, Moment, People, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import pick
from gensvar.demo.draft import Draft, occasions, rated, talk, tones
from gensvar.demo.files import save_csv
from gensvar.demo.measures import some
from gensvar.demo.sources.source import Source, World, blank, comments, customer, numbered, said
from gensvar.demo.truth import Said
from gensvar.demo.voice import voice

ANSWERS = 6_600
ASKED = ("ease", "goal", "exit")
GOAL = ("no", "partly", "yes")
CAUSES = ("price", "missing", "hard", "closed", "switched", "pause")
STEPS = ("invoice", "receipt", "payment", "report", "bank", "settings")
STEP_EASE = np.array([5.6, 5.4, 4.6, 5.2, 5.0, 5.5])
STEP_TOPIC = np.array([6, 4, 7, 4, 2, 4])


def draft(world: World) -> Draft:
    """Which question, at which step, and the answer."""
    rng = world.dice.numbers("micro")
    seen = occasions(world.town, rng, world.count(ANSWERS), "shop")
    count, step = len(seen), pick(rng, [26, 22, 20, 14, 10, 8], len(seen))
    ease = rated(rng, STEP_EASE[step], 1.35, count, 1, 7)
    asked = pick(rng, [57, 30, 13], count)
    tone = tones(rng, ease, 3, 6)
    speaks = (asked == 0) & (rng.random(count) < np.where(tone < 0, 0.4, 0.15))
    scored = seen.with_(
        asked=asked,
        step=step,
        ease=ease,
        goal=rated(rng, 1.0 + (ease.astype(np.float64) - 3.5) * 0.35, 0.45, count, 0, 2),
        cause=pick(rng, [26, 20, 17, 13, 16, 8], count),
    )
    return talk(rng, scored, STEP_TOPIC[step], tone, speaks)


def _exits(world: World, seen: Draft, languages: list[str]) -> list[str]:
    """Why people leave, in their words; half of them say nothing more than the cause."""
    rng = world.dice.words("micro/exit")
    rows = zip(languages, *seen.lists("asked", "cause"), strict=True)
    return [
        voice(lang).line(rng, "leave", CAUSES[cause]) if asked == ASKED.index("exit") and rng.random() < 0.5 else "" for lang, asked, cause in rows
    ]


def save(world: World, seen: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each answer; only the columns of its own question are filled."""
    people, firms, known = world.people(seen), world.accounts(seen), world.as_known(seen, "app")
    records, languages = numbered("m", len(seen)), [p.language for p in people]
    is_asked = {name: (seen["asked"] == i).tolist() for i, name in enumerate(ASKED)}
    save_csv(path, {
        "id": records,
        "ts": days.epoch_ms(seen.day, seen.second).tolist(),
        "user_id": [k.external for k in known],
        "email": [k.email for k in known],
        "customer_no": [f.number for f in firms],
        "market": [f.market for f in firms],
        "segment": [f.segment for f in firms],
        "plan": [f.plan for f in firms],
        "lang": languages,
        "step": [STEPS[s] for s in seen["step"].tolist()],
        "ease": blank(seen["ease"].tolist(), is_asked["ease"]),
        "ease_comment": comments(world, seen, "micro", languages),
        "goal": blank([GOAL[g] for g in seen["goal"].tolist()], is_asked["goal"]),
        "exit_cause": blank([CAUSES[c] for c in seen["cause"].tolist()], is_asked["exit"]),
        "exit_comment": _exits(world, seen, languages),
    }, newline="\n")  # fmt: skip
    return said("in_app", "ease", records, languages, seen)


SOURCE = Source(
    contract=Contract(
        source="in_app", version=1, owner="Sami Peltola", purpose="Whether things are easy in the app, step by step, and why some leave.",
        record=("id",), created=Moment(column="ts", order="epoch_ms"), at=Moment(column="ts", order="epoch_ms"),
        kind=Value(always="survey"), language=Value(column="lang"),
        party=People(external="user_id", email="email", namespace="app_user"), account=customer("customer_no"),
        dimensions={"market": Value(column="market"), "segment": Value(column="segment"), "channel": Value(always="app"),
                    "product": Value(column="plan"), "touchpoint": Value(column="step"), "journey": Value(always="use")},
        answers=(AnswerRule(item=Value(always="ease"), measure=Value(always="ces7.app@1"), score="ease", text="ease_comment"),
                 AnswerRule(item=Value(always="goal"), measure=Value(always="gcr.app@1"), score="goal", words={"no": 0, "partly": 1, "yes": 2}),
                 AnswerRule(item=Value(always="exit"), choice=Value(column="exit_cause"), text="exit_comment", kind=Value(always="cancellation"))),
        reading=Reading(format="csv", delimiter=",", encoding="utf-8"),
        measures=some("ces7.app@1", "gcr.app@1"),
    ),
    file="in_app_answers.csv", save=save, draft=draft,
)  # fmt: skip
