"""Questions whose answer says that the terminal has got as far as that.

Outside a multiplexer any terminal answers a status report (DSR, ``CSI 5 n``). Inside tmux that
would be tmux's own answer, which says nothing of the line behind it, so the question goes to
the terminal outside. Seen in tmux 3.3a and 3.5a inside kitty: its answers come to the pane
unchanged. They come as keys of whichever pane is the active one, so nothing is to be asked
while ours is not (:mod:`tui_label.graphics.reattach` knows).
"""

from __future__ import annotations

from tui_label.graphics.passthrough import wrapped
from tui_label.graphics.replies import ACKNOWLEDGE_ID, QUERY_ID

STATUS = b"\x1b[5n"


def graphics_question(image: int = QUERY_ID) -> bytes:
    """Whether a picture of one pixel could be shown; nothing is stored or shown."""
    return f"\x1b_Gi={image},s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\".encode()


REQUESTS = {
    "dsr": STATUS,
    "tmux-dsr": wrapped(STATUS),
    "tmux-kitty": wrapped(graphics_question(ACKNOWLEDGE_ID)),
    "none": b"",
}
"""``Capabilities.acknowledge`` → what to write after a piece of a picture. The answers are
recognised and counted by :class:`tui_label.graphics.replies.ReplyFilter`."""
