"""What people in the company write: five languages, natural variety, and nobody's real address or number."""

import re
from collections import Counter
from random import Random

import phonenumbers
import py3langid
import pytest

from gensvar.demo import Company
from gensvar.demo.dirt import slipped, touched
from gensvar.demo.draft import TOPICS
from gensvar.demo.sources.micro import CAUSES
from gensvar.demo.sources.pulse import TOPICS as WORK_TOPICS
from gensvar.demo.sources.returns import REASONS
from gensvar.demo.town import PHONES
from gensvar.demo.voice import LANGUAGES, SLOT, About, fragments, voice
from tests.demo.exports import Exports

MAIL = re.compile(r"[\w.+\-]+@([\w\-]+\.)*[\w\-]+", re.UNICODE)
RESERVED = (".example", "example.com", "example.net", "example.org")
LONG = 60
EXTRA = {"who", "said"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_hundreds_of_pieces_written_by_hand(language: str) -> None:
    assert len(set(fragments(language))) >= 500


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_can_be_filled(language: str) -> None:
    used = {slot for piece in fragments(language) for slot in SLOT.findall(piece)}
    assert used - EXTRA <= voice(language).pieces["slots"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_speak_of_everything(language: str) -> None:
    pieces = voice(language).pieces
    assert set(pieces["topic"]) == set(TOPICS)
    assert all(set(kinds) == {"good", "bad", "so", "ask", "note", "irony", "head"} for kinds in pieces["topic"].values())
    assert set(pieces["work"]) == set(WORK_TOPICS)
    assert set(pieces["returns"]) == set(REASONS)
    assert set(pieces["leave"]) == set(CAUSES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_clauses_can_stand_after_a_conjunction(language: str) -> None:
    kept = {"API", "I ", "I\u2019", "VPN", "Shopvik", "PC"}
    groups = [*voice(language).pieces["topic"].values(), *voice(language).pieces["work"].values()]
    clauses = [c for kinds in groups for tone in ("good", "bad", "so", "irony") for c in kinds.get(tone, [])]
    assert all(c[0].islower() or c[0] == "{" or c.startswith(tuple(kept)) for c in clauses)
    assert not any(c.endswith((".", "!", "?")) for c in clauses)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_piece_stands_twice_within_a_topic(language: str) -> None:
    for kinds in voice(language).pieces["topic"].values():
        said = [c for pieces in kinds.values() for c in pieces]
        assert len(set(said)) == len(said)


def named(text: str) -> str:
    """The likeliest of our languages."""
    likely = next(name for name, _ in py3langid.rank(text) if name in {"sv", "no", "da", "fi", "en"})
    return "nb" if likely == "no" else likely


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_recognised_as_itself(language: str) -> None:
    rng, right = Random(3), 0
    for i in range(60):
        text = voice(language).write_in(rng, About(TOPICS[i % len(TOPICS)], -1, "price", 1))
        right += named(text) == language
    assert right >= 48


def test_bodies_of_one_tone_hold_only_clauses_of_that_tone() -> None:
    speaker, rng = voice("en"), Random(1)
    bad = {c for c in speaker.pieces["topic"]["delivery"]["bad"] if "{" not in c}
    praise = " ".join(speaker.say(rng, About("delivery", 1)) for _ in range(300)).lower()
    assert not any(c in praise for c in bad)


def test_a_second_subject_is_joined_to_the_first() -> None:
    speaker, rng = voice("sv"), Random(2)
    texts = [speaker.say(rng, About("delivery", 1, "price", -1)) for _ in range(50)]
    assert sum(" men " in t.lower() or " fast " in t.lower() for t in texts) >= 45


def test_letters_begin_with_a_greeting_and_may_say_who_writes() -> None:
    letter = voice("da").write_in(Random(4), About("invoice", -1), "+46701740610")
    assert letter.lower().startswith(tuple(o.lower() for o in voice("da").pieces["letter"]["open"]))
    assert "+46701740610" in letter


def test_notes_have_no_emoji_since_their_system_cannot_hold_them() -> None:
    rng = Random(5)
    notes = [voice(lang).note(rng, topic, -1) for lang in LANGUAGES for topic in TOPICS for _ in range(20)]
    assert all(n.encode("cp1252") for n in notes)


def test_typing_slips_touch_one_place_only() -> None:
    rng = Random(6)
    for _ in range(200):
        text = "the delivery was late again"
        assert abs(len(slipped(rng, text)) - len(text)) <= 1
        assert slipped(rng, "ok") == "ok"


def test_an_address_is_never_harmed() -> None:
    rng = Random(7)
    assert {touched(rng, "Write to anna@firm.example", "en") for _ in range(200)} == {"Write to anna@firm.example"}


def test_emoji_follow_the_tone() -> None:
    rng = Random(8)
    happy = {touched(rng, "fine", "en", 1) for _ in range(2000)}
    assert "fine 🙂" in happy
    assert "fine 😡" not in happy


def test_long_texts_are_hardly_ever_the_same(exports: Exports) -> None:
    long = [t for _, t in exports.texts() if len(t) >= LONG]
    assert len(long) > 10_000
    assert len(set(long)) / len(long) >= 0.95


def test_languages_have_the_shares_of_the_markets(full: Company) -> None:
    counts = Counter(s.language for s in full.truth.said if s.source != "pulse")
    shares = {lang: counts[lang] / counts.total() for lang in LANGUAGES}
    assert shares == pytest.approx({"sv": 0.40, "nb": 0.235, "da": 0.19, "fi": 0.12, "en": 0.055}, abs=0.05)


def test_short_answers_emoji_and_shouting_occur(exports: Exports) -> None:
    whys = [r["NPS_WHY"] for r in exports.answered() if r["NPS_WHY"]]
    assert "👍" in whys
    assert sum(len(w) <= 12 for w in whys) > 50
    assert any(w.isupper() and len(w) > 20 for w in whys)
    assert any(w.islower() and len(w) > 20 for w in whys)


def test_some_texts_hold_addresses_and_numbers_to_take_out(exports: Exports) -> None:
    letters = [t["description"] for t in exports.tickets()]
    assert sum("@" in x for x in letters) > 100
    assert sum("+46" in x for x in letters) > 20


def test_every_address_lies_in_a_reserved_domain(exports: Exports) -> None:
    for _, text in exports.texts():
        for found in MAIL.finditer(text):
            assert found[0].rstrip(".").lower().endswith(RESERVED)
    for name, column in (
        ("crm_contacts", "E-post"),
        ("relationship", "RecipientEmail"),
        ("delivery", "email"),
        ("in_app", "email"),
        ("partners", "Email"),
    ):
        assert all(r[column].lower().endswith(RESERVED) for r in exports.table(name) if r[column])
    assert all(t["requester_email"].lower().endswith(RESERVED) for t in exports.tickets() if t["requester_email"])


def numbers_in(text: str) -> set[str]:
    return {phonenumbers.format_number(m.number, phonenumbers.PhoneNumberFormat.E164) for m in phonenumbers.PhoneNumberMatcher(text, "SE")}


def test_every_number_is_one_kept_for_fiction(exports: Exports) -> None:
    known = set(PHONES)
    written = {r["Telefon"] for r in exports.table("calls")} | {r["Mobil"] for r in exports.table("crm_contacts")}
    written |= {t["requester_phone"] or "" for t in exports.tickets()}
    assert {n for w in written if w for n in numbers_in(w)} <= known
    assert {n for _, text in exports.texts() for n in numbers_in(text)} <= known
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(p)) for p in PHONES)
