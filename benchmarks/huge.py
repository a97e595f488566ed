"""What huge photos cost: seconds, and memory over what the process had before.

    python -m benchmarks.huge [--quick] [--json FILE]

Each photo is opened, looked at in full resolution and clicked on, in a process of its own. The
photos are drawn here; of their TIFFs only strips that differ are stored, so reading them costs no
disk. The table and what its rows mean: ``docs/benchmarks.md``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from argparse import SUPPRESS
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.huge_photos import HugePhoto, draw_jpeg, draw_tiff
from benchmarks.report import Report, parser, publish
from tui_label.editor.photo_cache import PhotoCache
from tui_label.editor.sharpening import SeenPhoto
from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.masks import Region
from tui_label.segment.loading import load_segmenter
from tui_label.segment.types import Embedding, Photo, Prompt, PromptPoint, Segmenter

CANVAS = Size(1280, 800)

_IN_MEMORY = 4
"""Bytes of a decoded pixel: what Pillow needs. Arrays have 3."""

_QUICK = Size(9_600, 6_400), Size(9_280, 6_960)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done with a photo.

    Args:
        name: what.
        seconds: it took.
        peak: bytes of memory over the start of the process' work, at most, since the step before.
        held: bytes over that start, afterwards.
        shown: bytes of what is seen of the photo, at 4 a pixel.
        overlap: of the mask with the object drawn (IoU), where there is a mask.
    """

    name: str
    seconds: float
    peak: int
    held: int
    shown: int
    overlap: float | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; 0 whatever the figures are."""
    options = parser("huge", "What huge photos cost, in seconds and memory.")
    # Not for people: the process that is measured is started so.
    options.add_argument("--inside", nargs=5, metavar="X", help=SUPPRESS)
    given = options.parse_args(arguments)
    if given.inside:
        path, *corners = given.inside
        steps = _steps(Path(path), Box(*map(float, corners)))
        print(json.dumps([asdict(step) for step in steps]))
        return 0
    report = Report("huge")
    with tempfile.TemporaryDirectory() as folder:
        for photo in drawn(Path(folder), quick=given.quick):
            _add(report, photo, measured(photo))
            photo.path.unlink()
    publish(report, given.json)
    return 0


def drawn(folder: Path, *, quick: bool) -> list[HugePhoto]:
    """The photos to measure: two TIFFs and a JPEG."""
    if quick:
        tiff, jpeg = _QUICK
        return [draw_tiff(folder, tiff, deflate=True), draw_jpeg(folder, jpeg)]
    return [
        draw_tiff(folder, deflate=False),
        draw_tiff(folder, deflate=True),
        draw_jpeg(folder),
    ]


def measured(photo: HugePhoto) -> list[Step]:
    """What the steps cost in a process of their own."""
    box = photo.object
    corners = [str(edge) for edge in (box.x1, box.y1, box.x2, box.y2)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.huge", "--inside", str(photo.path), *corners],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    return [Step(**step) for step in json.loads(done.stdout)]


def limit_of(photo: HugePhoto, step: Step) -> int:
    """Bytes: twice what is shown, and one full decode where nothing less will do.

    That is where a JPEG was seen in full resolution, and where segmentation looks twice.
    """
    whole = _IN_MEMORY * photo.size.width * photo.size.height
    is_jpeg = photo.path.suffix == ".jpg"
    needed = step.name == REFINE or (is_jpeg and step.name != OPEN)
    return 2 * step.shown + (whole if needed else 0)


OPEN = "open"
LOOK = "look closely"
CLICK = "one click"
REFINE = "two clicks, snap"


def _steps(path: Path, box: Box) -> list[Step]:
    segmenter = load_segmenter("builtin")
    first = PromptPoint(box.x1 + box.width / 2, box.y1 + box.height / 2)
    second = PromptPoint(box.x1 + box.width / 4, box.y1 + box.height / 4)
    once, twice = Prompt((first,)), Prompt((first, second))
    small, warm = _warmed_up(segmenter)
    watch = _Watch()

    def opened() -> None:
        nonlocal seen
        seen = SeenPhoto(PhotoCache().load(path), str(path))

    def looked() -> None:
        corner = (box.x1 - CANVAS.width / 2, box.y1 - CANVAS.height / 2)
        visible = Box(*corner, corner[0] + CANVAS.width, corner[1] + CANVAS.height)
        detail = seen.wanted(visible, 1.0)
        if detail is not None:
            seen.sharpened(detail, detail.decoded())

    def clicked() -> Region:
        nonlocal embedding
        embedding = segmenter.embed(seen.photo)
        return segmenter.decode(embedding, once).items[0].region

    def refined() -> Region:
        candidate = segmenter.decode(embedding, twice).items[0]
        return segmenter.snap(embedding, twice, candidate).region

    seen = SeenPhoto(small, "")
    embedding = warm
    steps = []
    for name, act in ((OPEN, opened), (LOOK, looked), (CLICK, clicked), (REFINE, refined)):
        seconds, region = watch.over(act)
        shown = sum(layer.pixels[..., 0].size for layer in seen.picture.layers) * _IN_MEMORY
        overlap = None if region is None else _overlap(region, box)
        steps.append(Step(name, seconds, watch.peak(), watch.held(), shown, overlap))
    return steps


def _warmed_up(segmenter: Segmenter) -> tuple[Photo, Embedding]:
    """A small photo, clicked on in every way: what the network needs is not the photo's fault."""
    small = np.full((600, 800, 3), 110, dtype=np.uint8)
    small[280:340, 400:460] = (214, 40, 40)
    embedding = segmenter.embed(small)
    prompt = Prompt((PromptPoint(430, 310), PromptPoint(415, 295)))
    segmenter.snap(embedding, prompt, segmenter.decode(embedding, prompt).items[0])
    return small, embedding


class _Watch:
    """Memory of this process. State: what it held when the watch was made."""

    def __init__(self) -> None:
        self._start = _resident("VmRSS")

    def over(self, act: Callable[[], Region | None]) -> tuple[float, Region | None]:
        """Seconds, and what came of it; the peak begins anew."""
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        begun = time.perf_counter()
        region = act()
        return time.perf_counter() - begun, region

    def peak(self) -> int:
        """Bytes over the start, at most, during the last act."""
        return _resident("VmHWM") - self._start

    def held(self) -> int:
        """Bytes over the start, now."""
        return _resident("VmRSS") - self._start


def _resident(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    words = next(line for line in lines if line.startswith(name)).split()
    return int(words[1]) * 1024


def _overlap(region: Region, box: Box) -> float:
    rows = slice(max(0, int(box.y1) - region.y), max(0, int(box.y2) - region.y))
    columns = slice(max(0, int(box.x1) - region.x), max(0, int(box.x2) - region.x))
    both = int(region.mask[rows, columns].sum())
    return both / (region.area + box.area - both)


def _add(report: Report, photo: HugePhoto, steps: Sequence[Step]) -> None:
    for step in steps:
        report.add(photo.name, step.name, step.seconds * 1e3, "ms")
        limit = limit_of(photo, step)
        report.add(photo.name, f"{step.name}: memory at most", step.peak, "B", limit)
        report.add(photo.name, f"{step.name}: memory afterwards", step.held, "B")
        if step.overlap is not None:
            report.add(photo.name, f"{step.name}: IoU of mask and object", step.overlap, "x")


if __name__ == "__main__":
    sys.exit(main())
