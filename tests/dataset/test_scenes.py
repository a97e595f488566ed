"""Drawn scenes are photos with a known truth, the same every time."""

import numpy as np
import pytest

from tui_label.dataset.demo import DEMO_CLASSES
from tui_label.dataset.scenes import SCENE_NAMES, Scene, draw_scene

SMALL = (480, 320)


@pytest.fixture(scope="module")
def scenes() -> dict[str, Scene]:
    return {name: draw_scene(name, SMALL) for name in SCENE_NAMES}


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_a_scene_has_several_objects_of_known_classes(scenes: dict[str, Scene], name: str) -> None:
    scene = scenes[name]
    assert scene.image.shape == (320, 480, 3)
    assert scene.image.dtype == np.uint8
    assert scene.image.flags.c_contiguous
    assert len(scene.objects) >= 7
    assert {class_name for class_name, _ in scene.objects} <= set(DEMO_CLASSES)


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_masks_do_not_overlap_and_leave_some_background(
    scenes: dict[str, Scene], name: str
) -> None:
    masks = np.stack([mask for _, mask in scenes[name].objects])
    assert masks.dtype == bool
    assert masks.any(axis=(1, 2)).all()
    assert masks.sum(axis=0).max() == 1
    assert 0.1 < masks.any(axis=0).mean() < 0.7


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_objects_are_shaded_and_stand_out_from_what_is_around_them(
    scenes: dict[str, Scene], name: str
) -> None:
    pixels = scenes[name].image.astype(float)
    inside = [pixels[mask] for _, mask in scenes[name].objects if mask.sum() > 200]
    assert min(colours.std(axis=0).max() for colours in inside) > 4


def test_every_demo_class_is_in_some_scene(scenes: dict[str, Scene]) -> None:
    drawn = {class_name for scene in scenes.values() for class_name, _ in scene.objects}
    assert drawn == set(DEMO_CLASSES)


def test_a_scene_is_the_same_every_time(scenes: dict[str, Scene]) -> None:
    again = draw_scene("cells", SMALL)
    assert np.array_equal(again.image, scenes["cells"].image)
    assert len(again.objects) == len(scenes["cells"].objects)


@pytest.mark.parametrize("size", [(64, 64), (90, 200), (333, 111)])
def test_any_shape_of_photo_can_be_drawn(size: tuple[int, int]) -> None:
    for name in SCENE_NAMES:
        scene = draw_scene(name, size)
        assert scene.image.shape == (size[1], size[0], 3)
        assert all(mask.shape == scene.image.shape[:2] for _, mask in scene.objects)
