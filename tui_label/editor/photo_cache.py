"""Photos that were decoded lately or are about to be looked at."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from pathlib import Path
from threading import Lock

from tui_label.dataset.photo_files import written
from tui_label.dataset.photos import open_photo
from tui_label.editor.sharpening import AnyPhoto

_KEPT = 4
"""The image at hand, its neighbour behind and two ahead: 144 MB at 12 MP."""

_KEPT_BYTES = 600_000_000
"""Huge photos are kept as long as they fit together; the newest always is."""


class PhotoCache:
    """Decoded photos by path, the least recently used dropped first.

    State: the photos, and those that are being decoded. Shared by the thread that opens images
    and the one that embeds ahead: whoever comes second waits for the first instead of decoding
    again. A lock guards the table, decoding happens outside it.
    """

    def __init__(self) -> None:
        self._photos: OrderedDict[tuple[Path, int], Future[AnyPhoto]] = OrderedDict()
        self._lock = Lock()

    def load(self, path: Path) -> AnyPhoto:
        """The upright photo, opened at most once while it stays in the cache.

        Raises:
            InputError: the file cannot be read as an image.
        """
        # A photo that was replaced on disk must not be shown from memory.
        key = (path, written(path))
        with self._lock:
            known = self._photos.get(key)
            if known is None:
                mine = self._photos[key] = Future()
            else:
                self._photos.move_to_end(key)
        if known is not None:
            return known.result()
        try:
            photo = open_photo(path)
        except BaseException as error:
            # Whatever it was, it must reach those who wait, and may be gone the next time.
            with self._lock:
                self._photos.pop(key, None)
            mine.set_exception(error)
            raise
        mine.set_result(photo)
        self._drop_old()
        return photo

    def _drop_old(self) -> None:
        with self._lock:
            while len(self._photos) > 1 and (
                len(self._photos) > _KEPT or self._bytes() > _KEPT_BYTES
            ):
                self._photos.popitem(last=False)

    def _bytes(self) -> int:
        done = [future for future in self._photos.values() if future.done()]
        return sum(future.result().nbytes for future in done if future.exception() is None)
