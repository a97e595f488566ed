"""Photos load upright as RGB, or say in one sentence why not, and never write to the screen."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tui_label.dataset.photos import MAX_PIXELS, load_photo
from tui_label.errors import InputError

# pytest collects warnings itself, over the filter that keeps them off the screen.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

needs_permissions = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


def scene(width: int = 60, height: int = 40) -> Image.Image:
    """Smooth and different in every corner, so that turning and cutting show."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 / width, y * 255 / height, (x + y) * 255 / (width + height)], axis=-1)
    return Image.fromarray(rgb.astype(np.uint8))


def noisy(width: int = 320, height: int = 240) -> Image.Image:
    """So many bytes a pixel that cutting a file always cuts pixels."""
    return Image.fromarray(
        np.random.default_rng(7).integers(0, 255, (height, width, 3), dtype=np.uint8)
    )


def exif(orientation: int) -> Image.Exif:
    block = Image.Exif()
    block[0x0112] = orientation
    return block


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_photo(path)
    sentence = str(caught.value)
    assert path.name in sentence
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("suffix", "kind"), [("jpg", "JPEG"), ("png", "PNG"), ("tif", "TIFF"), ("webp", "WEBP")]
)
def test_every_exif_orientation_comes_out_upright(
    tmp_path: Path, suffix: str, kind: str, orientation: int
) -> None:
    path = tmp_path / f"a.{suffix}"
    options = {"lossless": True} if kind == "WEBP" else {"quality": 95} if kind == "JPEG" else {}
    scene().save(path, kind, exif=exif(orientation), **options)

    marked = scene()
    marked.getexif()[0x0112] = orientation
    upright = np.asarray(ImageOps.exif_transpose(marked))

    photo = load_photo(path)
    assert photo.shape == upright.shape
    assert np.abs(photo.astype(int) - upright).mean() < (3 if kind == "JPEG" else 0.01)


def test_a_compressed_tiff_is_turned_once(tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    scene().save(path, compression="tiff_lzw", exif=exif(6))
    assert np.array_equal(load_photo(path), np.rot90(np.asarray(scene()), -1))


def test_pixels_are_uint8_rgb_contiguous_and_read_only(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    scene().save(path)
    photo = load_photo(path)
    assert photo.dtype == np.uint8
    assert photo.flags.c_contiguous
    assert not photo.flags.writeable
    assert np.array_equal(photo, np.asarray(scene()))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
def test_every_png_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.png"
    image = scene().convert(mode)
    image.save(path)
    assert np.array_equal(load_photo(path), np.asarray(image.convert("RGB")))


def test_cmyk_jpeg_becomes_rgb(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    scene().convert("CMYK").save(path, quality=100)
    assert np.abs(load_photo(path).astype(int) - np.asarray(scene())).mean() < 3


def test_transparency_is_dropped_not_blended(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGBA", (4, 4), (200, 100, 50, 0)).save(path)
    assert np.array_equal(load_photo(path)[0, 0], (200, 100, 50))


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bit_grey_is_scaled_to_eight(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    levels = np.array([[0, 255, 256], [32768, 65279, 65535]], dtype=np.uint16)
    Image.fromarray(levels).save(path)
    assert np.array_equal(load_photo(path)[..., 1], levels // 256)


def test_thirty_two_bit_pixels_are_refused_because_their_range_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(np.ones((4, 4), dtype=np.float32)).save(path)
    assert "32-bit" in refusal(path)


def test_one_pixel_is_a_photo(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (1, 1), (1, 2, 3)).save(path)
    assert load_photo(path).tolist() == [[[1, 2, 3]]]


def test_more_rows_than_a_strip_keep_their_order(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    tall = noisy(5, 200)
    tall.save(path)
    assert np.array_equal(load_photo(path), np.asarray(tall))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"hello, I am text", "not an image"),
        (b"\xff\xd8\xff", "not an image"),
        (encoded(scene(), "GIF"), "not an image"),
    ],
)
def test_what_is_no_image_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "fake.jpg"
    path.write_bytes(content)
    assert reason in refusal(path)


def test_missing_folder_and_pipe_are_refused(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "gone.jpg")
    (tmp_path / "folder.jpg").mkdir()
    assert "is a folder" in refusal(tmp_path / "folder.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "not a regular file" in refusal(tmp_path / "pipe.jpg")


@needs_permissions
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.jpg"
    scene().save(path)
    path.chmod(0)
    assert "permission denied" in refusal(path)


def test_control_characters_in_a_name_do_not_reach_the_screen(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2J.jpg"
    with pytest.raises(InputError) as caught:
        load_photo(path)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 90}),
        ("JPEG", {"quality": 90, "progressive": True}),
        ("PNG", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {}),
        ("WEBP", {}),
        ("BMP", {}),
        ("AVIF", {}),
        ("JPEG2000", {}),
    ],
)
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.7, 0.95])
def test_a_file_cut_short_is_refused_without_a_word_on_stderr(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: str, options: dict, kept: float
) -> None:
    whole = encoded(noisy(), kind, **options)
    path = tmp_path / "cut.jpg"
    path.write_bytes(whole[: int(len(whole) * kept)])
    refusal(path)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("tail", [b"", b"\xff", b"\0" * 400])
