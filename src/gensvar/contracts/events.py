"""`events`: behaviour and outcomes: page views, feature use, orders, renewals, churn."""

from gensvar.contracts.feedback import DIMENSION_COLUMNS
from gensvar.contracts.table import MAP, MOMENT, NUMBER, TEXT, UUID, Column, TableSpec

EVENTS = TableSpec(
    name="events",
    meaning="one row per thing that happened",
    key=("id",),
    time="occurred_at",
    quiet=frozenset({"received_at", "contract"}),
    columns=(
        Column("id", UUID, "the merge key, made as in feedback", required=True),
        Column("source", TEXT, "the source, as its contract names it", required=True),
        Column("record", TEXT, "the source's own event id", required=True),
        Column("name", TEXT, "what happened: page_view, order, renewal, churn …", required=True),
        Column("occurred_at", MOMENT, "when it happened", "UTC, microseconds", required=True),
        Column("received_at", MOMENT, "when Gensvar got it", "UTC, microseconds", required=True),
        *DIMENSION_COLUMNS,
        Column("session", TEXT, "groups the events of one visit"),
        Column("step", TEXT, "the step of the journey"),
        Column("value", NUMBER, "amount, count or duration", "as the event's name says"),
        Column("party", UUID, "the resolved person, or null"),
        Column("account", UUID, "the resolved organisation, or null"),
        Column("attrs", MAP, "the source's other dimensions, name → value"),
        Column("contract", TEXT, "the contract version that mapped the row", required=True),
    ),
)
