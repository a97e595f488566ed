"""An end from outside, while it is our business and not yet the app's."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_NUMBERS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ended_cleanly() -> Iterator[None]:
    """SIGTERM and SIGHUP end what runs here like an exception, so the terminal is given back.

    The exit code is 128 plus the number of the signal, as a shell would say it.
    """
    handlers = {number: signal.signal(number, _end) for number in _NUMBERS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _end(number: int, _: object) -> NoReturn:
    # A second signal would break off what the first one lets be put in order.
    for other in _NUMBERS:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)
