"""The terminals that the program is tried in: what each needs, and which pictures it can show."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.terminals.browser import HERE, PACKAGES, opened_page
from tests.terminals.desktop import ENTER, TOOLS, opened_desktop, opened_window
from tests.terminals.screen import Screen

TRIXIE = Path(
    os.environ.get("TUI_LABEL_TRIXIE")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "tui-label-tests", "trixie")
)
"""Where ``trixie.sh`` makes the newer Debian."""


@dataclass(frozen=True)
class Emulator:
    """One terminal, perhaps with a multiplexer in it.

    Args:
        name: as tests and people call it.
        window: the terminal's own name; empty for a web page.
        multiplexer: whether tmux stands between.
        is_newer: whether it comes from the newer Debian.
        programs: what must be installed besides the tools.
        painters: what is tried in it, by the names that ``--graphics`` takes; the first is the
            one that the program is to choose by itself.
        driver: of Mesa, where it draws with OpenGL.
        size: of its window in tests, pixels.
    """

    name: str
    window: str = ""
    multiplexer: bool = False
    is_newer: bool = False
    programs: tuple[str, ...] = ()
    painters: tuple[str, ...] = ("cells",)
    driver: str = "llvmpipe"
    size: tuple[int, int] = (1000, 700)

    @property
    def points_in_pixels(self) -> bool:
        """Whether its pointer is known to the pixel, not only to the cell."""
        return not self.multiplexer

    def lacking(self) -> str:
        """Why it cannot be had on this machine; empty when it can."""
        tools = (*TOOLS, "weston") if self.window == "foot" else TOOLS if self.window else ()
        here = tools + (("unshare", "nsenter") if self.is_newer else self.programs)
        if missing := [name for name in here if shutil.which(name) is None]:
            return f"not installed: {', '.join(missing)}"
        if not self.window:
            package = PACKAGES[self.name][0]
            is_there = (HERE / "node_modules" / package).is_dir()
            return "" if is_there else f"not installed: {package} (npm ci)"
        return _lacking_newer(self.programs) if self.is_newer else ""

    def version(self) -> str:
        """What its programs say, in one line."""
        if not self.window:
            own = [_package(name) for name in PACKAGES[self.name] if name]
            return ", ".join([*own, _said(("chromium", "--version"))])
        inside = (str(ENTER), str(TRIXIE)) if self.is_newer else ()
        asked = {"xterm": "-version", "tmux": "-V"}
        return ", ".join(
            _said((*inside, name, asked.get(name, "--version"))) for name in self.programs
        )

    @contextmanager
    def opened(
        self, arguments: list[str], size: tuple[int, int] | None = None, points: int = 11
    ) -> Iterator[Screen]:
        """The program in it; see :func:`opened_window`."""
        size = size or self.size
        with ExitStack() as stack:
            if not self.window:
                yield stack.enter_context(opened_page(self.name, arguments, size, points))
                return
            desktop = stack.enter_context(opened_desktop(self.driver))
            yield stack.enter_context(
                opened_window(
                    desktop,
                    self.window,
                    arguments,
                    size,
                    points,
                    multiplexer=self.multiplexer,
                    root=TRIXIE if self.is_newer else None,
                )
            )


EMULATORS = {
    emulator.name: emulator
    for emulator in (
        # Its pictures show through words with Debian 12's llvmpipe; softpipe is slow.
        Emulator(
            "kitty",
            "kitty",
            programs=("kitty",),
            painters=("kitty", "sextants"),
            driver="softpipe",
            size=(640, 460),
        ),
        Emulator("xterm", "xterm", programs=("xterm",), painters=("sixel", "cells")),
        Emulator("foot", "foot", programs=("foot",), painters=("sixel", "quadrants")),
        Emulator("tmux", "xterm", multiplexer=True, programs=("xterm", "tmux")),
        Emulator(
            "kitty-trixie",
            "kitty",
            is_newer=True,
            programs=("kitty",),
            painters=("kitty", "cells"),
        ),
        Emulator(
            "foot-trixie",
            "foot",
            is_newer=True,
            programs=("foot",),
            painters=("sixel", "sextants"),
        ),
        Emulator(
            "tmux-trixie",
            "kitty",
            multiplexer=True,
            is_newer=True,
            programs=("kitty", "tmux"),
            painters=("kitty", "cells"),
        ),
        Emulator("xterm.js", programs=("chromium",), painters=("cells",)),
        Emulator("xterm.js-next", programs=("chromium",), painters=("iterm2", "sixel")),
    )
}


@cache
def _lacking_newer(programs: tuple[str, ...]) -> str:
    """Why the newer Debian cannot run them; empty when it can."""
    if os.geteuid() != 0:
        return "only root can enter the Debian 13 beside this one"
    if missing := [name for name in programs if not (TRIXIE / "usr/bin" / name).exists()]:
        return f"not in {TRIXIE}: {', '.join(missing)} (tests/terminals/trixie.sh makes it)"
    tried = subprocess.run([ENTER, TRIXIE, "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this machine allows no mounts (unshare --mount)"


def _said(command: tuple[str, ...]) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=False, stdin=subprocess.DEVNULL
    )
    return next(iter(done.stdout.splitlines()), "").split(" created by")[0].strip()


def _package(name: str) -> str:
    told = json.loads((HERE / "node_modules" / name / "package.json").read_text())
    return f"{told['name']} {told['version']}"
