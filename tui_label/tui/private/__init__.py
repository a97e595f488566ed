"""Every part of Textual that is not public and that the canvas needs, in one place.

``tests/tui/test_private.py`` fails loudly when a release of Textual changes one of them.

* ``App._driver.write``: graphics go to the terminal through the same queue as text, so that
  they cannot overtake it.
* ``App._exit``: set as soon as the app was told to end, before its last messages.
* ``App._fatal_error``: where a fault would put a traceback on the person's screen.
* ``LinuxDriver`` and the ``XTermParser`` that its module uses: pixel mouse reports on
  terminals that know mode 1016 but not 2048 (xterm, kitty before 0.36), answers of the
  terminal, which must not arrive as key presses, keys one after the other, and an end when the
  terminal goes away.
* ``Strip._segments`` and ``Strip.render``: rows of the screen that Textual leaves alone.
* ``Screen._compositor``: what lies over the canvas (``visible_widgets``), and what a screen
  below shows (``render_full_update``). ``_toast.Toast``: messages that Textual itself shows.
* ``LinuxDriver._writer_thread`` and its ``_queue``: what the line has not taken yet.
"""

from tui_label.tui.private.driver import Acknowledged, Answered, driver_class
from tui_label.tui.private.screen import (
    SpokenCrash,
    backlog,
    cell_size,
    covering,
    draw_below,
    is_leaving,
    reports_pixels,
    screen_pixels,
    write,
)
from tui_label.tui.private.strips import HeldStrip, held

__all__ = [
    "Acknowledged",
    "Answered",
    "HeldStrip",
    "SpokenCrash",
    "backlog",
    "cell_size",
    "covering",
    "draw_below",
    "driver_class",
    "held",
    "is_leaving",
    "reports_pixels",
    "screen_pixels",
    "write",
]
