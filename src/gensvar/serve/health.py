"""Whether it lives, whether it is ready, and how it fares: for supervisors and Prometheus. Nothing of anybody's."""

import asyncio
from typing import Any

from litestar import Response, get

from gensvar.serve.desk import HouseDesk

OPEN = {"right": "open"}
PLAIN = "text/plain; version=0.0.4"  # the framework adds the charset


def health_routes(desk: HouseDesk) -> list[Any]:
    """GET /health/live, /health/ready and /health/metrics."""

    @get("/health/live", include_in_schema=False, opt=OPEN)
    async def live() -> dict[str, str]:
        return {"state": "alive"}

    @get("/health/ready", include_in_schema=False, opt=OPEN)
    async def ready() -> Response[dict[str, Any]]:
        epoch = await asyncio.to_thread(desk.epoch)
        return Response({"state": "ready", "epoch": epoch})

    @get("/health/metrics", include_in_schema=False, opt=OPEN)
    async def metrics() -> Response[str]:
        return Response(exposition(await asyncio.to_thread(desk.gauges)), media_type=PLAIN)

    return [live, ready, metrics]


def exposition(gauges: dict[str, tuple[str, float]]) -> str:
    """Gauges (name → help and value) in Prometheus' text form."""
    return "".join(f"# HELP gensvar_{name} {text}\n# TYPE gensvar_{name} gauge\ngensvar_{name} {value}\n" for name, (text, value) in gauges.items())
