"""Moments as whole seconds, alike on every engine."""

import ibis.expr.types as ir


def seconds(at: ir.TimestampValue) -> ir.IntegerValue:
    """Seconds since 1970, the one begun not counted: an engine that is asked for them alone may give parts of a second, which are no whole number."""
    return at.truncate("s").epoch_seconds().cast("int64")
