"""When the program itself is at fault: a sentence on the screen, the details in a file."""

from __future__ import annotations

import platform
import sys
import time
from pathlib import Path

from tui_label import __version__
from tui_label.errors import UserError
from tui_label.wording import printable


class CrashError(UserError):
    """A fault of the program; what was accepted is on disk."""


def crash(details: str) -> CrashError:
    """The error to end with; ``details`` (a traceback) are written where they can be sent from.

    The file holds code lines, versions and the traceback: paths may be among them, images and
    labels are not.
    """
    import platformdirs

    folder = Path(platformdirs.user_state_dir("tui-label", appauthor=False))
    file = folder / time.strftime("crash-%Y%m%d-%H%M%S.txt")
    versions = f"tui-label {__version__}, Python {platform.python_version()}, {sys.platform}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{versions}\n\n{details}", encoding="utf-8", errors="backslashreplace")
    except OSError:
        last = details.strip().splitlines()[-1] if details.strip() else "no details"
        return CrashError(f"The program failed: {printable(last)}. Accepted labels are on disk.")
    return CrashError(
        "The program failed; everything that was accepted is on disk.",
        f"Please report it with the file {printable(file)}",
    )
