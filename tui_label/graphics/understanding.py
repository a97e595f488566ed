"""From what a terminal said to what it can do: answers, brands and the environment together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tui_label.graphics.brands import MULTIPLEXERS, Brand, brand_in, brand_of, reaches
from tui_label.graphics.capabilities import Capabilities
from tui_label.graphics.replies import PIXEL_MOUSE_MODE, RESIZE_MODE, SYNC_MODE, Replies
from tui_label.graphics.viewport import CellSize


def understood(
    replies: Replies, environ: Mapping[str, str], kernel_cell: CellSize | None
) -> Capabilities:
    """What the terminal that was asked can do; the one outside tmux comes later.

    Args:
        replies: its answers.
        environ: for ``TERM``, ``COLORTERM``, ``NO_COLOR``, multiplexers and silent brands.
        kernel_cell: pixels of a cell as the kernel has them, which come first: a font zoom
            changes them at once.
    """
    multiplexer = multiplexer_of(replies, environ)
    name, version = replies.brand, replies.version
    if not name:
        name, version = (multiplexer, "") if multiplexer else brand_in(environ)
    brand = brand_of(name)
    direct = not multiplexer
    inline = replies.inline_cell is not None or (
        replies.complete
        and (reaches(version, brand.inline) or (brand.inline_with_sixel and replies.sixel))
    )
    found = Capabilities(
        brand=name,
        version=version,
        sixel=direct and replies.sixel,
        sixel_colours=replies.sixel_colours if direct else 0,
        sixel_largest=replies.sixel_largest if direct else None,
        iterm2=direct and inline,
        sextants=direct and reaches(version, brand.sextants),
        cell=kernel_cell or replies.cell or replies.inline_cell,
        pixel_mouse=direct and brand.pixel_mouse and replies.knows(PIXEL_MOUSE_MODE),
        pixel_bias=brand.pixel_bias,
        in_band_resize=replies.knows(RESIZE_MODE),
        sync=replies.knows(SYNC_MODE),
        multiplexer=multiplexer,
        colours=colours_of(brand, environ, multiplexer),
        # What a multiplexer answers says nothing of the line behind it.
        acknowledge="dsr" if direct and replies.status else "none",
        complete=replies.complete,
        typed=replies.typed,
        pending=replies.pending,
        said=replies.said,
    )
    return _with_kitty(found, direct and replies.kitty, brand, version)


def with_outer(inner: Capabilities, outer: Replies) -> Capabilities:
    """Add what the terminal outside tmux answered through it.

    Only kitty graphics can be used there: sixel and inline images would be drawn over whatever
    tmux shows elsewhere, as tmux does not know of them.
    """
    brand = brand_of(outer.brand)
    answered = bool(outer.said)
    acknowledge = "tmux-dsr" if outer.status else "tmux-kitty" if outer.kitty else "none"
    found = replace(
        inner,
        outer_brand=outer.brand,
        outer_version=outer.version,
        sextants=reaches(outer.version, brand.sextants) and bool(outer.brand),
        cell=inner.cell or outer.cell,
        passthrough=answered,
        acknowledge=acknowledge,
        typed=inner.typed + outer.typed,
        pending=outer.pending,
        outer_said=outer.said,
    )
    return _with_kitty(found, outer.kitty, brand, outer.version)


def multiplexer_of(replies: Replies, environ: Mapping[str, str]) -> str:
    """What stands between the program and the terminal; empty for nothing."""
    if replies.brand in MULTIPLEXERS:
        return replies.brand
    term = environ.get("TERM", "")
    if environ.get("TMUX") or term.startswith("tmux"):
        return "tmux"
    if environ.get("ZELLIJ"):
        return "zellij"
    if environ.get("STY") or term.startswith("screen"):
        return "screen"
    return ""


def colours_of(brand: Brand, environ: Mapping[str, str], multiplexer: str = "") -> str:
    """``24bit``, ``256`` or ``grey``, as in ``Capabilities.colours``.

    NO_COLOR counts when it is not empty (no-color.org). ssh does not pass COLORTERM on, so a
    brand that is known to have all colours has them without it; tmux takes all colours and
    finds the nearest that its terminal has.
    """
    term = environ.get("TERM", "")
    if environ.get("NO_COLOR") or term in {"vt100", "vt102", "vt220", "xterm-mono"}:
        return "grey"
    named = environ.get("COLORTERM", "").lower() in {"truecolor", "24bit"}
    if named or term.endswith("-direct") or brand.full_colour or multiplexer == "tmux":
        return "24bit"
    return "256"


def _with_kitty(found: Capabilities, answered: bool, brand: Brand, version: str) -> Capabilities:
    return replace(
        found,
        kitty=answered,
        kitty_edits=answered and reaches(version, brand.edits),
        kitty_relative=answered and reaches(version, brand.relative),
        animation=answered and reaches(version, brand.animation),
    )
