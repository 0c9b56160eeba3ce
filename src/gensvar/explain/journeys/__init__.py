"""journeys: what people do from step to step, where it chafes, and what they say of it. Reads: events, feedback, parties. Writes: nothing.

Promises: an errand is a party's, not a session's; what is not over is not lost; every share has its n and interval; too few is an answer.
"""

from gensvar.explain.journeys.definition import CONTACT_KINDS, MOST_STEPS, Journey, Step, journey_from, journey_json
from gensvar.explain.journeys.found import (
    KIND,
    LIST,
    MAP,
    OTHER,
    Compared,
    Counted,
    Fates,
    Friction,
    JourneyFound,
    JourneysFound,
    Link,
    Node,
    Number,
    Path,
    Refused,
    Stated,
    StepFound,
    SupportAfter,
    TopicSaid,
    TouchpointMap,
    Voice,
    found_json,
    journeys_from,
    map_from,
)

__all__ = [
    "CONTACT_KINDS", "KIND", "LIST", "MAP", "MOST_STEPS", "OTHER", "Compared", "Counted", "Fates", "Friction", "Journey", "JourneyFound",
    "JourneysFound", "Link", "Node", "Number", "Path", "Refused", "Stated", "Step", "StepFound", "SupportAfter", "TopicSaid", "TouchpointMap",
    "Voice", "found_json", "journey_from", "journey_json", "journeys_from", "map_from",
]  # fmt: skip
