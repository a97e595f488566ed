"""The first minute, step by step, moved on by what the person really does."""

from __future__ import annotations

from dataclasses import dataclass

from tui_label.editor.session import Session


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try. ``after`` are the commands that complete it."""

    words: str
    after: frozenset[str]


STEPS: tuple[Step, ...] = (
    Step(
        "Put the cursor on an object: arrows or h j k l (with shift: far), or click it.",
        frozenset({"cursor", "point"}),
    ),
    Step("space says: this belongs to the object. The mask follows.", frozenset({"point", "box"})),
    Step(
        "Not quite? tab shows other masks; - takes a place out, space adds one; b b makes a box.",
        frozenset({"candidate", "point", "box", "accept", "assign"}),
    ),
    Step(
        "enter saves it as the current class; 1 … 9 as another. It is on disk at once.",
        frozenset({"accept", "assign"}),
    ),
    Step(
        "u takes anything back. n turns to the next scene, d says this one is done.",
        frozenset({"next", "done", "todo"}),
    ),
    Step("That is all it takes. ? lists every key. t puts this away.", frozenset()),
)


@dataclass(frozen=True, slots=True)
class Tour:
    """Where a person is in the tour."""

    at: int = 0

    @property
    def words(self) -> str:
        """What to do now."""
        return f"{self.at + 1}/{len(STEPS)}  {STEPS[self.at].words}"

    def after(self, command: str, session: Session) -> Tour:
        """The tour after a command; a step counts only once what it asks for is there."""
        if command not in STEPS[self.at].after:
            return self
        if self.at == 1 and session.now.draft.is_blank:
            return self
        if self.at == 0 and command == "point":
            return Tour(2)
        return Tour(min(self.at + 1, len(STEPS) - 1))
