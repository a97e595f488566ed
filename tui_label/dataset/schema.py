"""The tables of the state file, and connecting to it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tui_label.wording import printable

# One entry a version; a file of an older version gets the entries that it lacks.
_MIGRATIONS = (
    (
        "CREATE TABLE images (key TEXT PRIMARY KEY, state TEXT NOT NULL, "
        "note TEXT NOT NULL DEFAULT '', updated REAL NOT NULL) WITHOUT ROWID",
        "CREATE TABLE remembered (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ),
)
SCHEMA_VERSION = len(_MIGRATIONS)

_BUSY_SECONDS = 0.2
# SQLite's file format, section 1.3: a magic string, and user_version as 4 bytes at offset 60.
_MAGIC = b"SQLite format 3\0"
_VERSION_AT = slice(60, 64)


class NewerSchema(Exception):  # noqa: N818 - it is an answer, not a failure
    """The file was written by a newer tui-label, and is left as it is."""


def connect(file: Path) -> sqlite3.Connection:
    """Open or create a state file, brought to the newest schema and checked.

    Write-ahead logging with ``synchronous = NORMAL``: a change costs no wait for the disk; a
    killed process loses nothing, a power cut at most the last states, and never the file.

    Raises:
        NewerSchema: the file is of a later version; it has not been touched.
        sqlite3.OperationalError: it cannot be opened, locked or written.
        sqlite3.DatabaseError: it is damaged.
        OSError: it cannot be read.
    """
    _check_version(file, _version_in_header(file))
    connection = sqlite3.connect(
        file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        _prepare(connection, file)
    except BaseException:
        connection.close()
        raise
    return connection


def memory() -> sqlite3.Connection:
    """An empty state that ends with the program."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _prepare(connection, None)
    return connection


def _version_in_header(file: Path) -> int:
    """Read without SQLite, which would touch the file."""
    try:
        with file.open("rb") as opened:
            header = opened.read(_VERSION_AT.stop)
    except FileNotFoundError:
        return 0
    return int.from_bytes(header[_VERSION_AT], "big") if header.startswith(_MAGIC) else 0


def _check_version(file: Path | None, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise NewerSchema(
            f"The state of the images in {printable(str(file))} was written by a newer tui-label."
        )


def _prepare(connection: sqlite3.Connection, file: Path | None) -> None:
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    # The lock is taken before the version is read: two programs may open a new dataset at once.
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    _check_version(file, version)
    for migration in _MIGRATIONS[version:]:
        for statement in migration:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")
    try:
        connection.execute("SELECT key, state, note, updated FROM images LIMIT 1")
        connection.execute("SELECT name, value FROM remembered LIMIT 1")
    except sqlite3.OperationalError as error:
        # The version is ours but the tables are not: someone else's file, or damage.
        raise sqlite3.DatabaseError(str(error)) from error
