"""Photos that were decoded lately or are about to be looked at."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from tui_label.dataset.photos import load_photo
from tui_label.segment.types import Photo

_KEPT = 4
"""The image at hand, its neighbour behind and two ahead: 144 MB at 12 MP."""


class PhotoCache:
    """Decoded photos by path, the least recently used dropped first.

    State: the photos. Shared by the thread that opens images and the one that embeds ahead;
    a lock guards the table, decoding happens outside it.
    """

    def __init__(self) -> None:
        self._photos: OrderedDict[tuple[Path, int], Photo] = OrderedDict()
        self._lock = Lock()

    def load(self, path: Path) -> Photo:
        """The upright photo, decoded at most once while it stays in the cache.

        Raises:
            InputError: the file cannot be read as an image.
        """
        key = (path, _written(path))
        with self._lock:
            photo = self._photos.get(key)
            if photo is not None:
                self._photos.move_to_end(key)
                return photo
        photo = load_photo(path)
        with self._lock:
            self._photos[key] = photo
            while len(self._photos) > _KEPT:
                self._photos.popitem(last=False)
        return photo


def _written(path: Path) -> int:
    # A photo that was replaced on disk must not be shown from memory.
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
