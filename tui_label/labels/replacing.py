"""Replacing a file in one step, safe on disk.

The new content goes to a temporary file in the same folder (``.tui-label-….tmp``, which
nothing takes for a label or an image), is flushed to the disk and then renamed over the old
file. At every moment, also after ``kill -9`` or a power cut, the file is one of its complete
versions.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Make the file hold these bytes, safe on disk when this returns.

    An old file hands on its mode and, where possible, its owner; a new one has the mode of
    the umask. Of a symlink the target is replaced and the link stays.

    Raises:
        OSError: the old file is as it was (or, when only flushing the folder failed, the new
            one is complete). A write-protected file is refused with ``EACCES``.
    """
    old = _status(path)
    if old is not None:
        refuse_write_protected(path)
    target = Path(os.path.realpath(path))
    # Not derived from the file's name, which may already be as long as names can be.
    temporary = target.with_name(f".tui-label-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            if old is not None:
                _take_over(file.fileno(), old)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        with contextlib.suppress(OSError):  # already renamed, or as broken as what we report
            temporary.unlink()
    flush_folder(target.parent)


def refuse_write_protected(path: Path) -> None:
    """Renaming would succeed on files that are protected on purpose, as DVC's and annex's are.

    Raises:
        OSError: ``EACCES`` for a file that nobody may write, root included.
    """
    if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise OSError(errno.EACCES, "the file is write-protected")


def create_folder(folder: Path) -> None:
    """Like ``mkdir -p``, flushed: a file is only as durable as the entry of its folder.

    Raises:
        OSError: a folder could not be made.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in missing:
        flush_folder(place.parent)


def flush_folder(folder: Path) -> None:
    """Bring what was renamed, created or removed in a folder to the disk.

    Raises:
        OSError: the disk failed. File systems that cannot do it at all are no error.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network and FUSE file systems cannot flush a folder; theirs is the promise then.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}:
            raise
    finally:
        os.close(descriptor)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _take_over(descriptor: int, old: os.stat_result) -> None:
    # Only root may give files away, and some file systems have no owners: not worth failing.
    with contextlib.suppress(OSError):
        os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
