"""Terminals as data: what is known of a brand that it does not say of itself.

What a terminal answers comes first: a brand only says in which order its protocols are tried,
from which version on it understands what cannot be asked, and where its answers mislead.
``seen`` brands were tried with this program's own sequences; what stands here of all others is
from their documentation and issues.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PAINTERS = ("kitty", "sixel", "iterm2", "cells", "quadrants", "sextants")
"""Every way to draw a picture, by the name in ``--graphics``: three protocols, three sizes of
block glyphs."""

Version = tuple[int, ...]

NEVER: Version = (10**9,)
ALWAYS: Version = ()

MULTIPLEXERS = ("tmux", "screen", "zellij")
"""They stand between the program and the terminal, and answer for themselves."""


@dataclass(frozen=True, slots=True)
class Brand:
    """One kind of terminal. Versions are the first that can.

    Args:
        name: as it writes it itself (XTVERSION), lower case; ours where it does not.
        drivers: protocols in order of preference; one that is not named is not used unless
            a person asks for it.
        edits: parts of a kitty image that was sent can be changed (``a=f``). Where that is not
            understood, a stale mask would stay on the screen.
        animation: kitty's frames are shown as a film.
        relative: kitty placements relative to Unicode placeholders, which tmux needs.
        inline: iTerm2's inline images (OSC 1337).
        inline_with_sixel: these are switched on and off together with sixel.
        sextants: the 2 × 3 blocks of Unicode 13 are drawn by the terminal itself, so they do
            not depend on a font.
        full_colour: 24-bit colours.
        pixel_bias: what to add to a mouse report in pixels, which counts from 1.
        pixel_mouse: its reports in pixels can be believed.
        blends: a sixel picture is kept below the transparent parts of another one. Elsewhere a
            cell may hold the newest picture and nothing else: mlterm 3.9 was seen to do so.
        forgetful: it loses pictures while its window is hidden; they must be sent again.
        seen: tried, not only read about.
        note: for whoever reads the report of ``doctor``.
    """

    name: str
    drivers: tuple[str, ...] = ("kitty", "sixel", "iterm2")
    edits: Version = NEVER
    animation: Version = NEVER
    relative: Version = NEVER
    inline: Version = NEVER
    inline_with_sixel: bool = False
    sextants: Version = NEVER
    full_colour: bool = True
    pixel_bias: int = 0
    pixel_mouse: bool = True
    blends: bool = False
    forgetful: bool = False
    seen: bool = False
    note: str = ""


BRANDS = (
    Brand(
        "kitty",
        ("kitty",),
        edits=(0, 20),
        animation=(0, 20),
        relative=(0, 31),
        sextants=(0, 20),
        pixel_bias=1,
        seen=True,
        note="Its mouse reports count pixels from 0.",
    ),
    Brand(
        "ghostty",
        ("kitty",),
        edits=(1, 4),
        animation=(1, 4),
        relative=(1, 4),
        sextants=ALWAYS,
        note="Edits and relative placements were merged in August 2026, after 1.3.",
    ),
    Brand(
        "wezterm",
        ("iterm2", "kitty", "sixel"),
        inline=ALWAYS,
        sextants=(20210814,),
        note="Kitty graphics are off unless its configuration turns them on.",
    ),
    Brand(
        "iterm2",
        ("iterm2", "sixel"),
        inline=ALWAYS,
        pixel_mouse=False,
        note="Whether its mouse reports are points or pixels was not tried.",
    ),
    Brand("konsole", ("kitty", "sixel"), note="Kitty graphics without edits and placeholders."),
    Brand(
        "rio",
        ("kitty", "iterm2"),
        inline=(0, 4, 12),
        note="Its sixel and inline images were broken from 0.4.0 to 0.4.11.",
    ),
    Brand("foot", ("sixel",), sextants=(1, 7), blends=True, seen=True),
    Brand(
        "xterm",
        ("sixel",),
        blends=True,
        forgetful=True,
        seen=True,
        note="Sixel only as a VT340: xterm -ti vt340.",
    ),
    Brand("mlterm", ("sixel",), seen=True, note="Reports no mouse pixels."),
    Brand("contour", ("sixel",), sextants=ALWAYS),
    Brand("mintty", ("iterm2", "sixel"), inline=ALWAYS),
    Brand(
        "xterm.js",
        ("iterm2", "sixel"),
        inline_with_sixel=True,
        note="The terminal of VS Code; pictures need terminal.integrated.enableImages.",
    ),
    Brand(
        "windows terminal",
        ("sixel",),
        pixel_mouse=False,
        note="Sixel from 1.22; it does not tell its name.",
    ),
    Brand("vte", ("sixel",), sextants=ALWAYS, note="Most of its builds have no pictures."),
    Brand("alacritty", ()),
    Brand("apple_terminal", (), full_colour=False, note="It has no pictures."),
    Brand("linux", (), full_colour=False, note="The console of the kernel."),
    *(Brand(name, ("kitty",), seen=name == "tmux") for name in MULTIPLEXERS),
)

_BY_NAME = {brand.name: brand for brand in BRANDS}

_UNKNOWN = Brand("", full_colour=False)
"""Believed as far as it answers; 24-bit colours only where COLORTERM names them."""

_PROGRAMS = {
    "apple_terminal": "apple_terminal",
    "iterm.app": "iterm2",
    "wezterm": "wezterm",
    "ghostty": "ghostty",
    "rio": "rio",
    "vscode": "xterm.js",
    "mintty": "mintty",
}
"""TERM_PROGRAM → brand, for those that keep their name to themselves."""

_TERMS = {
    "xterm-kitty": "kitty",
    "xterm-ghostty": "ghostty",
    "foot": "foot",
    "foot-extra": "foot",
    "rio": "rio",
    "mlterm": "mlterm",
    "contour": "contour",
    "alacritty": "alacritty",
    "linux": "linux",
}


def brand_of(name: str) -> Brand:
    """What is known of a brand, by the name in ``Capabilities``."""
    return _BY_NAME.get(name, _UNKNOWN)


def brand_in(environ: Mapping[str, str]) -> tuple[str, str]:
    """Brand and version as the environment has them; empty where it does not say.

    Only for a terminal that does not tell its name: the environment is inherited, and ssh does
    not pass it on.
    """
    program = _PROGRAMS.get(environ.get("TERM_PROGRAM", "").lower(), "")
    if program:
        return program, environ.get("TERM_PROGRAM_VERSION", "")
    if environ.get("WT_SESSION"):
        return "windows terminal", ""
    if environ.get("KONSOLE_VERSION"):
        return "konsole", environ["KONSOLE_VERSION"]
    return _TERMS.get(environ.get("TERM", ""), ""), ""


def reaches(version: str, first: Version) -> bool:
    """Whether a version is at least ``first``; one that says nothing is only ``ALWAYS``.

    A build before a release (``1.4.0-dev``) is not the release yet.

    >>> reaches("0.41.1", (0, 20)), reaches("1.4.0-dev+ab12", (1, 4)), reaches("", (1,))
    (True, False, False)
    """
    if first == ALWAYS:
        return True
    match = re.match(r"(\d{1,9}(?:\.\d{1,9})*)(.*)", version)
    if match is None:
        return False
    numbers = tuple(int(number) for number in match[1].split("."))
    if re.match(r"-(?:dev|main|tip|alpha|beta|rc|nightly)", match[2]):
        return _padded(numbers) > _padded(first)
    return numbers[: len(first)] >= first


def _padded(numbers: Version) -> Version:
    return (*numbers, 0, 0, 0, 0)[:4]
