"""Finding one's way among the images of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui_label.errors import InputError
from tui_label.wording import printable


def image_named(images: Sequence[Path], name: str) -> int:
    """The position of the image with this file name, or of the only one that contains it.

    Raises:
        InputError: none or several match.
    """
    part = name.casefold()
    hits = [i for i, image in enumerate(images) if image.name == name] or [
        i for i, image in enumerate(images) if part in image.name.casefold()
    ]
    if not hits:
        raise InputError(f"No image is called “{printable(name)}”.")
    if len(hits) > 1:
        raise InputError(f"{len(hits)} images match “{printable(name)}”; say more of the name.")
    return hits[0]


def photo_key(image: Path) -> str:
    """An image as the engine knows it: the path and when it was last written."""
    try:
        return f"{image}:{image.stat().st_mtime_ns}"
    except OSError:
        return str(image)
