"""`feedback`: one row per answer or utterance: a survey answer, a review, a ticket, a call note, a return reason."""

from gensvar.contracts.table import LIST, MAP, MOMENT, NUMBER, TEXT, UUID, Column, TableSpec
from gensvar.kit.protected import AUDIENCES
from gensvar.text.labels import CAUSES, EMOTIONS, FLAGS, INTENTS

KINDS = (
    "survey", "review", "complaint", "praise", "question", "request", "return", "cancellation", "call", "chat", "ticket", "pulse",
    "idea", "other",
)  # fmt: skip
DIMENSIONS = ("market", "segment", "channel", "journey", "touchpoint", "product", "unit")
REASONS = (
    *(f"intent.{i}" for i in INTENTS),
    *(f"emotion.{e}" for e in EMOTIONS if e != "none"),
    *(f"cause.{c}" for c in CAUSES),
    *(f"mark.{m}" for m in FLAGS),
)
"""What `reasons` may hold: what the writer wants, feels, was stopped by and points at."""

DIMENSION_COLUMNS = (
    Column("market", TEXT, "the market it concerns", "ISO 3166-1 alpha-2 where it is a country"),
    Column("segment", TEXT, "the customer segment, as the organisation cuts it"),
    Column("channel", TEXT, "where it happened or was said: app, web, phone, store …"),
    Column("journey", TEXT, "the errand it belongs to: onboarding, payment, return …"),
    Column("touchpoint", TEXT, "the point of contact it concerns: delivery, invoice, support …"),
    Column("product", TEXT, "the product or service it concerns"),
    Column("unit", TEXT, "the organisational unit that answers for it"),
)

FEEDBACK = TableSpec(
    name="feedback",
    meaning="one row per answer or utterance",
    key=("id",),
    time="occurred_at",
    quiet=frozenset({"received_at", "contract"}),
    columns=(
        Column(
            "id",
            UUID,
            "the merge key: 48 bits of an immutable moment (ms) + 80 bits of blake2b(source, record, item)",
            required=True,
        ),
        Column("source", TEXT, "the source, as its contract names it", required=True),
        Column("record", TEXT, "the source's own record id", required=True),
        Column("item", TEXT, "the question or field of the record", required=True),
        Column("response", TEXT, "groups the answers given at one moment: source and record, hashed"),
        Column("occurred_at", MOMENT, "when it was said", "UTC, microseconds", required=True),
        Column("received_at", MOMENT, "when Gensvar got it", "UTC, microseconds", required=True),
        Column("audience", TEXT, f"who said it: {' · '.join(AUDIENCES)}", required=True),
        Column("kind", TEXT, f"the agreed kind of interaction: {' · '.join(KINDS)}", required=True),
        Column("local_kind", TEXT, "the source's own word for it"),
        Column("measure", TEXT, "the measure and its version, as csat.delivery@2, or null for a plain utterance"),
        Column("score", NUMBER, "the raw score", "the measure's own scale"),
        Column("choice", TEXT, "a coded answer"),
        Column("text", TEXT, "what was written, redacted"),
        Column("language", TEXT, "the language of the text", "BCP-47"),
        *DIMENSION_COLUMNS,
        Column("party", UUID, "the resolved person, or null"),
        Column("account", UUID, "the resolved organisation, or null"),
        Column("attrs", MAP, "the source's other dimensions, name → value"),
        Column("sentiment", NUMBER, "tone of the text", "−1…1"),
        Column("topics", LIST, "topic ids; with a sub-topic, the topic that it is part of"),
        Column("tones", LIST, "the same topics with the tone of each, as delivery.late=-0.796875", "−1…1"),
        Column("reasons", LIST, "intent, emotion, causes and marks, each with its kind, as cause.unclear_information"),
        Column("intent", TEXT, f"what the writer wants: {' · '.join(INTENTS)}"),
        Column("effort", NUMBER, "effort told of", "0…1"),
        Column("certainty", NUMBER, "how sure the models were of the tone", "0…1"),
        Column("enriched_by", TEXT, "versions of the models that read the text, as student-1 or student-1+e5-1"),
        Column("contract", TEXT, "the contract version that mapped the row, as helpdesk@3", required=True),
    ),
)
