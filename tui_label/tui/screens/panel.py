"""What every screen that lies over the picture has in common."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Result = TypeVar("Result")


class Panel(ModalScreen[Result]):
    """A screen over the picture that is put away once, however often it is told to.

    A double click chooses twice; the second time Textual would take away what lies below.
    """

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Put the screen away with a result; nothing happens when it is no longer on top."""
        if not self.is_current:
            return AwaitComplete(asyncio.sleep(0))
        return super().dismiss(result)
