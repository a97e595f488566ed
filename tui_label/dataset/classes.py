"""Class lists. Their order is a contract: a class's number is its place in the list.

So names are only ever appended. ``classes.txt`` and ``obj.names`` hold one name a line and
may be appended to; the names of a ``data.yaml`` belong to whoever wrote it, who may have put
comments and training settings there, and are never rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tui_label.dataset.data_yaml import MAX_CLASSES, read_data_yaml
from tui_label.errors import InputError, SaveError
from tui_label.labels.paths import label_path
from tui_label.labels.replacing import replace_file
from tui_label.wording import printable, reason_of

CLASSES_FILE = "classes.txt"
_NAMES_FILES = (CLASSES_FILE, "obj.names")
_YAML_FILES = ("data.yaml", "data.yml")


@dataclass(frozen=True, slots=True)
class ClassList:
    """The names of the classes 0, 1, 2, ...

    A class without a name holds its place as an empty string. ``source`` is the file that
    the names were read from, ``None`` where there is none yet. Only an ``editable`` list may
    be added to.
    """

    names: tuple[str, ...] = ()
    source: Path | None = None
    editable: bool = True

    def title(self, class_id: int) -> str:
        """What people read: the name, escaped, or ``class 7`` where the list has none for it."""
        name = self.names[class_id] if 0 <= class_id < len(self.names) else ""
        return printable(name) or f"class {class_id}"


def added(class_list: ClassList, name: str) -> ClassList:
    """The list with a name appended; nothing is written yet.

    Raises:
        InputError: the list is not editable, or the name is empty, taken, or not one line.
    """
    if not class_list.editable:
        raise _not_editable(class_list)
    name = name.strip()
    if not name:
        raise InputError("A class needs a name.")
    if not name.isprintable():
        raise InputError(
            f"The class name {printable(name)} holds a line break or a control character.",
            "Names stand one a line in the class list.",
        )
    if name in class_list.names:
        raise InputError(f"There is already a class named {name}.")
    if len(class_list.names) >= MAX_CLASSES:
        raise InputError(f"A class list holds at most {MAX_CLASSES:,} names.")
    return replace(class_list, names=(*class_list.names, name))


def save_classes(class_list: ClassList, root: Path) -> ClassList:
    """Write the names to the file they came from, else to ``classes.txt`` in ``root``.

    The file is replaced in one step: whoever reads it sees the old list or the new one. When
    it holds these names already, it is left as it is, its line ends included.

    Returns:
        The list with its ``source``.

    Raises:
        InputError: the list is not editable.
        SaveError: the file cannot be written, is write-protected, or holds other names by now.
    """
    if not class_list.editable:
        raise _not_editable(class_list)
    path = class_list.source or root / CLASSES_FILE
    try:
        if _names_on_disk(class_list, path) != class_list.names:
            text = "".join(f"{name}\n" for name in class_list.names)
            replace_file(path, text.encode())
    except OSError as error:
        raise SaveError(
            f"The class list {printable(path)} cannot be written: {reason_of(error)}.",
            "Labels are safe; give file and folder write permission and add the class again.",
        ) from error
    return replace(class_list, source=path)


def read_names(path: Path) -> tuple[str, ...]:
    """The names in a ``classes.txt`` or ``obj.names``, one a line.

    A byte-order mark and Windows line ends are tolerated; blank lines at the end are dropped,
    and one in the middle is a class without a name, so that the numbers after it stay.

    Raises:
        InputError: the file cannot be read, or is not text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"The class list {printable(path)} is not UTF-8 text (byte {error.start}).",
            "Save it as UTF-8.",
        ) from error
    except OSError as error:
        raise InputError(
            f"The class list {printable(path)} cannot be read: {reason_of(error)}."
        ) from error
    names = [line.strip() for line in text.split("\n")]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_CLASSES:
        raise InputError(
            f"The class list {printable(path)} has {len(names):,} lines; "
            f"at most {MAX_CLASSES:,} classes can be used."
        )
    return tuple(names)


def find_classes(*folders: Path) -> tuple[ClassList, tuple[str, ...]]:
    """The class list that belongs to folders of a dataset, and sentences about it.

    Looks for ``data.yaml`` (it is what training reads), ``classes.txt`` and ``obj.names``
    (in this order) in each folder, in its ``labels`` folder, in the folder of labels that
    stands in for its ``images``, and above ``images``; the first place that has a list
    counts. Files that cannot be read are told about and passed over.
    """
    notes: list[str] = []
    found: list[ClassList] = []
    for place in dict.fromkeys(place for folder in folders for place in _places(folder)):
        for class_list in _lists_in(place, notes):
            found.append(class_list)
        if found:
            break
    if not found:
        return ClassList(), tuple(notes)
    chosen, *others = found
    notes.extend(_repeated(chosen))
    notes.extend(
        f"{printable(str(other.source))} names the classes differently; "
        f"{printable(str(chosen.source))} is used."
        for other in others
        if other.names != chosen.names
    )
    return chosen, tuple(notes)


def _repeated(class_list: ClassList) -> Iterator[str]:
    named = [name for name in class_list.names if name]
    repeated = sorted({name for name in named if named.count(name) > 1})
    if repeated:
        shown = ", ".join(printable(name) for name in repeated[:5])
        yield f"{printable(str(class_list.source))} has classes with the same name: {shown}."


def _places(folder: Path) -> Iterable[Path]:
    """Folders to look in, nearest first."""
    places = [folder, folder / "labels", label_path(folder / "any.jpg").parent]
    if "images" in folder.parts:
        depth = len(folder.parts) - folder.parts[::-1].index("images") - 1
        above = Path(*folder.parts[:depth])
        places += [above / "labels", above]
    return places


def _lists_in(place: Path, notes: list[str]) -> Iterator[ClassList]:
    for name in (*_YAML_FILES, *_NAMES_FILES):
        path = place / name
        if not path.is_file():
            continue
        try:
            if name in _NAMES_FILES:
                yield ClassList(read_names(path), path, editable=True)
            elif names := read_data_yaml(path).names:
                yield ClassList(names, path, editable=False)
        except InputError as error:
            notes.append(str(error))


def _not_editable(class_list: ClassList) -> InputError:
    source = printable(str(class_list.source))
    return InputError(
        f"The classes are named in {source}, which is not rewritten here.",
        "Add the name to that file, and open the dataset again.",
    )


def _names_on_disk(class_list: ClassList, path: Path) -> tuple[str, ...] | None:
    """The names that are to be added to, ``None`` without a file.

    Raises:
        SaveError: someone else gave out numbers since the list was read.
        OSError: the file cannot be looked at.
    """
    try:
        present = read_names(path) if path.exists() else None
    except InputError as error:
        raise SaveError(error.what, error.hint) from error
    if present is not None and class_list.names[: len(present)] != present:
        raise SaveError(
            f"The class list {printable(path)} was changed by another program.",
            "Open the dataset again, then add the class.",
        )
    return present
