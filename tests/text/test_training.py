"""Training: our corpus is well formed, a teacher learns what is plain, a student says what its teacher says, and all of it twice alike."""

import numpy as np
from tools.text import data, imitation, teacher
from tools.text.card import card
from tools.text.choosing import cut, sharpness, tilted, true_to_word
from tools.text.data import Example
from tools.text.targets import goals, importance

from gensvar.text.labels import CAUSES, EMOTIONS, FLAGS, INTENTS, TOPICS
from gensvar.text.outputs import COLUMNS, TONE

OWN = data.corpus()


def test_the_corpus_is_well_formed() -> None:
    assert len(OWN) > 3000
    assert all(0 <= (e.tone or 0) <= data.MIXED and e.text and e.intent in INTENTS and e.emotion in EMOTIONS for e in OWN)
    assert all(t in TOPICS for e in OWN for t, _ in e.topics or ())
    assert all(set(e.causes or ()) <= set(CAUSES) and set(e.flags or ()) <= set(FLAGS) for e in OWN)
    assert {e.language for e in OWN} == {"sv", "nb", "da", "fi", "en", "de", "fr", "nl", "es", "pt"}


def test_near_duplicates_fall_on_the_same_side() -> None:
    assert data.key("Bra mat, 100 %!") == data.key("mat  BRA")
    assert data.percent("Bra mat!") == data.percent("bra MAT 12")
    assert 0.05 < teacher.held_out(OWN).mean() < 0.15


EXAMPLES = [
    Example(f"{('dålig', 'bra')[i % 2]} {word}", "sv", "own", 2 * (i % 2), (("food", 1),) * (i % 3 > 0), "praise", (), (), "joy")
    for i, word in enumerate(["mat", "buss", "hjälp", "butik", "dag", "soppa", "tåg", "svar"] * 10)
]  # fmt: skip
VECTORS = np.random.default_rng(0).normal(size=(len(EXAMPLES), 16)).astype(np.float32)
VECTORS[:, 0] += [3 if e.tone == data.POSITIVE else -3 for e in EXAMPLES]


def test_a_teacher_learns_what_is_plain() -> None:
    heads = teacher.heads(EXAMPLES, VECTORS)
    assert heads.weights.shape == (16, COLUMNS)
    said = heads.scores(VECTORS)[:, TONE].argmax(1)
    assert (said == [e.tone for e in EXAMPLES]).mean() > 0.9


def test_a_student_says_what_its_teacher_says() -> None:
    scores = goals(EXAMPLES, teacher.heads(EXAMPLES, VECTORS).scores(VECTORS))
    weight = importance(EXAMPLES, 0)
    taught = imitation.teach([e.text for e in EXAMPLES], scores, weight)
    student = taught.student()
    said = student.scores(student.sums([e.text for e in EXAMPLES]))[:, TONE].argmax(1)
    assert (said == [e.tone for e in EXAMPLES]).mean() > 0.95
    again = imitation.teach([e.text for e in EXAMPLES], scores, weight)
    assert (again.codes == taught.codes).all()


def test_goals_hold_what_is_known() -> None:
    scores = np.zeros((len(EXAMPLES), COLUMNS), np.float32)
    assert (goals(EXAMPLES, scores)[:, TONE].argmax(1) == [e.tone for e in EXAMPLES]).all()
    assert not goals([], scores)[:, TONE].any()


def test_what_is_set_afterwards() -> None:
    random = np.random.default_rng(1)
    scores = random.normal(size=(400, 4)).astype(np.float32)
    right = np.array([random.choice(4, p=np.exp(3 * s) / np.exp(3 * s).sum()) for s in scores])
    sharp, _ = sharpness([(scores, right, np.ones((400, 4), np.float32))])
    assert 2 < sharp < 4
    z = random.normal(size=2000).astype(np.float32)
    slope, shift = true_to_word(z, (random.random(2000) < 1 / (1 + np.exp(-(2 * z - 1)))).astype(np.float32))
    assert abs(slope - 2) < 0.4
    assert abs(shift + 1) < 0.3
    assert 0.2 < cut(np.array([0.9, 0.8, 0.2, 0.1]), np.array([1.0, 1, 0, 0])) <= 0.8


def test_a_language_has_a_tilt_of_its_own_and_rare_tones_are_heard() -> None:
    random = np.random.default_rng(2)
    right = random.choice(4, 600, p=[0.05, 0.85, 0.05, 0.05])
    scores = (np.eye(4)[right] + random.normal(0, 0.7, (600, 4)) + [0, 0, 0.8, 0]).astype(np.float32)
    group = (scores, right, np.ones((600, 4), np.float32))
    tilt = tilted([group], 2.0, np.zeros(4, np.float32))
    assert tilt[1] > 0.3
    assert tilt[2] == 0
    assert tilt[1] < tilted([group], 2.0, np.array([0, 5, 0, 0], np.float32))[1]


def test_phrases_are_turned_by_denial() -> None:
    found = {e.text: e.tone for e in data.phrases(10_000)}
    assert (found["Bra"], found["Inte bra"], found["Inte dålig"], found["Leveransen kom för sent"]) == (
        data.POSITIVE, data.NEGATIVE, data.POSITIVE, data.NEGATIVE,
    )  # fmt: skip
    assert found["Ei hyvä"] == data.NEGATIVE
    assert {e.language for e in data.phrases()} == {"sv", "nb", "da", "fi", "en", "de"}
    assert data.phrases() == data.phrases()
    assert sum(e.tone == data.MIXED for e in data.phrases()) > 300


def test_the_card_names_every_source_and_its_licence() -> None:
    said = card({"own sv": 400, "finn fi": 17000}, [{"name": "tone: Swedish reviews", "value": 0.9, "unit": "accuracy, n 900", "target": 0.92}])
    assert "| own, sv | 400 | our own corpus, CC BY 4.0 |" in said
    assert "| tone: Swedish reviews | 0.900 | accuracy, n 900 | 0.92 |" in said
    assert "XED" in said
