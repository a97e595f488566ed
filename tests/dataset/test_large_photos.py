"""Large photos: any part of them, at any reduction, is that part of the whole photo."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.dataset.tiffs import Form, write_tiff
from tui_label.dataset import large_photos
from tui_label.dataset.large_photos import LargePhoto, large_photo
from tui_label.dataset.photo_files import opened
from tui_label.dataset.photos import LARGE_FROM, load_photo, open_photo
from tui_label.errors import InputError
from tui_label.geometry.boxes import Box, Size

# pytest collects warnings itself, over the filter that keeps them off the screen.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

WIDTH, HEIGHT = 250, 170  # divisible by no reduction


def scene(kind: type = np.uint8) -> np.ndarray:
    """Smooth, so that JPEG and reductions keep it; different in every corner."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    bands = [x * 255 / WIDTH, y * 255 / HEIGHT, 128 + 100 * np.sin((x + 2 * y) / 40)]
    most = 1 if kind is np.uint8 else 257
    return (np.stack(bands, axis=-1) * most).astype(kind)


def large(path: Path) -> LargePhoto:
    with opened(path) as image:
        photo = large_photo(path, image, overview=8)  # reduced by 16
    assert photo is not None
    return photo


def seen(whole: np.ndarray, box: Box, reduction: int) -> np.ndarray:
    """What a region must be: means of what there is of the photo."""
    rows = range(int(box.y1), int(box.y2), reduction)
    columns = range(int(box.x1), int(box.x2), reduction)
    return np.array(
        [
            [
                whole[max(0, y) : y + reduction, max(0, x) : x + reduction].mean(axis=(0, 1))
                for x in columns
            ]
            for y in rows
        ]
    )


def assert_is_part_of(whole: np.ndarray, photo: LargePhoto, box: Box, reduction: int, by: float):
    pixels, spanned = photo.region(box, reduction)
    assert (spanned.x2 - spanned.x1, spanned.y2 - spanned.y1) == (
        pixels.shape[1] * reduction,
        pixels.shape[0] * reduction,
    )
    assert spanned.x1 <= box.x1 < spanned.x1 + reduction
    assert spanned.x2 - reduction < box.x2 <= spanned.x2
    assert spanned.y1 <= box.y1 < spanned.y1 + reduction
    assert spanned.y2 - reduction < box.y2 <= spanned.y2
    assert not pixels.flags.writeable
    assert np.abs(seen(whole, spanned, reduction) - pixels).max() <= by


PARTS = [
    (Box(0, 0, WIDTH, HEIGHT), 1),
    (Box(0, 0, WIDTH, HEIGHT), 4),
    (Box(3, 5, 40, 30), 1),
    (Box(31.5, 77.2, 180.1, 120), 2),
    (Box(200, 100, 250, 170), 8),
    (Box(249, 169, 250, 170), 16),
]

STRIPS = Form(Size(WIDTH, 16))
FORMS = {
    "strips": STRIPS,
    "one strip": Form(Size(WIDTH, HEIGHT)),
    "strips of 7 rows": Form(Size(WIDTH, 7), deflate=True),
    "strips of 1 row": Form(Size(WIDTH, 1), deflate=True),
    "tiles": Form(Size(64, 32), tiled=True),
    "tiles, deflate": Form(Size(48, 64), tiled=True, deflate=True),
    "big": Form(Size(WIDTH, 16), big=True),
    "big, tiles, deflate": Form(Size(64, 64), tiled=True, deflate=True, big=True),
    "big-endian": Form(Size(WIDTH, 16), order=">"),
    "a plane a colour": Form(Size(WIDTH, 16), planar=True, deflate=True),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_part_of_a_tiff_is_that_part_of_the_photo(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.tif"
    write_tiff(path, FORMS[name], scene())
    assert np.array_equal(load_photo(path), scene())
    photo = large(path)
    for box, reduction in PARTS:
        assert_is_part_of(scene(), photo, box, reduction, by=0.51)


@pytest.mark.parametrize("order", ["<", ">"])
def test_sixteen_bits_keep_their_byte_order(tmp_path: Path, order: str) -> None:
    path = tmp_path / "a.tif"
    write_tiff(path, Form(Size(WIDTH, 16), order=order), scene(np.uint16))
    whole = load_photo(path)
    assert_is_part_of(whole, large(path), Box(3, 5, 40, 30), 1, by=0)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16", "YCbCr"])
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "packbits", "tiff_adobe_deflate"])
def test_every_kind_of_pixel_is_what_it_is_in_the_whole(
    tmp_path: Path, mode: str, compression: str
) -> None:
    path = tmp_path / "a.tif"
    if mode == "I;16":
        image = Image.fromarray(scene(np.uint16)[..., 0].copy())
    else:
        image = Image.fromarray(scene()).convert(mode)
    image.save(path, compression=compression, tiffinfo={278: 20})
    whole, photo = load_photo(path), large(path)
    for box, reduction in PARTS:
        assert_is_part_of(whole, photo, box, reduction, by=1)


