"""anonymous: answers of protected audiences in blocks. Reads: rows handed in. Writes: nothing. Promises: no number stands on less than a block."""

from gensvar.measure.anonymous.blocks import ORDER, Answers, Block, blocks_of, is_good, least_writers, partition
from gensvar.measure.anonymous.placing import with_blocks
from gensvar.measure.anonymous.released import Released, Standing, inside

__all__ = [
    "ORDER", "Answers", "Block", "Released", "Standing", "blocks_of", "inside", "is_good", "least_writers", "partition", "with_blocks",
]  # fmt: skip
