"""Scales, dates and roles, one column at a time: what the values and the words of a column say of it."""

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.collect.suggesting.dates import best_time, dates_of, zone_of
from gensvar.collect.suggesting.lexicon import FAMILIES
from gensvar.collect.suggesting.naming import slug
from gensvar.collect.suggesting.profile import Profile, number
from gensvar.collect.suggesting.roles import role_of
from gensvar.collect.suggesting.scales import scale_of
from gensvar.collect.suggesting.suggestion import language_of
from gensvar.contracts.measures import ID_FORM
from gensvar.contracts.rows import Header


def column(
    name: str, values: Sequence[object], label: str = "", labels: dict[str, str] | None = None, missing: frozenset[str] = frozenset()
) -> Profile:
    said = Counter(str(v) for v in values if v not in (None, ""))
    return Profile(Header(name, label, labels or {}, missing), pa.string(), len(values), sum(said.values()), len(said), said)


SCORES = [
    ("nps en", "nps", "How likely are you to recommend us?", range(11), "nps", 0, 10),
    ("nps sv", "q1", "Hur troligt är det att du skulle rekommendera oss?", [0, 3, 7, 8, 9, 10], "nps", 0, 10),
    ("nps nb", "q1", "Hvor sannsynlig er det at du anbefaler oss?", [2, 7, 9, 10], "nps", 0, 10),
    ("nps fi", "q1", "Kuinka todennäköisesti suosittelisit meitä?", [2, 7, 9, 10], "nps", 0, 10),
    ("nps de", "q1", "Würden Sie uns weiterempfehlen?", [0, 6, 9, 10], "nps", 0, 10),
    ("nps by name", "NPS_score", "", range(11), "nps", 0, 10),
    ("enps sv", "q1", "Skulle du rekommendera oss som arbetsgivare?", range(11), "enps", 0, 10),
    ("enps en", "q1", "Would you recommend us as a place to work?", range(11), "enps", 0, 10),
    ("csat en", "csat", "How satisfied are you?", [1, 2, 3, 4, 5], "csat", 1, 5),
    ("csat sv", "q2", "Hur nöjd är du med leveransen?", [2, 3, 4, 5], "csat", 1, 5),
    ("csat nb", "q2", "Hvor fornøyd er du?", [1, 3, 4, 5], "csat", 1, 5),
    ("csat da", "q2", "Hvor tilfreds er du?", [1, 3, 4, 5], "csat", 1, 5),
    ("csat fi", "q2", "Kuinka tyytyväinen olet?", [1, 3, 4, 5], "csat", 1, 5),
    ("stars", "stars", "", [1, 2, 3, 4, 5], "stars", 1, 5),
    ("stars by betyg", "betyg", "", [1, 2, 3, 5], "stars", 1, 5),
    ("half stars", "rating", "", [1, 2.5, 3, 4.5, 5], "stars", 1, 5),
    ("ease of seven", "ces", "It was easy to get help", range(1, 8), "ces7", 1, 7),
    ("effort of five", "q", "How much effort did you have to put in?", [1, 2, 3, 5], "ces5", 1, 5),
    ("one to seven", "q", "The site is modern", range(1, 8), "scale", 1, 7),
    ("nought to ten", "q", "How important is price?", range(11), "scale", 0, 10),
    ("one to ten", "q", "How important is price?", range(1, 11), "scale", 1, 10),
    ("three below and above", "q", "Do you agree?", range(-3, 4), "scale", -3, 3),
    ("nought to a hundred", "quality_score", "", range(0, 101, 5), "scale", 0, 100),
]


@pytest.mark.parametrize(("what", "name", "label", "values", "metric", "low", "high"), SCORES, ids=[s[0] for s in SCORES])
def test_numbers_find_their_scale(what: str, name: str, label: str, values: Sequence[float], metric: str, low: float, high: float) -> None:
    scale = scale_of(column(name, list(values) * 5, label))
    assert scale is not None
    assert (scale.metric, scale.low, scale.high) == (metric, low, high)
    assert 0 < scale.sure <= 1
    assert scale.because
    assert scale.step == (0.5 if what == "half stars" else 1)


