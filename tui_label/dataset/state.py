"""What is known of each image beyond its labels: seen, done, flagged, a note.

Kept in SQLite beside the dataset, in ``.tui-label/state.sqlite``. Labels never need it:
deleting it loses no label, and everything that is wrong with it (damage, a file system
without locks, no permission) costs at most the states, never the session.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import platformdirs

from tui_label.dataset.schema import NewerSchema, connect, memory
from tui_label.errors import SaveError
from tui_label.wording import printable, reason_of

STATE_FOLDER = ".tui-label"
_STATE_FILE = "state.sqlite"


class ImageState(StrEnum):
    """How far an image is. ``DONE_EMPTY``: looked at, and it is meant to have no object."""

    UNSEEN = "unseen"
    IN_PROGRESS = "in progress"
    DONE = "done"
    DONE_EMPTY = "done, empty"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """State, the person's note, and when it was set (Unix seconds, 0 for never)."""

    state: ImageState = ImageState.UNSEEN
    note: str = ""
    updated: float = 0.0


def image_key(image: Path, root: Path) -> str:
    """What an image is called in the state: its path from the root, with ``/``.

    Both are absolute. An image outside of the root keeps its ``../``.
    """
    return Path(os.path.relpath(image, root)).as_posix()


class StateStore:
    """The states of one dataset's images, and small values such as the last image.

    State: all records, held in memory, and the connection that every change is written
    through at once. Owned by the editor's session. A lock makes single calls safe from any
    thread. Two programs on one dataset both write; each sees the other's after reopening.
    """

    def __init__(self, connection: sqlite3.Connection, file: Path | None, note: str) -> None:
        self._lock = threading.Lock()
        self._connection = connection
        self._file = file
        self.note = note
        self._records: dict[str, ImageRecord] = {}
        self._dirty: set[str] = set()
        self._values: dict[str, str] = {}
        self._read()

    @classmethod
    def open(cls, root: Path) -> StateStore:
        """The store of the dataset in ``root``; never raises.

        ``note`` is a sentence for the person where states are kept elsewhere, were rebuilt,
        or will be lost at the end; empty otherwise.
        """
        return _opened(root)

    def state(self, key: str) -> ImageState:
        """Of an image; ``UNSEEN`` when nothing is known."""
        return self.record(key).state

    def record(self, key: str) -> ImageRecord:
        """All that is known of an image."""
        with self._lock:
            return self._records.get(key, ImageRecord())

    def states(self) -> dict[str, ImageState]:
        """Of all images about which anything is known."""
        with self._lock:
            return {key: record.state for key, record in self._records.items()}

    def set_state(self, key: str, state: ImageState, note: str = "") -> None:
        """Set the state and the note of an image, replacing both.

        Raises:
            SaveError: the disk is full, or another program holds the file. The state is
                set all the same, and written with the next one or when the store is closed.
        """
        record = ImageRecord(state, note, time.time())
        with self._lock:
            self._records[key] = record
            self._dirty.add(key)
            self._flush()

    def remember(self, name: str, value: str) -> None:
        """Keep a small value, such as the last image.

        Raises:
            SaveError: as for :meth:`set_state`.
        """
        with self._lock:
            self._values[name] = value
            self._write(_PUT_VALUE, (_bytes(name), _bytes(value)))

    def recall(self, name: str) -> str | None:
        """The value kept under a name."""
        with self._lock:
            return self._values.get(name)

    def close(self) -> None:
        """Give the file back; the store must not be written to afterwards."""
        with self._lock, suppress(sqlite3.Error):
            with suppress(SaveError):
                self._flush()
            self._connection.close()

    def _flush(self) -> None:
        # What could not be written before, too: a lock passes, and with it the trouble.
        for key in tuple(self._dirty):
            self._write(_PUT_RECORD, _record_row(key, self._records[key]))
            self._dirty.discard(key)

    def _read(self) -> None:
        rows = self._connection.execute("SELECT key, state, note, updated FROM images")
        for key, state, note, updated in rows:
            with suppress(ValueError, TypeError):  # a row that makes no sense is one unseen image
                self._records[key] = ImageRecord(ImageState(state), str(note), float(updated))
        rows = self._connection.execute("SELECT name, value FROM remembered")
        self._values = {name: str(value) for name, value in rows}

    def _write(self, statement: str, row: tuple[object, ...]) -> None:
        try:
            self._connection.execute(statement, row)
        except sqlite3.OperationalError as error:
            raise SaveError(
                f"The state of the images cannot be saved in {printable(str(self._file))} "
                f"({error}).",
                "Labels are not affected. Is the disk full, or does another program hold the file?",
            ) from error
        except sqlite3.ProgrammingError:  # closed: a mistake in this program, not damage
            raise
        except sqlite3.DatabaseError:
            self._rebuild()

    def _rebuild(self) -> None:
        """Write all that is in memory to a new file; the damaged one is kept aside."""
        with suppress(sqlite3.Error):
            self._connection.close()
        self._connection, self.note = _after_damage(self._file)
        with suppress(sqlite3.Error):
            self._connection.execute("BEGIN")
            self._connection.executemany(
                _PUT_RECORD, [_record_row(key, record) for key, record in self._records.items()]
            )
            self._connection.executemany(
                _PUT_VALUE, [(_bytes(name), _bytes(value)) for name, value in self._values.items()]
            )
            self._connection.execute("COMMIT")


