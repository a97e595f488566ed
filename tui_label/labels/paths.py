"""Where Ultralytics looks for the labels of an image."""

from __future__ import annotations

import os
from pathlib import Path

_IMAGES = f"{os.sep}images{os.sep}"
_LABELS = f"{os.sep}labels{os.sep}"


def label_path(image: Path) -> Path:
    """The label file of an image, by the rule of ``img2label_paths`` (8.3.203 and 8.4.190).

    The last folder called exactly ``images`` becomes ``labels`` and the last suffix becomes
    ``.txt``. The folder counts only with a separator on both sides, so for the relative path
    ``images/a.jpg``, or for a folder ``Images``, the label file stands beside the image:
    hand in absolute paths.

    >>> label_path(Path("/d/images/train/a.b.jpg")).as_posix()
    '/d/labels/train/a.b.txt'
    """
    before, folder, after = str(image).rpartition(_IMAGES)
    moved = Path(before + _LABELS + after) if folder else image
    stem, dot, _ = moved.name.rpartition(".")
    return moved.with_name((stem if dot else moved.name) + ".txt")
