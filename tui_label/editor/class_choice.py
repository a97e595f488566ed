"""The class list of a dataset, and the class that new objects get."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from tui_label.dataset.classes import ClassList, added, save_classes
from tui_label.dataset.state import StateStore
from tui_label.errors import InputError, SaveError, UserError

_LAST_CLASS = "class"
"""The name under which the state remembers the current class."""


class NeedsClassesError(UserError):
    """There is no class yet: the person is asked for the names once."""


class ClassChoice:
    """The class list and the current class.

    State: both. Owned by the ``Session``, used on its thread; a change of either is on disk when
    the method returns, the current class as far as the state can be written.
    """

    def __init__(self, classes: ClassList, root: Path, store: StateStore) -> None:
        self.list = classes
        self._root = root
        self._store = store
        self.current = self._last_time()

    def add(self, names: list[str]) -> None:
        """Append class names and write them to ``classes.txt``.

        Raises:
            InputError: a name cannot be used, or the list belongs to a data.yaml.
            SaveError: the file could not be written.
        """
        classes = self.list
        for name in names:
            classes = added(classes, name)
        self.list = save_classes(classes, self._root)

    def choose(self, class_id: int) -> None:
        """Make a class the current one.

        Raises:
            NeedsClassesError: no class has a name yet.
            InputError: no such class.
        """
        self.check(class_id)
        self.current = class_id
        # A convenience for next time; it must not stand between a person and their labels.
        with suppress(SaveError):
            self._store.remember(_LAST_CLASS, str(class_id))

    def check(self, class_id: int) -> None:
        """Raise what :meth:`choose` raises."""
        count = len(self.list.names)
        if count == 0:
            raise NeedsClassesError("No class has a name yet.")
        if not 0 <= class_id < count:
            classes = "only one class" if count == 1 else f"only {count} classes"
            raise InputError(f"The list has {classes}.", "c shows it and can add to it.")

    def _last_time(self) -> int:
        word = self._store.recall(_LAST_CLASS) or ""
        class_id = int(word) if word.isdecimal() and len(word) < 10 else 0
        return class_id if class_id < len(self.list.names) else 0
