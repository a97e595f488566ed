"""What the program looks like in a real terminal, as a picture.

``python -m tests.terminals.show TERMINAL --graphics PAINTER -o out.png [--do ACT …] PATH``
opens PATH (a photo, a folder, ``demo``), does every act in order, writes the picture after
the last one, quits, and says how it went. Acts: ``click:X,Y`` and ``right:X,Y`` and
``move:X,Y`` (pixels of the window), ``wheel:X,Y,STEPS`` (negative zooms in), ``key:NAME …``
(names in X), ``type:WORDS``, ``command:LINE``, ``wait:SECONDS``, ``photo:FILE`` (a picture in
between). Without a terminal: which there are, and which not and why.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from PIL import Image

from tests.terminals.emulators import EMULATORS
from tests.terminals.looking import is_motley
from tests.terminals.screen import Screen


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m tests.terminals.show")
    parser.add_argument("terminal", nargs="?", choices=EMULATORS)
    parser.add_argument("path", nargs="?", default="demo")
    parser.add_argument("-o", "--output", type=Path, default=Path("screen.png"))
    parser.add_argument("--graphics", default="auto")
    parser.add_argument("--do", dest="acts", action="append", default=[], metavar="ACT")
    parser.add_argument("--size", help="pixels: 1000x700")
    parser.add_argument("--points", type=int, default=11, help="of the font")
    parser.add_argument("--in-place", action="store_true", help="label PATH itself, not a copy")
    wishes, more = parser.parse_known_intermixed_args()
    if wishes.terminal is None:
        list_terminals()
        return
    with tempfile.TemporaryDirectory(prefix="tui-label-") as folder:
        path = wishes.path
        if path != "demo" and not wishes.in_place:
            path = str(copied(Path(path), Path(folder)))
        arguments = ["demo", folder] if path == "demo" else [path, "--classes", "object"]
        arguments += ["--task", "segment", "--graphics", wishes.graphics, *more]
        size = None
        if wishes.size:
            width, height = map(int, wishes.size.split("x"))
            size = width, height
        emulator = EMULATORS[wishes.terminal]
        with emulator.opened(arguments, size, wishes.points) as screen:
            print(f"{screen.columns} x {screen.rows} cells of {screen.cell} px")
            screen.wait(is_motley)
            screen.settle()
            for act in wishes.acts:
                do(screen, act)
                screen.settle()
            save(screen, wishes.output)
            screen.key("Escape", "q")
            deadline = time.monotonic() + 15
            while screen.exit_code is None and time.monotonic() < deadline:
                time.sleep(0.1)
            print("exit code", screen.exit_code)


def list_terminals() -> None:
    """A line each."""
    for emulator in EMULATORS.values():
        lacking = emulator.lacking()
        print(f"{emulator.name:14} {f'NOT HERE: {lacking}' if lacking else emulator.version()}")


def copied(path: Path, folder: Path) -> Path:
    """A photo or a folder, where labels do no harm."""
    if path.is_dir():
        return Path(shutil.copytree(path, folder / path.name))
    return Path(shutil.copy(path, folder))


def do(screen: Screen, act: str) -> None:
    """One act, as it is written."""
    kind, _, words = act.partition(":")
    match kind:
        case "click" | "right":
            x, y = map(float, words.split(","))
            screen.click(x, y, 1 if kind == "click" else 3)
            # A decoder runs before anything is seen.
            time.sleep(2.5)
        case "move":
            screen.move(*map(float, words.split(",")))
        case "wheel":
            x, y, steps = map(float, words.split(","))
            screen.wheel(x, y, int(steps))
        case "key":
            screen.key(*words.split())
        case "type":
            screen.type(words)
        case "command":
            screen.command(words)
        case "wait":
            time.sleep(float(words))
        case "photo":
            save(screen, Path(words))
        case _:
            raise SystemExit(f"there is no act {act!r}")
    time.sleep(0.5)


def save(screen: Screen, path: Path) -> None:
    """The picture of now."""
    Image.fromarray(screen.photo()).save(path)
    print(path)


if __name__ == "__main__":
    main()
