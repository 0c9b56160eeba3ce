"""Labels: of one member, of several, taken back; what a member says again takes the place of what she said."""

from gensvar.ledger import Ledger
from gensvar.ledger.labels import Label


def label(text: int, tone: str, member: int = 1, **more: object) -> Label:
    return Label(bytes([text] * 16), bytes([100 + text] * 16), "sv", tone, member, f"member {member}", **more)  # type: ignore[arg-type]


def test_the_last_word_of_a_member_stands(ledger: Ledger) -> None:
    ledger.labels.add(label(1, "negative"))
    ledger.labels.add(label(1, "mixed", topics=("delivery",), intent="complaint"))
    ledger.labels.add(label(1, "neutral", member=2))
    assert ledger.labels.all() == [label(1, "mixed", topics=("delivery",), intent="complaint"), label(1, "neutral", member=2)]
    assert ledger.labels.of(2) == [label(1, "neutral", member=2)]


def test_a_label_is_taken_back_once(ledger: Ledger) -> None:
    ledger.labels.add(label(1, "positive"))
    assert ledger.labels.remove(2, label(1, "").key) is False
    assert [ledger.labels.remove(1, label(1, "").key) for _ in range(2)] == [True, False]
    assert ledger.labels.all() == []


def test_labels_of_rows_that_are_gone_go(ledger: Ledger) -> None:
    for text in (1, 2, 3):
        ledger.labels.add(label(text, "neutral"))
    assert ledger.labels.forget([label(1, "").row, label(3, "").row]) == 2
    assert [one.key for one in ledger.labels.all()] == [label(2, "").key]
    assert ledger.labels.forget([]) == 0
