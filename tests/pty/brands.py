"""Terminals as data: what each kind answers when it is asked what it can do."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Brand:
    """What a terminal answers. ``None`` and 0 are silence.

    ``resizes`` is whether it reports its size as input (mode 2048); ``first_pixel`` is what the
    first pixel is called in reports of the mouse; ``edits`` is whether it can change parts of
    a kitty picture, ``blends`` whether it keeps a sixel picture below another one.
    """

    name: str = "plain"
    version: str | None = None
    kitty: bool = False
    pixel_mouse: bool = False
    sync: bool = False
    attributes: str | None = "?62;22"
    cell_report: bool = False
    modes: bool = True
    resizes: bool = False
    status: bool = True
    registers: int = 0
    largest: tuple[int, int] | None = None
    inline_cell: str | None = None
    first_pixel: int = 1
    edits: bool = True
    blends: bool = True

    def answers(self, cell: tuple[int, int]) -> list[tuple[re.Pattern[bytes], bytes]]:
        """Question → answer."""

        def mode(number: int, known: bool) -> tuple[re.Pattern[bytes], bytes]:
            question = re.compile(rb"\x1b\[\?%d\$p" % number)
            return question, b"\x1b[?%d;%d$y" % (number, 2 if known else 0)

        table = []
        if self.modes:
            table += [mode(1016, self.pixel_mouse), mode(2026, self.sync), mode(2048, self.resizes)]
        if self.attributes is not None:
            table.append((re.compile(rb"\x1b\[c"), f"\x1b[{self.attributes}c".encode()))
        if self.status and self.attributes is not None:
            table.append((re.compile(rb"\x1b\[5n"), b"\x1b[0n"))
        if self.version is not None:
            table.append((re.compile(rb"\x1b\[>0?q"), f"\x1bP>|{self.version}\x1b\\".encode()))
        if self.kitty:
            query = re.compile(rb"\x1b_G(?=[^;]*a=q)[^;]*i=(\d+)[^\x1b]*\x1b\\")
            table.append((query, b"\x1b_Gi=%s;OK\x1b\\"))
        if self.cell_report:
            reply = f"\x1b[6;{cell[1]};{cell[0]}t".encode()
            table.append((re.compile(rb"\x1b\[16t"), reply))
        if self.registers:
            table.append((re.compile(rb"\x1b\[\?1;1;0S"), b"\x1b[?1;0;%dS" % self.registers))
        if self.largest is not None:
            reply = b"\x1b[?2;0;%d;%dS" % self.largest
            table.append((re.compile(rb"\x1b\[\?2;4;0S"), reply))
        if self.inline_cell is not None:
            question = re.compile(rb"\x1b\]1337;ReportCellSize(?:\x07|\x1b\\)")
            reply = f"\x1b]1337;ReportCellSize={self.inline_cell}\x1b\\".encode()
            table.append((question, reply))
        return table

    def said(self, asked: bytes, cell: tuple[int, int] = (8, 16)) -> bytes:
        """Every answer to some questions, in the order in which they were asked."""
        found = [
            (match.start(), reply % match.groups() if match.groups() else reply)
            for question, reply in self.answers(cell)
            for match in question.finditer(asked)
        ]
        return b"".join(reply for _, reply in sorted(found))


PLAIN = Brand()
KITTY = Brand(
    "kitty",
    "kitty(0.26.5)",
    kitty=True,
    pixel_mouse=True,
    sync=True,
    cell_report=True,
    first_pixel=0,
)
XTERM = Brand(
    "xterm", "XTerm(379)", pixel_mouse=True, attributes="?64;1;2;6;9;15;16;17;18;21;22;28"
)
SILENT = Brand("silent", attributes=None, modes=False)

# As answered here: kitty, xterm, mlterm, foot, tmux. The others as they are documented.
KITTY_NEW = replace(KITTY, name="new kitty", version="kitty(0.41.1)", resizes=True)
XTERM_SIXEL = Brand(
    "xterm -ti vt340",
    "XTerm(379)",
    pixel_mouse=True,
    attributes="?63;1;2;4;6;9;15;16;22;28",
    registers=256,
    largest=(1000, 1000),
)
XTERM_FEW = Brand("xterm, 4 registers", "XTerm(379)", attributes="?63;1;2;4;6", registers=4)
MLTERM = Brand(
    "mlterm",
    None,
    attributes="?63;1;2;3;4;6;7;15;18;22;29",
    cell_report=True,
    registers=1024,
    blends=False,
)
FOOT = Brand(
    "foot",
    "foot(1.21.0)",
    pixel_mouse=True,
    sync=True,
    attributes="?62;4;22",
    cell_report=True,
    registers=1024,
    resizes=True,
)
TMUX = Brand("tmux", "tmux 3.5a", attributes="?1;2;4", cell_report=True, modes=False)
TMUX_OLD = Brand("old tmux", "tmux 3.3a", attributes="?1;2", modes=False)
GHOSTTY = Brand(
    "ghostty", "ghostty 1.3.1", kitty=True, pixel_mouse=True, cell_report=True, edits=False
)
WEZTERM = Brand(
    "wezterm", "WezTerm 20240203-110809-5046fc22", attributes="?65;4;6;18;22", cell_report=True
)
ITERM2 = Brand(
    "iterm2", "iTerm2 3.5.10", pixel_mouse=True, attributes="?62;4", inline_cell="18.0;8.0;2.0"
)
KONSOLE = Brand(
    "konsole", "Konsole 23.08.1", kitty=True, attributes="?62;1;4", cell_report=True, edits=False
)
MINTTY = Brand("mintty", "mintty 3.7.0", attributes="?64;1;2;4;6;9;15;21;22;28;29")
XTERM_JS = Brand("xterm.js with pictures", "xterm.js(5.6.0)", attributes="?62;4;9;22")
XTERM_JS_PLAIN = Brand("xterm.js", "xterm.js(5.6.0)", attributes="?1;2")
VTE = Brand("vte", "VTE(7802)", sync=True, attributes="?65;1;9")
APPLE = Brand("apple terminal", None, attributes="?1;2", modes=False)

CATALOGUE: tuple[tuple[Brand, str], ...] = (
    (PLAIN, "cells"),
    (KITTY, "kitty"),
    (KITTY_NEW, "kitty"),
    (XTERM, "cells"),
    (XTERM_SIXEL, "sixel"),
    (XTERM_FEW, "cells"),
    (MLTERM, "sixel"),
    (FOOT, "sixel"),
    (GHOSTTY, "kitty"),
    (WEZTERM, "iterm2"),
    (ITERM2, "iterm2"),
    (KONSOLE, "kitty"),
    (MINTTY, "iterm2"),
    (XTERM_JS, "iterm2"),
    (XTERM_JS_PLAIN, "cells"),
    (VTE, "cells"),
    (APPLE, "cells"),
    (TMUX, "cells"),
    (TMUX_OLD, "cells"),
    (SILENT, "cells"),
)
"""Every kind, and how pictures are drawn in it when the kernel knows the size of a cell."""
