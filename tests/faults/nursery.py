"""A process that has imported everything and forks `gensvar` on demand: the real command in a process of its own, without seconds of imports.

Reads a JSON list of two from each line of its input: the words of the command, and the file for what it prints. Answers with the child's process id.
"""

import json
import os
import signal
import sys
from pathlib import Path

import gensvar.engine.duck
import gensvar.engine.duck_file
import gensvar.ledger.migrations
import gensvar.ledger.upkeep
import gensvar.serve.server
from gensvar.serve.cli import main

OFTEN = 256 << 10  # bytes of log after which hub and ledger fold it into their files: as often as they would with much data


def be_born(words: list[str], said: Path) -> None:
    """Becomes `gensvar` with these words, and never returns."""
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(out, stream)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    gensvar.engine.duck_file.CONFIG["checkpoint_threshold"] = f"{OFTEN >> 10}KB"
    gensvar.ledger.upkeep.FOLD_FROM_BYTES = gensvar.ledger.upkeep.EMPTY_FROM_BYTES = OFTEN
    try:
        main(words)
    except SystemExit as ended:
        os._exit(ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1)
    except BaseException:  # noqa: BLE001  whatever it was, a forked child must not go on with its parent's work
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def run() -> None:
    """Forks until the input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        words, said = json.loads(line)
        child = os.fork()
        if not child:
            be_born(words, Path(said))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    run()
