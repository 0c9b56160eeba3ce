"""The line that writers wait in."""

import threading
import time

import pytest

from gensvar.ledger.line import Line


def wait_until(held: Line, waiting: int) -> None:
    while len(held._waiting) < waiting:
        time.sleep(0.001)


def test_first_come_first_served() -> None:
    line, order = Line(), list[int]()

    def stand(number: int) -> None:
        with line:
            order.append(number)

    threads = [threading.Thread(target=stand, args=(number,)) for number in range(8)]
    with line:
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            wait_until(line, waiting)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_a_busy_thread_does_not_keep_another_out() -> None:
    line, turns, stop = Line(), [0, 0], threading.Event()

    def work(number: int) -> None:
        while not stop.is_set():
            with line:
                turns[number] += 1
                time.sleep(0.001)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    stop.wait(0.3)
    stop.set()
    for thread in threads:
        thread.join()
    assert abs(turns[0] - turns[1]) <= max(3, sum(turns) // 10)


def test_only_one_at_a_time() -> None:
    line, inside, most = Line(), [0], [0]

    def work() -> None:
        for _ in range(200):
            with line:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def fall_in(line: Line) -> None:
    with line:
        raise ZeroDivisionError


def test_who_falls_inside_lets_the_next_in() -> None:
    line = Line()
    with pytest.raises(ZeroDivisionError):
        fall_in(line)
    with line:
        pass


def test_who_is_interrupted_while_waiting_blocks_nobody() -> None:
    line = Line()
    with line:
        turn = threading.Lock()
        turn.acquire()
        line._waiting.append(turn)
        line._leave(turn)
        assert not line._waiting
    with line:
        pass
    line._busy = True
    line._leave(threading.Lock())
    with line:
        pass
