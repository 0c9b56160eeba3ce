"""Work over batches of rows, in this process or in several others, in order and with few batches in memory at once."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import pyarrow as pa

from gensvar.engine.protocol import Work

AHEAD = 2  # batches that wait in front of each worker
BATCH_ROWS = 10_000


def worked(batches: Iterable[pa.RecordBatch], work: Work, workers: int) -> Iterator[pa.RecordBatch]:
    """What `work` makes of each batch, in their order."""
    return map(work, batches) if workers <= 1 else _spread(batches, work, workers)


def _spread(batches: Iterable[pa.RecordBatch], work: Work, workers: int) -> Iterator[pa.RecordBatch]:
    waiting: deque[Future[pa.RecordBatch]] = deque()
    # a fresh interpreter, since a copy of a process with running threads may stand still for ever
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) >= workers * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
