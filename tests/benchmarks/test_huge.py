"""Huge photos stay within their memory, measured in processes of their own."""

from pathlib import Path

import pytest

from benchmarks.huge import CLICK, LOOK, OPEN, REFINE, limit_of, measured
from benchmarks.huge_photos import HugePhoto, draw_jpeg, draw_tiff
from tui_label.geometry.boxes import Size

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="peaks are read from Linux' /proc"
)


def assert_within_limits(photo: HugePhoto) -> None:
    steps = measured(photo)
    assert [step.name for step in steps] == [OPEN, LOOK, CLICK, REFINE]
    for step in steps:
        assert step.peak <= limit_of(photo, step), step
    assert steps[3].overlap is not None
    assert steps[3].overlap > 0.9


def test_an_uncompressed_tiff_of_600_megapixels(tmp_path: Path) -> None:
    assert_within_limits(draw_tiff(tmp_path, deflate=False))


def test_a_compressed_tiff(tmp_path: Path) -> None:
    assert_within_limits(draw_tiff(tmp_path, Size(15_008, 10_000), deflate=True))


def test_a_jpeg_of_100_megapixels(tmp_path: Path) -> None:
    assert_within_limits(draw_jpeg(tmp_path))
