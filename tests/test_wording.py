"""What comes from outside is put into sentences without harm."""

import errno
import os

import pytest

from tui_label.wording import reason_of


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.EACCES, os.strerror(errno.EACCES)), "permission denied"),
        (PermissionError(errno.EACCES, "Permission denied", "/secret"), "permission denied"),
        (OSError("cannot identify this."), "cannot identify this"),
        (ValueError("embedded null byte"), "embedded null byte"),
        (ValueError("PNG chunk\nand more"), "PNG chunk"),
        (OSError(), "OSError"),
        (ValueError("\n"), "ValueError"),
        (ValueError("a\x1b[2J"), "a\\x1b[2J"),
        (OSError(errno.EIO, b"bytes"), "b'bytes'"),
    ],
)
def test_a_reason_is_one_line_that_stands_after_a_colon(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason
