"""Decoded photos, kept for a while."""

import os
from pathlib import Path

import pytest
from PIL import Image

from tests.editor.walk import painted
from tui_label.editor.photo_cache import PhotoCache
from tui_label.errors import InputError


def photos(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number}.png" for number in range(count)]
    for path in paths:
        Image.fromarray(painted()).save(path)
    return paths


def test_a_photo_is_decoded_once(tmp_path: Path) -> None:
    (path,) = photos(tmp_path, 1)
    cache = PhotoCache()
    assert cache.load(path) is cache.load(path)


def test_the_photo_used_longest_ago_is_dropped_for_the_fifth(tmp_path: Path) -> None:
    paths = photos(tmp_path, 5)
    cache = PhotoCache()
    first, second = cache.load(paths[0]), cache.load(paths[1])
    cache.load(paths[2])
    cache.load(paths[3])
    assert cache.load(paths[0]) is first
    cache.load(paths[4])
    assert cache.load(paths[0]) is first
    assert cache.load(paths[1]) is not second


def test_a_photo_replaced_on_disk_is_decoded_again(tmp_path: Path) -> None:
    (path,) = photos(tmp_path, 1)
    cache = PhotoCache()
    before = cache.load(path)
    Image.fromarray(painted()[:, ::-1].copy()).save(path)
    os.utime(path, ns=(0, 1))
    assert (cache.load(path) == before[:, ::-1]).all()


def test_a_missing_photo_is_a_sentence_and_is_tried_again(tmp_path: Path) -> None:
    cache = PhotoCache()
    with pytest.raises(InputError, match="does not exist"):
        cache.load(tmp_path / "0.png")
    (path,) = photos(tmp_path, 1)
    assert cache.load(path).shape == (80, 120, 3)
