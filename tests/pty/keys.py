"""Keys and the mouse, as a terminal tells them."""

from __future__ import annotations

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "space": " ",
    "shift+tab": "\x1b[Z",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "ctrl+c": "\x03",
    "ctrl+l": "\x0c",
    "ctrl+p": "\x10",
    "ctrl+r": "\x12",
    "ctrl+z": "\x1a",
    "backspace": "\x7f",
}

WHEEL_UP, WHEEL_DOWN = 64, 65
MOVED, DRAGGED = 35, 32


def key(name: str) -> bytes:
    """By name, or the character that it is."""
    return KEYS.get(name, name).encode()


def report(code: int, end: str, x: float, y: float, cell: tuple[int, int], first: int) -> bytes:
    """One SGR mouse report.

    Args:
        code: of the button or the movement.
        end: ``M`` for a press or a movement, ``m`` for a release.
        x: fractional columns.
        y: fractional rows.
        cell: pixels of what is counted: a cell, or (1, 1) where cells are.
        first: what the first of them is called.
    """
    column, row = int(x * cell[0]) + first, int(y * cell[1]) + first
    return f"\x1b[<{code};{column};{row}{end}".encode()
