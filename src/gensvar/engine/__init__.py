"""engine: the hub's tables on DuckDB or on Spark Connect, behind one protocol. Reads, writes: the hub.

Promises: the only place that names an engine; what `merge` and `bump` returned from is on disk; reads never wait for writes.
"""

from gensvar.engine.protocol import Engine, Merged, Work
from gensvar.kit.settings import Settings

__all__ = ["Engine", "Merged", "Work", "open_engine"]


def open_engine(settings: Settings) -> Engine:
    """The hub: DuckDB in `hub.duckdb` of the data folder, or Delta tables behind the Spark Connect server of `settings.hub`.

    InUse when another process holds the file; Unavailable when the server does not answer or the extra `spark` is not installed.
    """
    if settings.hub:
        from gensvar.engine.spark import SparkEngine

        return SparkEngine.open(settings)
    from gensvar.engine.duck import DuckEngine

    return DuckEngine.open(settings)
