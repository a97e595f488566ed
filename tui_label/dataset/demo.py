"""The demo dataset: six drawn scenes to label, on a machine without any photos."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PIL import Image

from tui_label.dataset.classes import CLASSES_FILE, ClassList, save_classes
from tui_label.dataset.scenes import SCENE_NAMES, draw_scene
from tui_label.errors import SaveError
from tui_label.geometry.boxes import Size
from tui_label.labels.replacing import create_folder, replace_file
from tui_label.wording import printable, reason_of

DEMO_CLASSES = (
    "starfish", "pebble", "red cell", "white cell", "book", "mug", "phone", "pencil", "apple",
    "orange", "lemon", "banana", "bowl", "fish", "coral", "building", "tree", "car",
)  # fmt: skip
_QUALITY = 92


def write_demo(folder: Path, size: tuple[int, int] = (960, 640)) -> Path:
    """Write ``images/*.jpg``, an empty ``labels/`` and ``classes.txt`` where they are missing.

    What is there is never written again, so that labels and classes that people made stay.
    Scenes are the same pixels for the same ``size``; all six take 2 to 4 seconds.

    Returns:
        ``folder``.

    Raises:
        SaveError: the folder cannot be written to.
    """
    try:
        for place in (folder / "images", folder / "labels"):
            create_folder(place)
        if not (folder / CLASSES_FILE).exists():
            save_classes(ClassList(DEMO_CLASSES), folder)
        missing = [name for name in SCENE_NAMES if not _image(folder, name).exists()]
        # Drawing is spent in numpy and OpenCV, which run side by side in threads.
        with ThreadPoolExecutor(max_workers=4) as pool:
            list(pool.map(partial(_write_scene, folder, Size(*size)), missing))
    except OSError as error:
        raise SaveError(
            f"The demo cannot be written to {printable(folder)}: {reason_of(error)}.",
            "Choose another folder.",
        ) from error
    return folder


def _image(folder: Path, name: str) -> Path:
    return folder / "images" / f"{name}.jpg"


def _write_scene(folder: Path, size: Size, name: str) -> None:
    """Draw and save one scene; half a file is never seen under its name."""
    image = Image.fromarray(draw_scene(name, size).image)
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=_QUALITY)
    replace_file(_image(folder, name), encoded.getvalue())
