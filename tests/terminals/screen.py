"""A terminal with the program in it, as a hand and an eye know it."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

INSIDE = Path(__file__).with_name("inside.py")

STARTING_S = 60.0
"""A terminal under softpipe on a busy machine takes its time."""


@dataclass
class Screen(ABC):
    """One terminal; pixels are counted from 0 at its first cell's top left corner.

    ``cell`` is width and height in pixels, fractional where a browser lays the cells out.
    ``note`` is what :mod:`tests.terminals.inside` writes. ``quiet`` seconds without a change
    mean that none will come.
    """

    columns: int
    rows: int
    cell: tuple[float, float]
    note: Path
    quiet: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of all cells together, pixels."""
        return round(self.columns * self.cell[0]), round(self.rows * self.cell[1])

    @property
    def exit_code(self) -> int | None:
        """Of the program, once it has ended."""
        code = read_note(self.note).get("code")
        return None if code is None else int(code)

    @abstractmethod
    def move(self, x: float, y: float) -> None:
        """The pointer to a pixel."""

    @abstractmethod
    def click(self, x: float, y: float, button: int = 1) -> None:
        """At a pixel; 2 is the middle button and 3 the right one."""

    @abstractmethod
    def wheel(self, x: float, y: float, steps: int) -> None:
        """Turn it at a pixel; negative steps are away from the person, which zooms in."""

    def key(self, *names: str) -> None:
        """Keys by their names in X: ``Return``, ``question``, ``ctrl+r``."""
        for name in names:
            self.press(name)
            # With a key close behind, it would be that key with alt.
            time.sleep(0.3 if name == "Escape" else 0.03)

    @abstractmethod
    def press(self, name: str) -> None:
        """One key."""

    @abstractmethod
    def type(self, text: str) -> None:
        """ASCII characters."""

    @abstractmethod
    def photo(self) -> np.ndarray:
        """``uint8[h, w, 3]``, RGB: the terminal's cells now."""

    def command(self, line: str) -> None:
        """A line after ``:``."""
        self.key("colon")
        time.sleep(0.3)
        self.type(line)
        self.key("Return")

    def wait(self, condition: Callable[[np.ndarray], bool], timeout: float = 40.0) -> np.ndarray:
        """Until the picture satisfies something; that picture."""
        deadline = time.monotonic() + timeout
        while True:
            picture = self.photo()
            if condition(picture):
                return picture
            if time.monotonic() > deadline:
                break
            if self.exit_code is not None:
                # Nothing new will come, but the last of it may still be on its way.
                deadline = min(deadline, time.monotonic() + 10)
            time.sleep(0.1)
        kept = Path(tempfile.mkdtemp(prefix="tui-label-")) / "screen.png"
        Image.fromarray(picture).save(kept)
        raise AssertionError(
            f"timeout; the program's exit code is {self.exit_code}; the screen is in {kept}"
        )

    def settle(self, timeout: float = 40.0) -> np.ndarray:
        """Until nothing has moved for ``quiet`` seconds; the last picture."""
        last, since = self.photo(), time.monotonic()

        def is_still(picture: np.ndarray) -> bool:
            nonlocal last, since
            if not np.array_equal(picture, last):
                last, since = picture, time.monotonic()
            return time.monotonic() - since >= self.quiet

        return self.wait(is_still, timeout)

    def after(self, act: Callable[[], None]) -> np.ndarray:
        """The picture that something changes, once it has changed and rests."""
        before = self.photo()
        act()
        self.wait(lambda now: not np.array_equal(now, before))
        return self.settle()


def read_note(note: Path) -> dict[str, int]:
    """What is known about terminal and program; empty before they are there."""
    return json.loads(note.read_text()) if note.exists() else {}


def awaited_note(note: Path) -> dict[str, int]:
    """The note, once the program has been started.

    Raises:
        AssertionError: it has not been in a minute.
    """
    deadline = time.monotonic() + STARTING_S
    while not (known := read_note(note)):
        assert time.monotonic() < deadline, "the terminal has not started the program"
        time.sleep(0.05)
    return known


def ended(known: dict[str, int], timeout: float = 8.0) -> None:
    """See to it that program and multiplexer are gone, as their terminal is.

    Raises:
        AssertionError: the program lived on without it.
    """
    if not known:
        return
    server = known["server"]
    is_left = not is_gone(known["pid"], timeout)
    for process in (known["pid"], server):
        if process and not is_gone(process, 0):
            os.kill(process, signal.SIGKILL)
    assert not is_left, "the program lived on without its terminal"


def is_gone(process: int, timeout: float) -> bool:
    """Whether a process that is not our child ends in time."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)
