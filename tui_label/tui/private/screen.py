"""The app and its screens, where their public parts do not reach."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from typing import Any

from textual.app import App
from textual.css.query import NoMatches
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Tooltip
from textual.widgets._toast import Toast

from tui_label.graphics.probe import cell_of, window_pixels
from tui_label.graphics.viewport import CellSize


class SpokenCrash(App[None]):
    """An app that keeps its traceback to itself, for whoever started it to speak of.

    State: ``crash_details``, the traceback of the fault that ended the app, else empty.
    """

    crash_details = ""

    def _handle_exception(self, error: Exception) -> None:
        # Widgets are taken away one after the other; whoever looks for one that has gone
        # already (the palette does, in a worker) is no fault that a person should hear of.
        if not (self._exit and isinstance(error, NoMatches)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self.crash_details = traceback.format_exc()
        self._close_messages_no_wait()


def write(app: App[Any], text: str) -> None:
    """Send bytes for the terminal in order with everything that Textual writes."""
    driver = app._driver
    if driver is not None and not app.is_headless and app._running:
        driver.write(text)


def backlog(app: App[Any]) -> int:
    """Pieces that were written and that the terminal's line has not taken yet."""
    writer = getattr(app._driver, "_writer_thread", None)
    return 0 if writer is None else writer._queue.qsize()


def is_leaving(app: App[Any]) -> bool:
    """Whether the app was told to end: what is drawn from then on would stay in the terminal."""
    return app._exit


def draw_below(app: App[Any]) -> None:
    """Write what the screens below the one on top show, without the picture.

    After the window has changed its size nobody else would: the one on top draws only itself.
    """
    # Not the first, which is Textual's own: it is blank, and would be written over the picture.
    for screen in app.screen_stack[1:-1]:
        write(app, screen._compositor.render_full_update().render_segments(app.console))
    app.screen.refresh()


def covering(widget: Widget) -> Iterator[Region]:
    """What lies over a widget now, in cells of the screen: dialogs, menus, toasts, tooltips."""
    for floating in (*widget.screen.query(Toast), *widget.screen.query(Tooltip)):
        if floating.display:
            yield floating.region
    stack = widget.app.screen_stack
    above = stack[stack.index(widget.screen) + 1 :] if widget.screen in stack else []
    for screen in above:
        for cover, (region, clip) in screen._compositor.visible_widgets.items():
            if cover is not screen:
                yield region.intersection(clip)


def screen_pixels() -> tuple[int, int, int, int] | None:
    """Columns, rows, width and height in pixels; ``None`` where the kernel does not know."""
    try:
        return window_pixels(sys.__stdin__.fileno())  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        return None  # the program was started without a standard input


def screen_grid(known: CellSize | None) -> tuple[int, int, CellSize] | None:
    """Columns, rows and pixels of a cell right now; ``None`` where nobody knows all three.

    Args:
        known: what the terminal said of its cells, for where the kernel has no pixels (VS Code).
    """
    pixels = screen_pixels()
    if pixels is not None:
        return *pixels[:2], cell_of(pixels)
    try:
        columns, rows = os.get_terminal_size(sys.__stdin__.fileno())  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return None
    return None if known is None or not columns or not rows else (columns, rows, known)


def cell_size() -> CellSize | None:
    """Size of a cell in pixels right now (a font zoom changes it); ``None`` if unknown."""
    pixels = screen_pixels()
    if pixels is None:
        return None
    return cell_of(pixels)


def reports_pixels(app: App[Any]) -> bool:
    """Whether mouse positions are finer than cells."""
    driver = app._driver
    return getattr(driver, "_mouse_pixels", False) and not getattr(driver, "mouse_lies", False)
