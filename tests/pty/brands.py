"""Terminals as data: what each kind answers when it is asked what it can do."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Brand:
    """What a terminal answers. ``None`` is silence."""

    name: str = "plain"
    version: str | None = None
    kitty: bool = False
    pixel_mouse: bool = False
    sync: bool = False
    attributes: str | None = "?62;22"
    cell_report: bool = False
    modes: bool = True

    def answers(self, cell: tuple[int, int]) -> list[tuple[re.Pattern[bytes], bytes]]:
        """Question → answer."""

        def mode(number: int, known: bool) -> tuple[re.Pattern[bytes], bytes]:
            question = re.compile(rb"\x1b\[\?%d\$p" % number)
            return question, b"\x1b[?%d;%d$y" % (number, 2 if known else 0)

        table = []
        if self.modes:
            table += [mode(1016, self.pixel_mouse), mode(2026, self.sync), mode(2048, False)]
        if self.attributes is not None:
            table.append((re.compile(rb"\x1b\[c"), f"\x1b[{self.attributes}c".encode()))
        if self.version is not None:
            table.append((re.compile(rb"\x1b\[>0?q"), f"\x1bP>|{self.version}\x1b\\".encode()))
        if self.kitty:
            query = re.compile(rb"\x1b_G(?=[^;]*a=q)[^;]*i=(\d+)[^\x1b]*\x1b\\")
            table.append((query, b"\x1b_Gi=%s;OK\x1b\\"))
        if self.cell_report:
            reply = f"\x1b[6;{cell[1]};{cell[0]}t".encode()
            table.append((re.compile(rb"\x1b\[16t"), reply))
        return table


PLAIN = Brand()
KITTY = Brand("kitty", "kitty(0.26.5)", kitty=True, pixel_mouse=True, sync=True, cell_report=True)
XTERM = Brand("xterm", "XTerm(379)", pixel_mouse=True, attributes="?64;4;22")
SILENT = Brand("silent", attributes=None, modes=False)