NO_SCORES = [
    ("ages", "age", [31, 42, 27, 55, 31]),
    ("small ages", "Age of child", [1, 2, 3, 4, 5]),
    ("minutes", "Departure Delay in Minutes", [0, 1, 2, 3, 5]),
    ("yes and no", "consent", ["yes", "no"]),
    ("nought and one", "Recommended IND", [0, 1, 1]),
    ("amounts", "amount", [10.25, 99.99, 3.5]),
    ("names of towns", "town", ["Oslo", "Turku", "Lund"]),
    ("far too many values", "points", list(range(1_000))),
    ("nothing", "q1", []),
]


@pytest.mark.parametrize(("what", "name", "values"), NO_SCORES, ids=[n[0] for n in NO_SCORES])
def test_what_is_no_score(what: str, name: str, values: Sequence[object]) -> None:
    assert scale_of(column(name, list(values))) is None


def test_a_rare_nought_beside_one_to_five_means_no_answer() -> None:
    rare = scale_of(column("Seat comfort", [0] * 3 + [1, 2, 3, 4, 5] * 20))
    common = scale_of(column("Seat comfort", [0] * 40 + [1, 2, 3, 4, 5] * 20))
    assert rare is not None
    assert (rare.low, rare.missing) == (1, frozenset({"0"}))
    assert "no answer" in rare.because
    assert common is not None
    assert (common.low, common.missing) == (0, frozenset())


def test_codes_far_away_mean_no_answer() -> None:
    scale = scale_of(column("q", [1, 2, 3, 4, 5, 99, -9] * 5, "How satisfied are you?"))
    assert scale is not None
    assert (scale.metric, scale.missing) == ("csat", frozenset({"99", "-9"}))


@pytest.mark.parametrize(("name", "language"), [(n, lang) for n, languages in FAMILIES.items() for lang in languages])
def test_each_known_scale_of_words_is_found_in_each_language(name: str, language: str) -> None:
    words = [forms.split("|")[0] for forms in FAMILIES[name][language]]
    scale = scale_of(column("q", [w.capitalize() for w in words] * 10))
    assert scale is not None
    assert dict(scale.words) == {w.casefold(): float(i) for i, w in enumerate(words, start=1)}
    assert (scale.low, scale.high) == (1, 5)


def test_a_middle_that_nobody_may_choose_makes_four_steps() -> None:
    answers = ["Stimme gar nicht zu", "Stimme eher nicht zu", "Stimme eher zu", "Stimme vollständig zu", "Keine Angabe"] * 10
    scale = scale_of(column("q", answers))
    assert scale is not None
    assert (scale.low, scale.high, scale.missing) == (1, 4, frozenset({"Keine Angabe"}))
    assert scale.words["stimme eher zu"] == 3


def test_words_that_nobody_chose_yet_are_known_too() -> None:
    scale = scale_of(column("q", ["Very satisfied", "Neutral", "Dissatisfied"]))
    assert scale is not None
    assert scale.words["very dissatisfied"] == 1
    assert scale.cut == 4


def test_codes_with_words_get_their_scores_by_the_words() -> None:
    scale = scale_of(
        column(
            "q", ["1", "2", "3"] * 4, labels={"1": "Very satisfied", "2": "Satisfied", "3": "Neutral", "4": "Dissatisfied", "5": "Very dissatisfied"}
        )
    )
    assert scale is not None
    assert dict(scale.words)["1"] == 5
    assert dict(scale.words)["3"] == 3
    assert scale_of(column("q", ["1", "2", "3"] * 4, labels={"1": "Red", "2": "Green", "3": "Blue"})) is None


@pytest.mark.parametrize("answers", [("Yes", "Partly", "No"), ("Ja", "Delvis", "Nej"), ("Kyllä", "Osittain", "Ei"), ("Ja", "Teilweise", "Nein")])
def test_stated_goal_completion(answers: tuple[str, str, str]) -> None:
    scale = scale_of(column("Did you find what you came for?", list(answers) * 5))
    assert scale is not None
    assert (scale.metric, sorted(scale.words.values())) == ("gcr", [0, 1, 2])


