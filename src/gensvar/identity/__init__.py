"""identity: mentions of people and accounts → parties, by exact keys. Reads: received batches. Writes: parties, mentions. Promises: ids stay."""

from gensvar.identity.filled import filled
from gensvar.identity.resolve import Resolution, all_keys, resolve

__all__ = ["Resolution", "all_keys", "filled", "resolve"]
