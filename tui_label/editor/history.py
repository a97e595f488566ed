"""Undo and redo over frozen states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

State = TypeVar("State")

_DEPTH = 500
"""Steps that can be undone; a state is a few references, only answers are heavy (see amend)."""


@dataclass(slots=True)
class History(Generic[State]):
    """A line of states with a present.

    State: the present, what came before, what was undone. Owned by one ``Document``, used on
    the thread of the screen. States are immutable values, so a step is one reference.
    """

    present: State
    _past: list[State] = field(default_factory=list)
    _future: list[State] = field(default_factory=list)

    def push(self, state: State) -> None:
        """Make ``state`` the present as a new step; what was undone is forgotten."""
        self._past.append(self.present)
        del self._past[:-_DEPTH]
        self._future.clear()
        self.present = state

    def amend(self, state: State) -> None:
        """Replace the present without a new step: an answer that arrives is not an act."""
        self.present = state

    def rewrite(self, change: Callable[[State], State]) -> None:
        """Change every state alike: not a step, for nobody here did it."""
        self.present = change(self.present)
        self._past[:] = map(change, self._past)
        self._future[:] = map(change, self._future)

    @property
    def is_fresh(self) -> bool:
        """Whether there is nothing to undo and nothing to redo."""
        return not self._past and not self._future

    def age(self, steps: int, change: Callable[[State], State]) -> None:
        """Change the state that has just become older than ``steps`` steps."""
        if len(self._past) > steps:
            self._past[-steps - 1] = change(self._past[-steps - 1])

    def undo(self) -> bool:
        """Go one step back; ``False`` at the beginning."""
        if not self._past:
            return False
        self._future.append(self.present)
        self.present = self._past.pop()
        return True

    def redo(self) -> bool:
        """Go one undone step forward; ``False`` when there is none."""
        if not self._future:
            return False
        self._past.append(self.present)
        self.present = self._future.pop()
        return True
