"""The app, with a tap on its painter: ``python -m benchmarks.tapped LOG ARGUMENTS…``.

Which of the bytes on a line are a mask, and which are a photo that is still being refined, is
known only where they are made. Every paint becomes a line of JSON in LOG.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO, Any

from tui_label.cli.main import run
from tui_label.graphics.painter import Painted, Painter, View
from tui_label.graphics.painters import make_painter
from tui_label.graphics.scene import Emphasis
from tui_label.tui import app

_LARGEST = 100_000
"""Bytes of a paint that are written to the log; of larger ones, none."""


def tap(painter: Painter, log: IO[str]) -> None:
    """Make a painter write down what it paints."""
    paint = painter.paint

    def tapped(view: View, budget: int | None = None) -> Painted:
        painted = paint(view, budget)
        entry = {
            "mask": any(shape.emphasis is Emphasis.CANDIDATE for shape in view.scene.shapes),
            "whole": painter.is_whole,
            "data": painted.data.hex() if len(painted.data) <= _LARGEST else "",
        }
        log.write(json.dumps(entry) + "\n")
        return painted

    setattr(painter, "paint", tapped)  # noqa: B010


def entries(log: Path) -> list[dict[str, Any]]:
    """Every paint so far, oldest first."""
    if not log.exists():
        return []
    # The last line may still be on its way.
    lines = log.read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in lines]


def main() -> None:
    """Run the app with the arguments behind the first one."""
    log = Path(sys.argv[1]).open("w", buffering=1, encoding="utf-8")  # noqa: SIM115

    def make_tapped(*arguments: Any) -> Painter:
        painter = make_painter(*arguments)
        tap(painter, log)
        return painter

    setattr(app, make_painter.__name__, make_tapped)
    sys.argv = ["tui-label", *sys.argv[2:]]
    run()


if __name__ == "__main__":
    main()