def test_a_jpeg_that_lacks_only_its_end_marker_loads(
    tmp_path: Path, progressive: bool, tail: bytes
) -> None:
    whole = encoded(noisy(), "JPEG", quality=90, progressive=progressive)
    (tmp_path / "whole.jpg").write_bytes(whole)
    (tmp_path / "open.jpg").write_bytes(whole[:-2] + tail)
    assert np.array_equal(load_photo(tmp_path / "open.jpg"), load_photo(tmp_path / "whole.jpg"))


@pytest.mark.parametrize("missing", [40, 200, 5_000])
@pytest.mark.parametrize("filling", [b"", b"\0"])
def test_a_jpeg_that_lacks_its_last_blocks_is_refused(
    tmp_path: Path, missing: int, filling: bytes
) -> None:
    path = tmp_path / "cut.jpg"
    path.write_bytes(encoded(noisy(), "JPEG", quality=90)[:-missing] + filling * missing)
    assert "cut short" in refusal(path)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_bytes_overwritten_anywhere_load_or_are_refused_and_print_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: str
) -> None:
    whole = np.frombuffer(encoded(noisy(64, 48), kind, exif=exif(6)), dtype=np.uint8)
    rng = np.random.default_rng(3)
    path = tmp_path / "damaged"
    for _ in range(60):
        damaged = whole.copy()
        where = rng.integers(0, len(whole) if rng.random() < 0.5 else 200, 4)
        damaged[where] = rng.integers(0, 256, 4)
        path.write_bytes(damaged.tobytes())
        try:
            load_photo(path)
        except InputError as error:
            assert "\n" not in str(error)
    captured = capfd.readouterr()
    assert captured.err == captured.out == ""


def test_a_damaged_tiff_prints_no_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(encoded(noisy(), "TIFF", compression="tiff_lzw", exif=exif(6))[:-100])
    program = (
        "import pathlib, sys\n"
        "from tui_label.dataset.photos import load_photo\n"
        "from tui_label.errors import InputError\n"
        "try: load_photo(pathlib.Path(sys.argv[1]))\n"
        "except InputError: sys.exit(7)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")


def test_a_complete_jpeg_with_a_tail_loads(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded(noisy(), "JPEG") + b"\0" * 100)
    assert load_photo(path).shape == (240, 320, 3)
    path.write_bytes(encoded(noisy(), "JPEG") + b"a vendor's trailer")
    assert load_photo(path).shape == (240, 320, 3)


def test_a_huge_photo_is_refused_by_its_header(tmp_path: Path) -> None:
    header = bytearray(encoded(Image.new("1", (1, 1)), "BMP"))
    header[18:26] = (30_000).to_bytes(4, "little") * 2
    path = tmp_path / "huge.bmp"
    path.write_bytes(header)
    sentence = refusal(path)
    assert "30,000 × 30,000" in sentence
    assert f"{MAX_PIXELS // 1_000_000} megapixels" in sentence


def test_real_photos_load(shared: Path) -> None:
    for path in sorted((shared / "data" / "photos").glob("*.jpg")):
        photo = load_photo(path)
        assert photo.std() > 10
