"""The words behind a command's name: numbers, directions, places."""

from __future__ import annotations

from tui_label.tui.actions import BY_NAME, CommandError

Words = tuple[str, ...]

WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def usage(name: str) -> CommandError:
    """How a command is written, for whoever wrote it otherwise."""
    return CommandError(f"It is written {BY_NAME[name].synopsis}")


def step(name: str, words: Words) -> int:
    """``next``, which may be left out, or ``previous``: 1 or -1.

    Raises:
        CommandError: other words.
    """
    match words:
        case [] | ["next"]:
            return 1
        case ["previous"]:
            return -1
        case _:
            raise usage(name)


def number(name: str, word: str) -> float:
    """A finite number.

    Raises:
        CommandError: it is none, or one that no photo has a use for.
    """
    try:
        value = float(word)
    except ValueError:
        raise usage(name) from None
    if not abs(value) < 1e9:
        raise usage(name)
    return value


def pixel(name: str, x: str, y: str) -> tuple[float, float]:
    """A pixel by its column and row: its centre in the edge frame.

    Raises:
        CommandError: these are no numbers.
    """
    return number(name, x) + 0.5, number(name, y) + 0.5
