"""The names that a reading may use: tones, topics, intents, causes, flags, emotions. Ids keep their meaning for ever."""

from typing import Final, Literal

Tone = Literal["negative", "neutral", "positive", "mixed"]
TONES: Final[tuple[Tone, ...]] = ("negative", "neutral", "positive", "mixed")
MILD: Final = 0.2  # of −1…1: a tone from −MILD to MILD is neither good nor bad, wherever tones are cut

# One row for each topic; behind it its sub-topics.
_CUSTOMER: Final = """
delivery late damaged missing tracking courier
quality defect durability as_described packaging
price fees discount increase
billing wrong payment refund
returns process exchange warranty
support waiting reach solving repeat
staff manner competence
usability navigation design checkout
reliability crash outage slow update
account login profile
features missing integration reports
information unclear wrong missing language
onboarding setup training
booking appointment change tickets
selection stock
premises clean comfort access
food taste menu
trip delay cancelled connection luggage
waiting
safety fraud privacy harm
sustainability packaging climate ethics
trust promise marketing loyalty
contract terms cancel renewal
outcome
"""
_EMPLOYEE: Final = """
work.load stress
work.manager feedback
work.leadership
work.colleagues
work.growth
work.pay
work.tools it
work.place
work.balance schedule
work.recognition
work.inclusion
work.purpose
work.communication change
work.customers
"""


def _ids(rows: str) -> tuple[str, ...]:
    """Every topic, each followed by its sub-topics."""
    split = (row.split() for row in rows.strip().splitlines())
    return tuple(one for top, *subs in split for one in (top, *(f"{top}.{sub}" for sub in subs)))


CUSTOMER_TOPICS: Final = _ids(_CUSTOMER)
EMPLOYEE_TOPICS: Final = _ids(_EMPLOYEE)
TOPICS: Final = CUSTOMER_TOPICS + EMPLOYEE_TOPICS
INTENTS: Final = ("help", "improvement", "complaint", "praise", "cancellation", "other")
CAUSES: Final = (
    "unclear_information", "missing_functionality", "technical_obstacle", "unsure_next_step",
    "unclear_instructions", "superfluous_steps", "left_to_user",
)  # fmt: skip
FLAGS: Final = ("urgent", "need", "expectation", "suggestion")
EMOTIONS: Final = ("none", "anger", "disappointment", "worry", "confusion", "joy", "gratitude", "relief")


def top(topic: str) -> str:
    """The topic that a sub-topic belongs to; a topic's own id otherwise.

    >>> top("delivery.late"), top("work.tools.it"), top("work.tools"), top("food")
    ('delivery', 'work.tools', 'work.tools', 'food')
    """
    parts = topic.split(".")
    return ".".join(parts[: 2 if parts[0] == "work" else 1])
