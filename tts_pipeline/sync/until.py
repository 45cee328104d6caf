"""Ending by a signal, and running again and again until then."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Ended(BaseException):
    """A signal asked for the end. Not an `Exception`, so that nobody takes it for a failure."""


class Ending:
    """Whether a signal has come."""

    def __init__(self) -> None:
        self.signal: int | None = None


@contextmanager
def ended_by(*signals: signal.Signals) -> Iterator[Ending]:
    """The first of these signals raises `Ended` where the program is; others are too late.

    What is being made is given up, as by Ctrl-C: files appear whole or not at all.
    """
    ending = Ending()

    def end(number: int, _frame: FrameType | None) -> None:
        if ending.signal is None:
            ending.signal = number
            raise Ended

    before = {each: signal.signal(each, end) for each in signals}
    try:
        yield ending
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def again_and_again(minutes: float, run: Callable[[], None]) -> None:
    """Run until a signal comes, with a pause of so many minutes after each."""
    with ended_by(signal.SIGTERM, signal.SIGINT) as ending:
        try:
            while ending.signal is None:
                run()
                # An `Ended` that was lost, as in a destructor, is seen here.
                if ending.signal is None:
                    time.sleep(minutes * 60)
        except Ended:
            return