def test_satisfied_or_not_is_a_score_of_two() -> None:
    scale = scale_of(column("satisfaction", ["satisfied", "neutral or dissatisfied"] * 5))
    assert scale is not None
    assert (scale.metric, scale.low, scale.high, dict(scale.words)) == ("csat", 0, 1, {"satisfied": 1, "neutral or dissatisfied": 0})


DATES = [
    ("iso", ["2026-01-31", "2026-02-01"], "iso", 0.9),
    ("iso with time", ["2026-01-31T10:00:00Z", "2026-02-01T10:00:00Z"], "iso", 0.9),
    ("slashes, year first", ["2026/01/31", "2026/2/1"], "iso", 0.9),
    ("year, day, month", ["2026-31-01", "2026-15-02"], "ydm", 0.8),
    ("day first", ["31/01/2026", "01/02/2026"], "dmy", 0.9),
    ("day first, points", ["31.1.2026 10:15", "1.2.2026 9:00"], "dmy", 0.9),
    ("day first, dashes, short year", ["31-01-26", "01-02-26"], "dmy", 0.9),
    ("month first", ["1/31/2026 10:15", "2/1/2026 9:00"], "mdy", 0.9),
    ("month in words", ["31 Jan 2026", "1 Feb 2026"], "dmy", 0.8),
    ("month in words, first", ["January 31, 2026", "February 1, 2026"], "mdy", 0.8),
    ("eight digits", ["20260131", "20260201"], "iso", 0.8),
    ("seconds", ["1769853600", "1769940000"], "epoch_s", 0.8),
    ("milliseconds", ["1769853600000", "1769940000000"], "epoch_ms", 0.8),
    ("Excel's days", ["46053.4", "46054"], "excel", 0.8),
]


@pytest.mark.parametrize(("what", "values", "order", "least"), DATES, ids=[d[0] for d in DATES])
def test_the_order_of_dates_is_told_by_their_values(what: str, values: list[str], order: str, least: float) -> None:
    found = dates_of(column("created date", values))
    assert found is not None
    assert found.order == order
    assert found.sure >= least


AMBIGUOUS = [
    ("slashes", ["01/02/2026", "03/04/2026"], "dmy"),
    ("points", ["01.02.2026", "03.04.2026"], "dmy"),
    ("AM and PM", ["1/2/2026 3:00 PM"], "mdy"),
]


@pytest.mark.parametrize(("what", "values", "order"), AMBIGUOUS, ids=[a[0] for a in AMBIGUOUS])
def test_where_nothing_tells_day_from_month_it_says_so(what: str, values: list[str], order: str) -> None:
    found = dates_of(column("created", values))
    assert found is not None
    assert (found.order, found.sure <= 0.7) == (order, True)
    assert "nothing tells day from month" in found.because


def test_dates_in_both_orders_are_hardly_believed() -> None:
    found = dates_of(column("created", ["31/01/2026", "01/31/2026"]))
    assert found is not None
    assert found.sure <= 0.3


@pytest.mark.parametrize("values", [["1", "5"], ["a"], ["3292879998", "3292879538"], ["45", "46"], []])
def test_what_is_no_date(values: list[str]) -> None:
    assert dates_of(column("RespondentID", values)) is None


def test_the_zone_is_told_by_the_header_or_the_values() -> None:
    assert zone_of(column("Submit Date (UTC)", ["2026-01-31"]), "Europe/Oslo")[0] == "UTC"
    assert zone_of(column("at", ["2026-01-31"], "Start Date (America/Denver)"), "Europe/Oslo")[0] == "America/Denver"
    assert zone_of(column("at", ["2026-01-31T10:00:00+02:00"]), "Europe/Oslo")[0] == "UTC"
    zone, sure, because = zone_of(column("at", ["2026-01-31 10:00"]), "Europe/Oslo")
    assert (zone, sure, bool(because)) == ("Europe/Oslo", 0.5, True)


def test_the_time_of_answering_beats_all_other_times() -> None:
    times = [(p, d) for name in ("StartDate", "RecordedDate", "updated_at", "birth date") if (d := dates_of(p := column(name, ["2026-01-31"])))]
    best = best_time(times)
    assert best is not None
    assert best[0].name == "RecordedDate"
    assert best_time([]) is None