# Names of files may hold bytes that are not UTF-8, which SQLite takes as text only this way.
_PUT_RECORD = (
    "INSERT OR REPLACE INTO images (key, state, note, updated) "
    "VALUES (CAST(? AS TEXT), ?, CAST(? AS TEXT), ?)"
)
_PUT_VALUE = (
    "INSERT OR REPLACE INTO remembered (name, value) VALUES (CAST(? AS TEXT), CAST(? AS TEXT))"
)


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair, which no file name decodes to
        return text.encode("utf-8", "replace")


def _record_row(key: str, record: ImageRecord) -> tuple[object, ...]:
    return _bytes(key), record.state.value, _bytes(record.note), record.updated


def _opened(root: Path) -> StateStore:
    places = (root / STATE_FOLDER, _elsewhere(root))
    reasons = []
    for place in places:
        file = place / _STATE_FILE
        try:
            _make_folder(place)
            return StateStore(*_connected(file, elsewhere=place is not places[0]))
        except NewerSchema as error:
            return StateStore(memory(), None, f"{error} {_LOST}")
        except (OSError, sqlite3.Error) as error:
            reasons.append(f"{printable(place)}: {reason_of(error)}")
    return StateStore(
        memory(), None, f"The state of the images cannot be kept ({'; '.join(reasons)}). {_LOST}"
    )


_LOST = "What is done or flagged is forgotten at the end; labels are saved as always."


def _connected(file: Path, *, elsewhere: bool) -> tuple[sqlite3.Connection, Path, str]:
    note = (
        f"The state of the images is kept in {printable(file.parent)}, "
        "because the dataset's folder cannot be written to."
        if elsewhere
        else ""
    )
    try:
        connection = connect(file)
    except sqlite3.OperationalError:  # no permission, no locks, busy: nothing is damaged
        raise
    except sqlite3.DatabaseError:
        connection, damage = _after_damage(file)
        note = f"{note} {damage}".strip()
    return connection, file, note


def _after_damage(file: Path | None) -> tuple[sqlite3.Connection, str]:
    """Move a damaged file aside, and connect to a new one in its place, or to memory."""
    if file is None:
        return memory(), f"The state of the images was damaged. {_LOST}"
    aside = file.with_name(f"{file.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    try:
        file.rename(aside)
        for companion in ("-wal", "-shm"):
            file.with_name(file.name + companion).unlink(missing_ok=True)
        connection = connect(file)
    except (OSError, sqlite3.Error):
        return memory(), f"The state of the images in {printable(file)} is damaged. {_LOST}"
    return connection, (
        f"The state of the images was damaged and is begun anew; the old file is kept as "
        f"{printable(aside)}. Labels are not affected."
    )


def _elsewhere(root: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    return Path(platformdirs.user_state_dir("tui-label", appauthor=False)) / digest


def _make_folder(place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    ignore = place / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
