"""The program with a photo in one terminal, as a test finds it: the photo whole, no prompt."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from PIL import Image

from tests.pty.seeing import filled, written
from tests.terminals.emulators import Emulator
from tests.terminals.looking import LOOKS, Look, Placed, around, changed, is_motley, marker
from tests.terminals.screen import Screen


@dataclass(frozen=True)
class Subject:
    """A photo without any green, and a spot on something in it, as shares of its size."""

    path: Path
    spot: tuple[float, float]


class Stage:
    """One terminal and one painter; the program is opened when it is first asked for.

    State: the terminal while it is open, and the picture of it before anything was done.
    """

    def __init__(self, emulator: Emulator, painter: str, subject: Subject, folder: Path) -> None:
        self.emulator, self.painter = emulator, painter
        self.image = Path(shutil.copy(subject.path, folder))
        self._spot = subject.spot
        with Image.open(self.image) as opened:
            self.pixels = np.asarray(opened.convert("RGB"))
        self._stack = ExitStack()
        self._screen: Screen | None = None
        self._photo: np.ndarray | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def look(self) -> Look:
        """What the painter is measured by."""
        return LOOKS[self.painter]

    @property
    def screen(self) -> Screen:
        """The terminal."""
        assert self._screen is not None
        return self._screen

    @property
    def photo(self) -> np.ndarray:
        """The canvas with the photo and nothing else but the cursor, which is in its middle."""
        assert self._photo is not None
        return self._photo

    @property
    def placed(self) -> Placed:
        """Where the photo should be."""
        return Placed.fitted(self.pixels, self.screen)

    @property
    def grain(self) -> tuple[float, float]:
        """Width and height of the smallest thing that is drawn, pixels."""
        return self.look.grain(self.screen.cell)

    @property
    def slack(self) -> tuple[float, float]:
        """Pixels by which a point may be off: a sub-cell.

        Where the terminal tells cells only, or the painter writes a letter for a point, that
        is half a cell to each side.
        """
        half = (self.screen.cell[0] / 2, self.screen.cell[1] / 2)
        if self.look.marks_cells or not self.emulator.points_in_pixels:
            return max(self.grain[0], half[0]) + 1, max(self.grain[1], half[1]) + 1
        return self.grain[0] + 1, self.grain[1] + 1

    @property
    def middle(self) -> tuple[int, int]:
        """A pixel in the middle of the canvas."""
        return self.placed.size[0] // 2, self.placed.size[1] // 2

    @property
    def spot(self) -> tuple[int, int]:
        """The canvas pixel where the thing to be labelled is."""
        height, width = self.pixels.shape[:2]
        placed = self.placed
        return (
            int(placed.left + self._spot[0] * width * placed.scale),
            int(placed.top + self._spot[1] * height * placed.scale),
        )

    def meant(self, x: int, y: int) -> tuple[float, float]:
        """The canvas place that the terminal reports for the pointer on a pixel."""
        if self.emulator.points_in_pixels:
            return x + 0.5, y + 0.5
        width, height = self.screen.cell
        return (x // width + 0.5) * width, (y // height + 0.5) * height

    def ready(self) -> None:
        """See to it that the photo is whole and nothing is asked about it."""
        if self._screen is not None and self.screen.exit_code is not None:
            self.close()
        if self._screen is None:
            self._open()
            return
        self.reset()

    def reset(self) -> None:
        """Forget the prompt and see the whole photo."""
        # A busy program reads escape and what follows it at once, and takes both for one key.
        self.screen.key("Escape")
        self.screen.settle()
        self.screen.key("0")
        self.screen.wait(lambda now: self.difference(self.photo, self.on_canvas(now)) < 0.01)
        self.screen.settle()

    def canvas(self) -> np.ndarray:
        """``uint8[h, w, 3]``: the rows above the words, once they rest."""
        return self.on_canvas(self.screen.settle())

    def ask(self, x: float, y: float, before: np.ndarray | None = None) -> np.ndarray:
        """Click on a pixel of the canvas; the canvas with the point and its mask.

        ``before`` is the canvas without them; the whole photo unless it is given.
        """
        bare = self.photo if before is None else before
        self.screen.click(x, y)
        known = ~self.stands((x, y))
        self.screen.wait(
            lambda now: (
                marker(bare, self.on_canvas(now)) is not None
                and int((changed(bare, self.on_canvas(now)) & known).sum()) > 1000
            )
        )
        return self.canvas()

    def stands(self, *spots: tuple[float, float]) -> np.ndarray:
        """``bool[h, w]``: where cursors and points are: in the middle at first, and on spots."""
        reach = 1.5 * self.screen.cell[1] + max(self.slack)
        places = [around(self.photo.shape, *spot, reach) for spot in (self.middle, *spots)]
        return np.asarray(np.logical_or.reduce(places))

    def accept(self, placed: Placed) -> np.ndarray:
        """Press enter; ``bool[h, w]``: the canvas pixels inside the polygon that was written.

        It is taken back then.
        """
        label = self.image.with_suffix(".txt")
        label.unlink(missing_ok=True)
        self.screen.key("Return")
        deadline = time.monotonic() + 15
        while not label.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        [(_, points)] = written(self.image)
        self.screen.key("u")
        self.screen.settle()
        height, width = self.pixels.shape[:2]
        canvas = points * (width, height) * placed.scale + (placed.left, placed.top)
        return filled(canvas, self.photo.shape[:2])

    def quit(self) -> np.ndarray:
        """Leave the program; what is left on the screen."""
        self.screen.key("q")
        deadline = time.monotonic() + 20
        while self.screen.exit_code is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert self.screen.exit_code == 0
        self.screen.wait(lambda now: now.any(axis=2).mean() < 0.5, timeout=15)
        return self.screen.settle()

    def close(self) -> None:
        """The terminal, with whatever is in it."""
        self._screen = self._photo = None
        self._stack.close()

    def _open(self) -> None:
        self.image.with_suffix(".txt").unlink(missing_ok=True)
        arguments = [str(self.image), "--classes", "thing", "--task", "segment"]
        opened = self.emulator.opened([*arguments, "--graphics", self._wished])
        self._screen = self._stack.enter_context(opened)
        self.screen.wait(lambda now: is_motley(self.on_canvas(now)))
        self.screen.settle()
        # Masks as the decoder gives them, or a second one would follow each a while later.
        self.screen.key("s")
        self._photo = self.canvas()

    def is_same(self, before: np.ndarray, now: np.ndarray) -> bool:
        """Whether nobody would see a difference between two pictures of the canvas."""
        return self.difference(before, now) < (0.0005 if self.look.is_exact else 0.005)

    def difference(self, before: np.ndarray, now: np.ndarray) -> float:
        """The share of pixels that are different, and not only as sending again makes them."""
        return float(changed(before, now, 12 if self.look.is_exact else 48).mean())

    @property
    def _wished(self) -> str:
        """The first of a terminal's painters is the one that the program is to choose itself."""
        return "auto" if self.painter == self.emulator.painters[0] else self.painter

    def on_canvas(self, now: np.ndarray) -> np.ndarray:
        """What of a picture of the terminal is the canvas."""
        width, height = self.placed.size
        return now[:height, :width]
