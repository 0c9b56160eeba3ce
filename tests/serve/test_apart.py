"""Work done apart: it returns what the work returns, says what it raises, and cannot take the server with it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gensvar.kit.errors import Unavailable
from gensvar.serve.apart import DRAWING, Child


def squared(number: int) -> int:
    return number * number


def where() -> int:
    return os.getpid()


def refuse() -> None:
    raise ValueError("not so")


def end() -> None:
    os.abort()


def test_it_returns_what_the_work_returns_from_another_process() -> None:
    assert DRAWING.run(squared, 7) == 49
    assert DRAWING.run(where) == DRAWING.run(where) != os.getpid()


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="not so"):
        DRAWING.run(refuse)


def test_a_child_that_is_torn_down_is_told_of_and_replaced() -> None:
    before = DRAWING.run(where)
    with pytest.raises(Unavailable, match="drawing engine ended"):
        DRAWING.run(end)
    assert DRAWING.run(squared, 3) == 9
    assert DRAWING.run(where) != before


def test_the_child_ends_with_its_parent_however_that_ends(tmp_path: Path) -> None:
    program = (
        "import os\nfrom gensvar.serve.apart import DRAWING\n"
        "if __name__ == '__main__':\n    print(DRAWING.run(os.getpid), flush=True)\n    os.abort()\n"
    )
    (tmp_path / "program.py").write_text(program, "utf-8")
    done = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    child = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text("ascii").split()[2]:
            return
        time.sleep(0.1)
    pytest.fail("The child lives on")


def test_nobody_waits_longer_than_she_will_and_what_was_begun_goes_on() -> None:
    child = Child("over", "do")
    try:
        with pytest.raises(TimeoutError):
            child.within(0.01, time.sleep, 0.5)
        assert child.within(60, squared, 6) == 36
    finally:
        child.close()


def test_a_child_without_work_ends_and_is_begun_again() -> None:
    child = Child("over", "do", nice=1, idle_s=0.3)
    try:
        before = child.run(where)
        for _ in range(100):
            if not Path(f"/proc/{before}").exists():
                break
            time.sleep(0.1)
        assert not Path(f"/proc/{before}").exists()
        assert child.run(where) != before
    finally:
        child.close()
