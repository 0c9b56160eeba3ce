"""Journeys as they may be found: a payment that sticks at its last step, and a return that hardly anybody makes."""

from datetime import date

from gensvar.explain.journeys import (
    Compared,
    Counted,
    Fates,
    Friction,
    Journey,
    JourneyFound,
    JourneysFound,
    Link,
    Node,
    Number,
    Path,
    Refused,
    Stated,
    Step,
    StepFound,
    SupportAfter,
    TopicSaid,
    TouchpointMap,
    Voice,
)
from gensvar.stats import Share

NONE = Number(None, None, None, 0, "nothing")
FEW = Number(None, None, None, 7, "too_few", 30)
COUNTED = Counted(6200, 812, 1000, date(2026, 1, 1), date(2026, 10, 14), nobody=3, future=1, doubles=2, open=10)


def part(k: int, n: int) -> Number:
    """k of n with Wilson's interval."""
    found = Share(k, n).interval()
    return Number(found.value, found.low, found.high, n)


def voice(rows: int = 0, tone: float | None = None) -> Voice:
    if not rows:
        return Voice(0, 0, NONE, NONE, NONE, NONE, NONE)
    told = Number(tone, (tone or 0) - 0.08, (tone or 0) + 0.08, rows)
    return Voice(rows, rows - 3, told, Number(0.42, 0.3, 0.54, rows), NONE, part(rows // 3, rows), NONE, (TopicSaid("billing", 21, -0.4),))


PAYMENT = Journey(
    key="payment", name="Payment", touchpoints={"Confirm": "payment"},
    steps=(Step(name="Choose", event="pay", step="choose"), Step(name="Confirm", event="pay", step="confirm"), Step(name="Paid", event="paid")),
    blocked=(Step(name="Blocked", event="blocked"),),
)  # fmt: skip
STEPS = (
    StepFound("Choose", 1000, 1000, 1000, 812, part(950, 990), part(990, 990), 14.0, part(30, 1000), 0, Fates(left=35, support=5, unknown=10),
              part(12, 1000), voice(40, 0.2)),
    StepFound("Confirm", 950, 948, 948, 790, part(800, 950), part(950, 990), 61.0, part(120, 948), 140, Fates(left=60, support=70, channel=20),
              part(90, 948), voice(64, -0.3)),
    StepFound("Paid", 800, 800, 795, 700, part(800, 800), part(800, 990), None, part(2, 800), 0, Fates(straight=730, returned=70),
              part(8, 800), voice()),
)  # fmt: skip
FATES = Fates(straight=730, returned=70, channel=20, support=75, left=95, unknown=10)
COMPARED = (
    Compared("payment", "", "channel", "android", "", part(500, 700), part(300, 310), -0.25, -0.29, -0.21, 1e-9, 1e-8, "lower"),
    Compared("payment", "Confirm", "channel", "android", "", part(500, 660), part(300, 305), -0.22, -0.26, -0.18, 1e-9, 1e-8, "lower"),
    Compared("payment", "", "market", "NO", "", part(160, 200), part(640, 790), -0.01, -0.07, 0.05, 0.7, 0.7, "no visible difference"),
    Compared("payment", "", "feature", "feature_use:ai", "", part(90, 100), part(710, 890), 0.1, 0.03, 0.16, 0.003, 0.01, "higher"),
)
FOUND = JourneyFound(
    PAYMENT, COUNTED, STEPS, FATES, part(800, 990), 84.0, part(70, 1000), part(20, 1000), part(88, 1000),
    (Path(("Choose", "Confirm", "Paid"), 730, part(730, 1000), part(730, 730), 80.0),
     Path(("Choose", "Confirm", "!"), 90, part(90, 1000), part(0, 90), None)),
    SupportAfter(part(60, 140), part(4, 40), part(8, 800), part(40, 100)),
    Stated(part(170, 200), part(800, 990), (150, 20, 5, 25), part(4, 100)), COMPARED,
)  # fmt: skip
RARE = JourneyFound(
    Journey(key="return", name="Return", steps=(Step(name="Asked", kind="return"), Step(name="Sent", event="sent"))), Counted(9, 7, 7, None, None),
    (StepFound("Asked", 7, 7, 7, 7, FEW, FEW, None, FEW, 0, Fates(left=7), FEW, voice()),
     StepFound("Sent", 0, 0, 0, 0, FEW, FEW, None, FEW, 0, Fates(), FEW, voice())),
    Fates(left=7), FEW, None, FEW, FEW, FEW, (), SupportAfter(FEW, FEW, FEW, FEW), Stated(FEW, FEW, (0, 0, 0, 0), FEW), (),
)  # fmt: skip
FRICTION = (
    Friction("payment", "Confirm", 142, 950, Number(0.12, 0.1, 0.15, 950), Number(0.42, 0.3, 0.54, 60), "here", 410.0, 300.0, 540.0, 1, 1, 1, 0.86),
    Friction(
        "payment", "Choose", 38, 990, Number(0.01, 0.0, 0.02, 990), Number(None, None, None, 0, "nothing"), "nothing", 60.0, 2.0, 130.0, 2, 2, 3, 0.1
    ),
)
REFUSED = (Refused("Booking", "no_end"), Refused("Gift card", "too_few", 12, 30))
JOURNEYS = JourneysFound((FOUND, RARE), FRICTION, REFUSED)


def node(key: str, name: str, order: float, parties: int, *, lost: int = 0, tone: float | None = None) -> Node:
    """A touchpoint that so many people came to, twice each."""
    fates = Fates(straight=parties, returned=5, left=lost)
    said = voice(50, tone) if tone is not None else voice()
    return Node(key, name, "events", "app", parties * 2, parties, parties, part(parties, 812), order, part(parties, parties * 2), None, 90.0,
                part(parties // 2, parties), fates, part(3, parties * 2), said)  # fmt: skip


MAP = TouchpointMap(
    (node("signup", "Sign-up", 0.0, 300), node("login", "Login", 0.2, 800, tone=0.3), node("pay:choose", "Choose", 0.5, 700),
     node("pay:confirm", "Confirm", 0.6, 650, lost=300, tone=-0.3), node("paid", "Paid", 0.8, 500), node("renewal", "Renewal", 0.95, 400)),
    (Link("login", "pay:choose", 900, 640, 10, 5, 0, 30.0), Link("pay:choose", "pay:confirm", 800, 600, 2, 0, 0, 14.0),
     Link("pay:confirm", "paid", 600, 480, 3, 0, 0, 60.0), Link("signup", "login", 290, 280, 0, 0, 0, 40.0),
     Link("pay:confirm", "login", 200, 150, 80, 2, 200, 900.0), Link("paid", "renewal", 300, 250, 300, 0, 0, 9e5)),
    COUNTED,
)  # fmt: skip