def test_jpeg_within_a_tiff(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(scene()).save(path, compression="jpeg", tiffinfo={278: 32})
    assert_is_part_of(load_photo(path), large(path), Box(3, 5, 40, 30), 1, by=0)


def test_reduced_copies_in_a_tiff_are_used(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    marked = 255 - scene()[::4, ::4]
    write_tiff(path, FORMS["tiles"], scene(), marked)
    photo = large(path)
    assert np.array_equal(photo.region(Box.whole(photo.size), 4)[0], marked)
    assert_is_part_of(scene(), photo, Box(3, 5, 40, 30), 2, by=0.51)
    assert photo.region(Box.whole(photo.size), 8)[0].shape == (22, 32, 3)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_holds_for_every_part(
    tmp_path: Path, kind: str, orientation: int
) -> None:
    path = tmp_path / "a"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(scene()).save(
        path, kind, exif=exif, **({"quality": 95} if kind == "JPEG" else {})
    )
    whole, photo = load_photo(path), large(path)
    assert photo.size == Size(whole.shape[1], whole.shape[0])
    for box, reduction in PARTS:
        inside = box.clipped(photo.size)
        if inside.area:
            assert_is_part_of(whole, photo, inside, reduction, by=6 if kind == "JPEG" else 0.51)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_kind_of_jpeg(tmp_path: Path, mode: str, progressive: bool) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(scene()).convert(mode).save(path, quality=95, progressive=progressive)
    whole = load_photo(path)
    for box, reduction in PARTS:
        assert_is_part_of(whole, large(path), box, reduction, by=6)


def test_several_pictures_in_one_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "a.mpo"
    first, second = Image.fromarray(scene()), Image.fromarray(255 - scene())
    first.save(path, "MPO", save_all=True, append_images=[second], quality=95)
    assert_is_part_of(load_photo(path), large(path), Box(3, 5, 240, 160), 4, by=6)


@settings(max_examples=60, deadline=None)
@given(
    x=st.integers(0, WIDTH - 1),
    y=st.integers(0, HEIGHT - 1),
    width=st.integers(1, WIDTH),
    height=st.integers(1, HEIGHT),
    exponent=st.integers(0, 4),
    name=st.sampled_from(["tiles", "strips of 7 rows"]),
)
def test_any_part(
    tmp_path_factory: pytest.TempPathFactory,
    x: int,
    y: int,
    width: int,
    height: int,
    exponent: int,
    name: str,
) -> None:
    path = tmp_path_factory.getbasetemp() / f"{name}.tif"
    if not path.exists():
        write_tiff(path, FORMS[name], scene())
    box = Box(x, y, x + width, y + height).clipped(Size(WIDTH, HEIGHT))
    assert_is_part_of(scene(), large(path), box, 2**exponent, by=0.51)


def test_a_full_decode_of_a_jpeg_is_kept_until_it_rests(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(scene()).save(path)
    photo = large(path)
    photo.rest()
    before = photo.nbytes
    photo.region(Box(0, 0, 10, 10), 4)
    assert photo.nbytes == before
    photo.region(Box(0, 0, 10, 10), 1)
    assert photo.nbytes == before + 4 * WIDTH * HEIGHT
    photo.rest()
    assert photo.nbytes == before


def test_a_part_is_read_while_another_thread_lets_go_of_the_full_decode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(scene()).save(path)
    photo = large(path)
    photo.region(Box(0, 0, 10, 10), 1)
    whole = [photo._source._whole]

    class Resting:
        """Stands for a thread whose ``rest`` comes right after the decode was looked up."""

        def __get__(self, instance: object, owner: type) -> Image.Image | None:
            return whole.pop() if whole else None

        def __set__(self, instance: object, value: Image.Image | None) -> None:
            pass

    monkeypatch.setattr(type(photo._source), "_whole", Resting(), raising=False)
    pixels, _ = photo.region(Box(0, 0, 10, 10), 1)
    assert pixels.shape == (10, 10, 3)


def test_a_photo_that_was_replaced_meanwhile_is_not_mixed_with_the_old(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    write_tiff(path, STRIPS, scene())
    photo = large(path)
    write_tiff(path, STRIPS, 255 - scene())
    os.utime(path, ns=(0, 1))
    with pytest.raises(InputError, match="changed on disk"):
        photo.region(Box(0, 0, 10, 10), 1)
    path.unlink()
    with pytest.raises(InputError, match=r"a\.tif"):
        photo.region(Box(0, 0, 10, 10), 1)


@pytest.mark.parametrize("kept", [0.2, 0.9])
@pytest.mark.parametrize("kind", ["raw", "tiff_lzw", "JPEG"])
def test_a_file_cut_short_is_refused_when_it_is_opened(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: str, kept: float
) -> None:
    path = tmp_path / "a"
    noise = np.random.default_rng(3).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    options = {} if kind == "JPEG" else {"compression": kind, "tiffinfo": {278: 16}}
    Image.fromarray(noise).save(path, "JPEG" if kind == "JPEG" else "TIFF", **options)
    content = path.read_bytes()
    directory = content[:8] + content[8 : int(len(content) * kept)]
    path.write_bytes(directory)
    with pytest.raises(InputError) as caught:
        large(path)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_other_formats_are_not_read_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(scene()).save(path)
    with opened(path) as image:
        assert large_photo(path, image) is None


def test_thirty_two_bit_pixels_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(np.ones((40, 40), dtype=np.float32)).save(path)
    with pytest.raises(InputError, match="32-bit"):
        large(path)


@pytest.mark.parametrize(("least", "columns"), [(250, 250), (126, 250), (125, 125), (40, 63)])
def test_an_overview_is_as_long_as_asked_or_up_to_twice_as_long(
    tmp_path: Path, least: int, columns: int
) -> None:
    path = tmp_path / "a.tif"
    write_tiff(path, STRIPS, scene())
    with opened(path) as image:
        photo = large_photo(path, image, overview=least)
    assert photo is not None
    assert photo.overview[0].shape[1] == columns


def test_what_the_overview_shows_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    write_tiff(path, STRIPS, scene())
    photo = large(path)
    whole = Box.whole(photo.size)
    pixels, spanned = photo.region(whole, 64)
    assert np.shares_memory(pixels, photo.overview[0])
    assert spanned == photo.overview[1]


def test_a_jpeg_that_would_not_fit_into_memory_is_seen_coarser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_photos, "MAX_PIXELS", WIDTH * HEIGHT // 10)
    path = tmp_path / "a.jpg"
    Image.fromarray(scene()).save(path, quality=95)
    photo = large(path)
    assert photo.finest == 4
    pixels, spanned = photo.region(Box(3, 5, 40, 30), 1)
    assert spanned == Box(0, 4, 40, 32)
    assert np.abs(seen(scene(), spanned, 4) - pixels).max() <= 6


def test_small_photos_are_decoded_whole(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.tif", "a.png"):
        Image.fromarray(scene()).save(tmp_path / name)
        photo = open_photo(tmp_path / name)
        assert isinstance(photo, np.ndarray)
        assert np.array_equal(photo, load_photo(tmp_path / name))


def with_size(jpeg: bytes, marker: bytes, width: int, height: int) -> bytes:
    """The same JPEG, its frame header saying another size."""
    at = jpeg.index(marker) + 5
    return jpeg[:at] + height.to_bytes(2) + width.to_bytes(2) + jpeg[at + 4 :]


@pytest.mark.parametrize(
    ("progressive", "side", "most"), [(False, 50_000, "2,000"), (True, 15_000, "200")]
)
def test_what_is_too_large_even_so_is_refused_by_its_header(
    tmp_path: Path, progressive: bool, side: int, most: str
) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(scene()).save(path, progressive=progressive)
    marker = b"\xff\xc2" if progressive else b"\xff\xc0"
    path.write_bytes(with_size(path.read_bytes(), marker, side, side))
    with pytest.raises(InputError, match=f"{side:,} × {side:,} pixels.*{most} megapixels"):
        open_photo(path)


def test_a_tiff_in_one_compressed_piece_is_not_read_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.tif"
    write_tiff(path, Form(Size(WIDTH, HEIGHT), deflate=True), scene())
    monkeypatch.setattr("tui_label.dataset.tiff_blocks._LARGEST_BLOCK", WIDTH * HEIGHT - 1)
    with opened(path) as image:
        assert large_photo(path, image) is None
    assert WIDTH * HEIGHT < LARGE_FROM


@pytest.mark.parametrize("name", ["a.jpg", "a.tif", "tiles.tif"])
def test_bytes_overwritten_anywhere_are_read_or_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    path = tmp_path / name
    if name == "tiles.tif":
        write_tiff(path, FORMS["big, tiles, deflate"], scene())
    else:
        Image.fromarray(scene()).save(path)
    whole = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    rng = np.random.default_rng(3)
    for turn in range(60):
        damaged = whole.copy()
        low, high = [(0, 200), (0, len(whole)), (len(whole) - 400, len(whole))][turn % 3]
        damaged[rng.integers(max(0, low), high, 4)] = rng.integers(0, 256, 4)
        path.write_bytes(damaged.tobytes())
        try:
            with opened(path) as image:
                if max(image.size) > 4_000:
                    continue  # would be read, whatever it holds
                photo = large_photo(path, image, overview=8)
            if photo is not None:
                photo.region(Box(0, 0, 10, 10).clipped(photo.size), 1)
        except InputError as error:
            assert "\n" not in str(error)
    captured = capfd.readouterr()
    assert captured.out == ""
    if name != "tiles.tif":  # of compressed blocks libtiff itself says what it did not understand
        assert captured.err == ""
