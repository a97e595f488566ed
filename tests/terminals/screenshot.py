"""The pictures of the README, made by the program in a real terminal.

``python -m tests.terminals.screenshot DIR`` writes ``DIR/first-light.png`` (kitty graphics)
and ``DIR/cells.png`` (half blocks): the demo's reef, most of it labelled, and a fish in the
making. Needs Xvfb, xdotool, ImageMagick and kitty.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from tests.pty.seeing import WORDS, Fit
from tests.terminals.desktop import TOOLS, Desktop, opened_desktop, opened_window

SIZE = (1120, 784)

PHOTO = (960, 640)
SCENE = "reef"
LABELLED = {
    "fish": ((139, 114), (454, 107), (722, 182), (765, 394)),
    "coral": ((294, 465), (690, 508)),
}
"""Classes, and a pixel of each of their objects."""

MAKING = ((289, 294), (144, 291))
"""Points on the object that is not accepted yet."""


def main(folder: Path) -> None:
    """Make both pictures."""
    if lacking := [name for name in (*TOOLS, "kitty") if shutil.which(name) is None]:
        sys.exit(f"not installed: {', '.join(lacking)}")
    folder.mkdir(parents=True, exist_ok=True)
    with opened_desktop("softpipe") as desktop:
        for name, graphics, points in (("first-light", "kitty", 11), ("cells", "cells", 8)):
            picture = scene(desktop, graphics, points)
            save(picture, folder / f"{name}.png")


def scene(desktop: Desktop, graphics: str, points: int) -> np.ndarray:
    """``uint8[h, w, 3]``: the window when everything has been said."""
    with tempfile.TemporaryDirectory(prefix="tui-label-") as demo:
        arguments = ["demo", demo, "--task", "segment", "--graphics", graphics]
        with opened_window(desktop, "kitty", arguments, SIZE, points) as window:
            window.wait(lambda picture: picture.any(axis=2).mean() > 0.5)
            window.settle()
            # The guide of the first minute would tell what the picture shows.
            window.after(lambda: window.key("t"))
            window.after(lambda: window.command(f"goto {SCENE}"))
            fit = Fit(*PHOTO, window.columns, window.rows - WORDS, window.cell)
            for name, spots in LABELLED.items():
                window.after(lambda name=name: window.command(f"class {name}"))
                for spot in spots:
                    window.after(lambda spot=spot: window.click(*fit.canvas(*spot)))
                    window.after(lambda: window.key("Return"))
            window.after(lambda: window.command("class fish"))
            for spot in MAKING:
                window.after(lambda spot=spot: window.click(*fit.canvas(*spot)))
            return window.after(lambda: window.key("K", "l", "l"))


def save(picture: np.ndarray, path: Path) -> None:
    """As a PNG; the last two bits of a colour, which nobody sees, are a third of its bytes."""
    image = Image.fromarray(picture & 0xFC | picture >> 6)
    image.save(path, optimize=True)
    print(f"{path}: {image.width} x {image.height}, {path.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/media"))
