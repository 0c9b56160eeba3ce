"""One process: the web server, the flow and the imports, on one data folder."""

import asyncio
import gc
import signal
import socket
import threading
from collections.abc import Callable

import pyarrow as pa
from granian.constants import Interfaces
from granian.server.embed import Server

from gensvar.house import House
from gensvar.kit.errors import InUse
from gensvar.serve.access import Access
from gensvar.serve.app import build_app, pages_of
from gensvar.serve.jobs import Hands
from gensvar.serve.logs import begin_logging
from gensvar.serve.seen import Seen

GARBAGE = (20_000, 20, 100)  # what is alive at the start stays: looking through it again and again would make requests wait
BACKLOG = 1024


def free_port(host: str, port: int) -> int:
    """The port asked for, or a free one where 0 was asked for; InUse when somebody listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise InUse(
                f"Port {port} of {host} cannot be had: {taken.strerror}", do="Stop what listens there, or choose another with --port."
            ) from taken
        return int(probe.getsockname()[1])


def serve(house: House, ready: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM, then lets what is in hand finish. ready: told the address once, when pages can be opened."""
    begin_logging()
    port = free_port(house.settings.host, house.settings.port)
    host = f"[{house.settings.host}]" if ":" in house.settings.host else house.settings.host
    url = f"http://{host}:{port}"
    seen = Seen(house.ledger.audit, house.clock.now)
    access = Access(house.settings, house.ledger, seen=seen)
    hands = Hands(house, seen)
    pages = pages_of(house)
    app = build_app(house, access, pages)
    house.announce({"url": url, "token": access.token})

    def opened() -> None:
        ready(url)
        threading.Thread(target=pages.warm, name="warm", daemon=True).start()

    pa.array([""])  # pyarrow looks for pandas at its first list, which takes up to a second where it is installed
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    hands.start()
    try:
        asyncio.run(_listen(app, house.settings.host, port, opened, pages.live.close))
    finally:
        hands.stop()
        gc.unfreeze()


async def _listen(app: object, host: str, port: int, ready: Callable[[], None], close: Callable[[], None]) -> None:
    """close: ends what would keep the server from ending."""
    server = Server(app, address=host, port=port, interface=Interfaces.ASGI, backlog=BACKLOG, websockets=False, log_access=False)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        close()
        server.stop()

    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, stop)
    running = asyncio.create_task(server.serve())
    await _reachable(host, port)
    ready()
    await running


async def _reachable(host: str, port: int) -> None:
    """Waits until the server answers."""
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            await writer.wait_closed()
            return