IDS = [f"R_{i:03}" for i in range(40)]
ROLES = [
    ("an e-mail", "contact", [f"a{i}@example.org" for i in range(40)], "email"),
    ("one e-mail for all", "recipient", ["us@example.org"] * 40, "personal"),
    ("a phone", "mobile", [f"+46 70 123 45 {i:02}" for i in range(40)], "phone"),
    ("an IP address", "seen from", [f"192.0.2.{i}" for i in range(40)], "personal"),
    ("a place", "LocationLatitude", [f"59.{i}" for i in range(40)], "personal"),
    ("a street", "street", [f"Storgatan {i}" for i in range(40)], "personal"),
    ("a birthday", "birth_date", ["1970-01-31"] * 40, "personal"),
    ("a national number", "pnr", [f"7001{i:02}-1234" for i in range(10, 40)], "personal"),
    ("a first name", "first_name", ["Anna", "Bo", "Åsa"] * 10, "name"),
    ("a secret", "authenticity_token", IDS, "personal"),
    ("a record", "ResponseId", IDS, "record"),
    ("a number sign", "#", IDS, "record"),
    ("a customer", "customer_id", [*IDS[:20], *IDS[:20]], "external"),
    ("an organisation", "organization_id", IDS[:20] * 2, "account"),
    ("another id", "group_id", IDS[:20] * 2, "other"),
    ("a web address", "link", [f"https://example.org/{i}" for i in range(40)], "other"),
    ("a time", "created_at", ["2026-01-31 10:00"] * 40, "time"),
    ("a country", "country", ["SE", "NO"] * 20, "dimension"),
    ("a channel", "via_channel", ["web", "email"] * 20, "dimension"),
    ("a language", "UserLanguage", ["EN", "SV"] * 20, "language"),
    ("a kind", "type", ["problem", "question"] * 20, "kind"),
    ("a rating", "rating", [1, 2, 3, 4, 5] * 8, "score"),
    ("a comment", "comment", [f"Delivery number {i} was rather late" for i in range(40)], "text"),
    ("a long answer", "q7", [f"I think that it was number {i} that failed" for i in range(40)], "text"),
    ("a question with few answers", "Have you called us?", ["Yes", "No"] * 20, "choice"),
    ("a trait", "gender", ["f", "m"] * 20, "attr"),
    ("a number", "minutes waited", [float(i) for i in range(40)], "attr"),
    ("an empty column", "old", [""] * 40, "empty"),
    ("an empty comment", "comment", [""] * 40, "text"),
    ("an empty e-mail", "RecipientEmail", [""] * 40, "personal"),
    ("odds and ends", "blob", [f"{i:040x}" for i in range(40)], "other"),
]


@pytest.mark.parametrize(("what", "name", "values", "use"), ROLES, ids=[r[0] for r in ROLES])
def test_each_column_has_one_use(what: str, name: str, values: Sequence[object], use: str) -> None:
    role = role_of(column(name, list(values)), "", False)
    assert role.use == use
    assert 0 < role.sure <= 1
    assert role.because


@given(st.text(max_size=200), st.integers(8, 48))
def test_a_slug_is_a_measure_id(text: str, longest: int) -> None:
    made = slug(text, longest)
    assert ID_FORM.fullmatch(f"rating.{made}")
    assert len(made) <= max(longest, len("question"))


@given(st.text(max_size=12))
def test_a_number_is_finite_or_none(text: str) -> None:
    value = number(text)
    assert value is None or abs(value) < float("inf")


@pytest.mark.parametrize(("text", "language"), [
    ("Leveransen kom alldeles för sent och ingen svarade i telefonen", "sv"),
    ("Jeg ble veldig skuffet over hvor lang tid det tok å få hjelp av dere", "nb"),
    ("Jeg er meget utilfreds med, at pakken ikke blev leveret til tiden", "da"),
    ("Tilaus saapui myöhässä eikä kukaan vastannut puhelimeen", "fi"),
    ("The parcel came far too late and nobody picked up the phone", "en"),
    ("Das Paket kam viel zu spät und niemand ging ans Telefon", "de"),
])  # fmt: skip
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language
