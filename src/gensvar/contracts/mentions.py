"""`mentions`: the evidence for identity: which record named which person or account, by which key."""

from gensvar.contracts.table import MOMENT, TEXT, UUID, Column, TableSpec

MENTIONS = TableSpec(
    name="mentions",
    meaning="one row per record and key that named somebody",
    key=("id",),
    time="occurred_at",
    quiet=frozenset({"received_at"}),
    columns=(
        Column("id", UUID, "the record's moment + a hash of source, record, key", required=True),
        Column("source", TEXT, "the source", required=True),
        Column("record", TEXT, "the source's own record id", required=True),
        Column("occurred_at", MOMENT, "when the record says that it happened", "UTC, microseconds", required=True),
        Column("received_at", MOMENT, "when Gensvar got it", "UTC, microseconds", required=True),
        Column("key_kind", TEXT, "email · phone · external", required=True),
        Column("key", TEXT, "keyed hash of the normalised value", "32 hexadecimal digits", required=True),
        Column("party_kind", TEXT, "person · account", required=True),
        Column("party", UUID, "whom it was taken to be", required=True),
        Column("evidence", TEXT, "why: new · same email · same phone · same external id · conflict, kept apart", required=True),
    ),
)
