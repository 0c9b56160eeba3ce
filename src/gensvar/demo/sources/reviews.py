"""Public reviews: stars, a heading and a text, by people who do not say who they are (a JSON array)."""

from pathlib import Path

from gensvar.contracts.contract import AnswerRule, Contract, Moment, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import pick
from gensvar.demo.draft import Draft, occasions, talk, tones
from gensvar.demo.files import save_json
from gensvar.demo.measures import some
from gensvar.demo.sources.source import Source, World, abouts, comments, numbered, said
from gensvar.demo.truth import Said
from gensvar.demo.voice import voice

REVIEWS = 1_900
STAR_SHARES = [17.0, 8, 10, 24, 41]
TOPIC_SHARES = [14.0, 14, 6, 16, 20, 8, 6, 8, 6, 2]
SITES = ("appbutik", "omdömen", "karttjänst")


def draft(world: World) -> Draft:
    """Many fives, many ones, little between."""
    rng = world.dice.numbers("reviews")
    sent = occasions(world.town, rng, world.count(REVIEWS), "shop")
    count = len(sent)
    stars = pick(rng, STAR_SHARES, count) + 1
    scored = sent.with_(stars=stars, site=pick(rng, [6, 3, 1], count))
    return talk(rng, scored, pick(rng, TOPIC_SHARES, count), tones(rng, stars, 2, 4), rng.random(count) < 0.86)


def save(world: World, sent: Draft, path: Path) -> tuple[Said, ...]:
    """One object for each review."""
    people, firms, records = world.people(sent), world.accounts(sent), numbered("rev-", len(sent))
    languages, rng = [p.language for p in people], world.dice.words("reviews/titles")
    about = abouts(sent)
    save_json(path, {
        "review_id": records,
        "published": [f"{s.replace(' ', 'T')}Z" for s in days.stamps(sent.day, sent.second, "%Y-%m-%d", seconds=True)],
        "site": [SITES[s] for s in sent["site"].tolist()],
        "stars": sent["stars"].tolist(),
        "title": [voice(lang).subject(rng, a.topic) if a else "" for a, lang in zip(about, languages, strict=True)],
        "text": comments(world, sent, "reviews", languages),
        "lang": languages,
        "country": [f.market.lower() for f in firms],
    })  # fmt: skip
    return said("reviews", "review", records, languages, sent)


SOURCE = Source(
    contract=Contract(
        source="reviews", version=1, owner="Outi Kallio", purpose="What is said of us in public.", audience="public",
        record=("review_id",), created=Moment(column="published"), at=Moment(column="published"),
        kind=Value(always="review"), language=Value(column="lang"),
        dimensions={"market": Value(column="country", words={"se": "SE", "no": "NO", "dk": "DK", "fi": "FI"}), "channel": Value(column="site")},
        attrs=("title",),
        answers=(AnswerRule(item=Value(always="review"), measure=Value(always="stars.review@1"), score="stars", text="text"),),
        reading=Reading(format="json"),
        measures=some("stars.review@1"),
    ),
    file="public_reviews.json", save=save, draft=draft,
)  # fmt: skip
