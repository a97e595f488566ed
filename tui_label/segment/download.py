"""Fetching a model: verified before it is installed, and installed whole or not at all."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tui_label.errors import ModelError
from tui_label.segment.builtin import BUILTIN
from tui_label.segment.store import ModelCard, ModelFile, model_card, models_folder
from tui_label.wording import printable, reason_of

MIRROR_VARIABLE = "TUI_LABEL_MODEL_MIRROR"
_TIMEOUT = (10, 60)  # seconds to connect, and between two pieces of the answer
_PIECE = 64 * 1024  # bytes between two steps of the progress
_SLACK = 64 * 1024 * 1024  # bytes that a download leaves free on the disk

Progress = Callable[[int, int], None]  # bytes so far, bytes in all


def pull(model_id: str, progress: Progress | None = None) -> Path:
    """Download a model and install it; returns its folder.

    Each file goes into a temporary folder on the same disk and is checked (bytes, SHA-256);
    only when all are right does the folder take its name. Nothing is printed.

    Args:
        model_id: of a card; ``TUI_LABEL_MODEL_MIRROR`` replaces scheme and host of its URLs.
        progress: called with bytes so far and bytes in all, from this thread.

    Raises:
        ModelError: unknown id, no network, missing on the server, wrong bytes, disk full.
    """
    card = model_card(model_id)
    if card.id == BUILTIN:
        raise ModelError("The built-in model is part of tui-label; there is nothing to download.")
    folder = models_folder()
    target = folder / card.id
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _check_room(folder, card)
        with tempfile.TemporaryDirectory(dir=folder, prefix=f".{card.id}-") as temporary:
            fresh = Path(temporary) / card.id
            fresh.mkdir()
            tally = _Tally(progress, card.nbytes)
            for file in card.files:
                tally.begin(file)
                _fetch(file, fresh, tally)
                tally.finish()
            if target.exists():
                target.rename(Path(temporary) / "replaced")
            fresh.rename(target)
    except OSError as error:
        raise _disk_error(folder, error) from error
    return target


def mirrored(url: str) -> str:
    """The URL on the mirror that ``TUI_LABEL_MODEL_MIRROR`` names; itself without one.

    The mirror's own path is put before the URL's: ``https://host/onnx`` + ``/a/b.onnx``.
    """
    base = os.environ.get(MIRROR_VARIABLE)
    if not base:
        return url
    mirror, original = urlsplit(base), urlsplit(url)
    path = mirror.path.rstrip("/") + original.path
    return urlunsplit((mirror.scheme, mirror.netloc, path, original.query, ""))


class _Tally:
    """Bytes over all files of a model, in the shape of the progress bar that pooch drives.

    State: the counts; lives as long as one :func:`pull`.
    """

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._all = total
        self._before = 0
        self._now = 0
        self._size = 0
        self.total: float = 0  # pooch sets it to the file's Content-Length

    def update(self, count: int) -> None:
        self._now = min(self._now + count, self._size)  # the last piece is counted as a whole one
        if self._progress is not None:
            self._progress(self._before + self._now, self._all)

    def reset(self) -> None:
        self._now = 0

    def close(self) -> None:
        """Nothing to close; pooch asks."""

    def begin(self, file: ModelFile) -> None:
        self._size = file.nbytes

    def finish(self) -> None:
        self._before += self._size
        self._now = 0


def _fetch(file: ModelFile, folder: Path, tally: _Tally) -> None:
    """Download one file and check it.

    Raises:
        ModelError: the network, the server or the bytes were wrong.
        OSError: the disk was.
    """
    import pooch  # noqa: PLC0415  (costs 100 ms, and almost no start needs it)
    import requests  # noqa: PLC0415

    url = mirrored(file.url)
    host = printable(urlsplit(url).netloc)
    pooch.get_logger().setLevel(logging.CRITICAL)
    downloader = pooch.HTTPDownloader(progressbar=tally, chunk_size=_PIECE, timeout=_TIMEOUT)
    try:
        pooch.retrieve(url, known_hash=None, fname=file.name, path=folder, downloader=downloader)
    except requests.exceptions.HTTPError as error:
        status = error.response.status_code if error.response is not None else "an error"
        raise ModelError(
            f"{host} answered {status} for {printable(urlsplit(url).path)}.",
            "The file may have moved: update tui-label, or set TUI_LABEL_MODEL_MIRROR.",
        ) from error
    except requests.exceptions.RequestException as error:
        raise ModelError(
            f"{file.name} could not be downloaded from {host}: {_reason(error)}.",
            "Check the network, or set TUI_LABEL_MODEL_MIRROR, then run the same command again.",
        ) from error
    _verify(folder / file.name, file, host)


def _verify(path: Path, file: ModelFile, host: str) -> None:
    import pooch  # noqa: PLC0415

    found = path.stat().st_size
    if found != file.nbytes:
        raise ModelError(
            f"{file.name} from {host} has {found:,} bytes instead of {file.nbytes:,}.",
            "The download was cut short or replaced: run the same command again.",
        )
    if pooch.file_hash(str(path)) != file.sha256:
        raise ModelError(
            f"{file.name} from {host} is not the file that was expected: its SHA-256 differs.",
            "Nothing was installed; try again, or another mirror.",
        )


def _reason(error: Exception) -> str:
    import requests  # noqa: PLC0415

    if isinstance(error, requests.exceptions.Timeout):
        return "the server did not answer in time"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "no connection"
    return "the connection broke off"


def _check_room(folder: Path, card: ModelCard) -> None:
    free = shutil.disk_usage(folder).free
    if free < card.nbytes + _SLACK:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _disk_error(folder: Path, error: OSError) -> ModelError:
    if error.errno == errno.ENOSPC:
        return ModelError(
            f"The disk with {printable(folder)} is full.",
            "Make room, or set TUI_LABEL_MODELS to a folder on another disk.",
        )
    return ModelError(
        f"The model cannot be written to {printable(folder)}: {reason_of(error)}.",
        "Check the folder's permissions, or set TUI_LABEL_MODELS to another one.",
    )
