"""A card that looks the same wherever it is right."""

import numpy as np

from tui_label.geometry.boxes import Box
from tui_label.graphics.testcard import BAR_HEIGHT, BARS, DISC, NEGATIVE, POSITIVE, SIZE, test_card

test_card.__test__ = False  # its name is what it is, and pytest collects names


def test_it_is_the_same_every_time():
    first, second = test_card(), test_card(pointer=(3, 4))
    assert first.photo is second.photo and first.shapes[0] is second.shapes[0]
    assert first.photo_key == second.photo_key and second.cursor == (3, 4)


def test_the_bars_have_the_colours_that_are_named():
    [layer] = test_card().photo.layers
    assert layer.box == Box(0, 0, *SIZE) and layer.pixels.shape == (SIZE.height, SIZE.width, 3)
    width = SIZE.width // len(BARS)
    for number, (_, colour) in enumerate(BARS):
        bar = layer.pixels[:BAR_HEIGHT, number * width : (number + 1) * width]
        assert np.all(bar == colour)


def test_the_disc_is_round_and_holds_the_positive_point_only():
    region = test_card().shapes[0].region
    x, y, radius = DISC
    assert region.box == Box(x - radius, y - radius, x + radius, y + radius)
    assert region.contains(*POSITIVE) and not region.contains(*NEGATIVE)


def test_a_press_leaves_a_mark():
    assert [(mark.x, mark.y) for mark in test_card(pressed=(10, 20)).marks][-1] == (10, 20)
