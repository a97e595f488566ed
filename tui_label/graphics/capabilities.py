"""What a terminal can do, and which painter that means."""

from __future__ import annotations

from dataclasses import dataclass

from tui_label.geometry.boxes import Size
from tui_label.graphics.brands import PAINTERS, brand_of
from tui_label.graphics.viewport import CellSize

_TITLES = {
    "kitty": "kitty graphics",
    "sixel": "sixel graphics",
    "iterm2": "inline images (iTerm2's)",
    "cells": "half blocks",
    "quadrants": "quadrants",
    "sextants": "sextants",
}

_FEWEST_COLOURS = 16
"""Colour registers: with fewer, half blocks show more of a photo than sixel does."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What is known of one terminal: its answers, and what follows from its brand.

    Args:
        brand: what XTVERSION says, lower case (``kitty``, ``xterm``, ``foot``, ``tmux``), else
            what the environment says; empty when neither says anything.
        version: as it writes it, e.g. ``0.41.1``.
        outer_brand: of the terminal outside tmux; empty without tmux or an answer.
        outer_version: likewise.
        kitty: an OK to a kitty graphics query; inside tmux, from the terminal outside.
        kitty_edits: parts of a kitty image can be changed after it was sent (``a=f``).
        kitty_relative: kitty placements can be relative to Unicode placeholders.
        animation: frames of a kitty image are shown as a film.
        sixel: sixel graphics; never inside a multiplexer, which may say so and show none.
        sixel_colours: colour registers; 0 when unknown.
        sixel_largest: pixels of the largest sixel picture; ``None`` when unknown.
        iterm2: iTerm2's inline images (OSC 1337).
        sextants: the terminal draws 2 × 3 blocks itself, whatever its font.
        cell: pixels per cell; ``None`` when neither the kernel nor the terminal knows.
        pixel_mouse: mouse reports in pixels (mode 1016) that can be believed.
        pixel_bias: what to add to both numbers of such a report, which counts from 1.
        in_band_resize: reports of its size as input (mode 2048).
        sync: synchronised updates (mode 2026).
        multiplexer: ``"tmux"``, ``"screen"``, ``"zellij"`` or empty.
        passthrough: sequences get through tmux to the terminal outside, and it answers.
        passthrough_before: the setting to put back when the program leaves (see
            :func:`tui_label.graphics.passthrough.close_passthrough`).
        colours: ``"24bit"``, ``"256"``, or ``"grey"`` when colours are not wanted (NO_COLOR).
        acknowledge: how to ask whether the terminal has got as far as this, a key of
            :data:`tui_label.graphics.acknowledge.REQUESTS`.
        round_trip: seconds from the questions to the last answer, of the terminal outside
            where there is one; 0 when it was not complete.
        complete: the last question was answered in time, so nothing more will arrive.
        reason: one sentence on how this was found out.
        typed: what the person typed meanwhile, to be handed to whoever reads keys next.
        pending: the beginning of an answer that was cut off by the deadline; feed it to
            :class:`tui_label.graphics.replies.ReplyFilter` before anything else.
        said: the answers as they came, for bug reports.
        outer_said: those of the terminal outside tmux.
    """

    brand: str = ""
    version: str = ""
    outer_brand: str = ""
    outer_version: str = ""
    kitty: bool = False
    kitty_edits: bool = False
    kitty_relative: bool = False
    animation: bool = False
    sixel: bool = False
    sixel_colours: int = 0
    sixel_largest: Size | None = None
    iterm2: bool = False
    sextants: bool = False
    cell: CellSize | None = None
    pixel_mouse: bool = False
    pixel_bias: int = 0
    in_band_resize: bool = False
    sync: bool = False
    multiplexer: str = ""
    passthrough: bool = False
    passthrough_before: str | None = None
    colours: str = "24bit"
    acknowledge: str = "none"
    round_trip: float = 0.0
    complete: bool = False
    reason: str = "The terminal was not asked."
    typed: bytes = b""
    pending: bytes = b""
    said: bytes = b""
    outer_said: bytes = b""

    @property
    def terminal(self) -> str:
        """The terminal that draws, as words: ``kitty 0.41.1``; empty when unknown."""
        if self.outer_brand:
            return f"{self.outer_brand} {self.outer_version}".strip()
        return "" if self.multiplexer else f"{self.brand} {self.version}".strip()


def choose(capabilities: Capabilities, wanted: str = "auto") -> tuple[str, str]:
    """The painter to use and a sentence that says why.

    Args:
        capabilities: of the terminal.
        wanted: ``auto``, or the name of a painter, which is then taken at its word.

    Raises:
        ValueError: ``wanted`` is none of these.
    """
    if wanted in PAINTERS:
        obstacle = _obstacle(capabilities, wanted)
        doubt = f", although {obstacle}" if obstacle else ""
        return wanted, f"{_sentence(_TITLES[wanted])} were asked for{doubt}."
    if wanted != "auto":
        raise ValueError(f"no painter is called {wanted!r}; there are auto, {', '.join(PAINTERS)}")
    if capabilities.colours == "grey":
        return "cells", "Half blocks in grey, as colours are not wanted (NO_COLOR)."
    brand = brand_of(capabilities.outer_brand or capabilities.brand)
    obstacles = []
    for name in brand.drivers:
        obstacle = _obstacle(capabilities, name)
        if not obstacle:
            who = capabilities.terminal or "The terminal"
            return name, f"{_sentence(who)} shows {_TITLES[name]}."
        obstacles.append(obstacle)
    if not brand.drivers:
        return "cells", f"Half blocks, as {brand.name} is not known to show pictures."
    # Every protocol was tried, and the first one is the one that would have been best.
    later = "" if capabilities.complete else f" {capabilities.reason}"
    return "cells", f"Half blocks, as {obstacles[0]}.{later}"


def _obstacle(capabilities: Capabilities, name: str) -> str:
    """Why a painter is expected to fail, as the end of a sentence; empty where it is not."""
    if name in {"cells", "quadrants"}:
        return ""
    if name == "sextants":
        nothing = "nothing says that the terminal draws them itself, and few fonts have them"
        return "" if capabilities.sextants else nothing
    if capabilities.multiplexer:
        return _multiplexed(capabilities, name)
    if not {"kitty": capabilities.kitty, "sixel": capabilities.sixel}.get(
        name, capabilities.iterm2
    ):
        return f"the terminal did not answer to {_TITLES[name]}"
    if name == "sixel" and 0 < capabilities.sixel_colours < _FEWEST_COLOURS:
        return f"the terminal has only {capabilities.sixel_colours} colours for sixel"
    return _cell(capabilities)


def _multiplexed(capabilities: Capabilities, name: str) -> str:
    outside = f"the terminal outside {capabilities.multiplexer}"
    if name != "kitty" or capabilities.multiplexer != "tmux":
        return f"{capabilities.multiplexer} passes no {_TITLES[name]} on"
    if not capabilities.passthrough:
        return f"{outside} could not be asked (tmux: allow-passthrough)"
    if not capabilities.kitty:
        return f"{outside} did not answer to kitty graphics"
    if not capabilities.kitty_relative:
        return f"{outside} is not known to place pictures relative to text (kitty 0.31 does)"
    return _cell(capabilities)


def _cell(capabilities: Capabilities) -> str:
    return "" if capabilities.cell else "the terminal does not tell how large its cells are"


def _sentence(words: str) -> str:
    # "kitty 0.41.1" keeps the way it writes itself only inside a sentence.
    return words[0].upper() + words[1:]
