"""`parties`: a person or an account, told apart by exact keys; pseudonymous, since names and addresses stay encrypted in the ledger."""

from gensvar.contracts.table import MAP, MOMENT, NUMBER, TEXT, UUID, Column, TableSpec

PARTY_KINDS = ("person", "account")

PARTIES = TableSpec(
    name="parties",
    meaning="one row per person or account",
    key=("id",),
    time="first_seen",
    quiet=frozenset({"updated_at", "contract"}),
    columns=(
        Column("id", UUID, "minted from the earliest mention and never changed", required=True),
        Column("kind", TEXT, "person · account", required=True),
        Column("audience", TEXT, "customer · employee · partner · owner · public"),
        Column("first_seen", MOMENT, "the earliest mention", "UTC, microseconds", required=True),
        Column("updated_at", MOMENT, "when a source last described it", "UTC, microseconds"),
        Column("market", TEXT, "home market", "ISO 3166-1 alpha-2 where it is a country"),
        Column("segment", TEXT, "segment, as the organisation cuts it"),
        Column("unit", TEXT, "the organisational unit (employees) or owner (accounts)"),
        Column("product", TEXT, "the main product or plan"),
        Column("value", NUMBER, "yearly value", "the organisation's own currency"),
        Column("account", UUID, "the account that a person belongs to"),
        Column("started_at", MOMENT, "when the relation began", "UTC"),
        Column("ended_at", MOMENT, "when it ended, or null", "UTC"),
        Column("attrs", MAP, "other dimensions, name → value"),
        Column("contract", TEXT, "the contract version that described it"),
    ),
)
