"""Tests of the ledger: all of them on SQLite and on PostgreSQL."""
