"""enrich: what is written becomes columns. Reads: texts. Writes: columns of `feedback`. Promises: the same text gets the same columns."""

from gensvar.enrich.columns import READ, Understood, with_columns
from gensvar.enrich.understanding import ENCODER, Understanding, encoder_version
from gensvar.enrich.work import ReadBatch

__all__ = ["ENCODER", "READ", "ReadBatch", "Understanding", "Understood", "encoder_version", "with_columns"]
