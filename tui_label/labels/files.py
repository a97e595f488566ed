"""Label files on disk: read whole, replaced whole, merged when someone else was there.

At every moment a label file is one of its complete versions
(:mod:`tui_label.labels.replacing`). Between comparing the file with what we knew and renaming,
another program has a window of some milliseconds.
"""

from __future__ import annotations

import contextlib
import errno
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui_label.errors import InputError, SaveError
from tui_label.labels.replacing import (
    create_folder,
    flush_folder,
    refuse_write_protected,
    replace_file,
)
from tui_label.labels.yolo import Row, content_of, merged_rows, parse_rows, settled_rows
from tui_label.wording import printable, reason_of


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A label file as it was read or written.

    ``content`` is ``None`` when there is no file (not labelled); an empty file or one with
    only blank lines is an intentional background. Hand ``content`` back as ``known`` with
    the next write. ``merged`` says that the file had changed on disk, so that ``rows`` may
    hold rows of others, or lack some.
    """

    path: Path
    rows: tuple[Row, ...]
    content: bytes | None
    merged: bool = False


def read_label_file(path: Path) -> LabelFile:
    """Read a label file, which need not exist.

    Raises:
        InputError: there is something that cannot be read, or that is not a file.
    """
    try:
        content = _content_on_disk(path)
    except OSError as error:
        raise InputError(
            f"The label file {printable(path)} cannot be read: {reason_of(error)}.", _hint(error)
        ) from error
    return LabelFile(path, parse_rows(content or b""), content)


def write_label_file(path: Path, rows: Sequence[Row], known: bytes | None) -> LabelFile:
    """Make the file hold these rows, safe on disk when this returns.

    A changed file is not overwritten: our changes since ``known`` are brought into it
    (:func:`tui_label.labels.yolo.merged_rows`). A file that has vanished is written again,
    complete: what the person sees as labelled must not go because a folder was cleaned.
    The file keeps its mode, where possible its owner; of a symlink the target is replaced.

    Args:
        path: the label file; missing folders are created.
        rows: all rows, at least one of them not blank.
        known: the file's content when it was last read or written; ``None``: no file.

    Raises:
        SaveError: the old file is as it was (or, when only flushing the folder failed, the
            new one is complete).
        ValueError: there are no rows; see :func:`remove_label_file` and
            :func:`write_empty_label_file`, whose files train something else.
    """
    if all(row.is_blank for row in rows):
        raise ValueError("a label file without rows means background; write it as such")
    with _saving(path):
        return _merge_and_write(path, tuple(rows), known)


def write_empty_label_file(path: Path, known: bytes | None = None) -> LabelFile:
    """Write the empty file that tells Ultralytics: nothing to be seen here, on purpose.

    Removes the rows of ``known`` only: when others have added rows since, these stay.

    Raises:
        SaveError: as for :func:`write_label_file`.
    """
    with _saving(path):
        return _merge_and_write(path, (), known)


def remove_label_file(path: Path, known: bytes | None) -> LabelFile:
    """Make the image unlabelled again. Of a symlink, the link goes and the target stays.

    Removes the rows of ``known`` only: when others have added rows since, a file with
    these stays, and is returned.

    Raises:
        SaveError: the file is as it was.
    """
    with _saving(path):
        current = _content_on_disk(path)
        if current is None:
            return LabelFile(path, (), None, merged=known is not None)
        theirs = merged_rows(parse_rows(known or b""), parse_rows(current), ())
        if any(not row.is_blank for row in theirs):
            return _merge_and_write(path, (), known)
        refuse_write_protected(path)
        path.unlink()
        flush_folder(path.parent)
        return LabelFile(path, (), None, merged=current != known)


def _merge_and_write(path: Path, ours: tuple[Row, ...], known: bytes | None) -> LabelFile:
    current = _content_on_disk(path)
    changed = current is not None and current != known
    if changed:
        ours = merged_rows(parse_rows(known or b""), parse_rows(current or b""), ours)
    rows = settled_rows(ours)
    content = content_of(rows)
    if content != current:
        create_folder(path.parent)
        replace_file(path, content)
    return LabelFile(path, rows, content, merged=changed)


def _content_on_disk(path: Path) -> bytes | None:
    try:
        # A pipe in place of the file would be waited for without end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        return path.read_bytes()
    except FileNotFoundError:
        return None


@contextlib.contextmanager
def _saving(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SaveError(
            f"The label file {printable(path)} could not be written: {reason_of(error)}.",
            _hint(error),
        ) from error


def _hint(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "Free some space, then try again."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "Make it and its folder readable and writable for you, then try again."
        case errno.ENOTDIR | errno.EEXIST:
            return "A file stands where the folder of labels belongs; move it away."
        case errno.EISDIR | errno.EINVAL:
            return "Something else stands where the label file belongs; move it away."
        case errno.ELOOP:
            return "Its symbolic links lead in a circle; repair them."
        case errno.ENAMETOOLONG:
            return "Shorten the name of the image."
        case _:
            return "Check the disk, then try again."
