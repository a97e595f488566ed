"""Whether a screen shows a photo as it should, whatever it is made of."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from tests.pty.seeing import WORDS, Fit
from tests.pty.ways import Way
from tests.terminals.looking import LOOKS, Placed, colours_off, shift

CELL = (8, 16)


def canvas(screen: np.ndarray, cell: tuple[int, int] = CELL) -> np.ndarray:
    """Without the rows of words below it."""
    return screen[: screen.shape[0] - WORDS * cell[1]]


def fitted(image: Path, columns: int = 120, rows: int = 36, cell: tuple[int, int] = CELL) -> Placed:
    """A photo seen as a whole in a window of this size."""
    with Image.open(image) as photo:
        fit = Fit(*photo.size, columns, rows - WORDS, cell)
    return Placed(fit.scale, *fit.canvas(0, 0), (columns * cell[0], fit.rows * cell[1]))


def assert_photo(
    way: Way, screen: np.ndarray, image: Path, placed: Placed, cell: tuple[int, int] = CELL
) -> None:
    """The photo's colours, in their place."""
    look = LOOKS[way.painter]
    photo = cv2.cvtColor(cv2.imread(str(image)), cv2.COLOR_BGR2RGB)
    wanted, known = placed.seen(photo)
    seen = canvas(screen, cell)
    assert colours_off(seen, wanted, known, look.grain(cell)) <= look.colours
    assert shift(seen, wanted, known, look.grain(cell)) == (0, 0)


def apart(before: np.ndarray, now: np.ndarray, cell: tuple[int, int] = CELL) -> float:
    """Of 255: how far the mean colours of any cell of the canvas are apart."""
    cells = before.shape[1] // cell[0], before.shape[0] // cell[1] - WORDS
    means = [
        cv2.resize(canvas(screen, cell).astype(np.float32), cells, interpolation=cv2.INTER_AREA)
        for screen in (before, now)
    ]
    return float(np.abs(means[0] - means[1]).max())
