"""The built-in segmenter does as it is told."""

import numpy as np
import pytest

from tests.segment.conftest import disc_photo
from tui_label.geometry.boxes import Box
from tui_label.geometry.masks import full_mask
from tui_label.segment.builtin import BuiltinSegmenter
from tui_label.segment.types import Candidate, Photo, Prompt, PromptPoint


def first(segmenter: BuiltinSegmenter, photo: Photo, prompt: Prompt) -> Candidate:
    return segmenter.decode(segmenter.embed(photo), prompt).items[0]


def test_a_plain_object_is_found_by_a_box(builtin: BuiltinSegmenter, photo: Photo) -> None:
    mask = full_mask(first(builtin, photo, Prompt((), Box(100, 60, 220, 180))).region)
    truth = np.hypot(*np.meshgrid(np.arange(320) - 160, np.arange(240) - 120)) <= 60
    assert (mask & truth).sum() / (mask | truth).sum() > 0.85


def test_one_click_offers_three_masks_best_first(builtin: BuiltinSegmenter, photo: Photo) -> None:
    items = builtin.decode(builtin.embed(photo), Prompt((PromptPoint(160, 120),))).items
    assert len(items) == 3
    assert [c.score for c in items] == sorted((c.score for c in items), reverse=True)
    assert all(candidate.region.contains(160, 120) for candidate in items)


def test_more_than_a_click_has_one_answer(builtin: BuiltinSegmenter, photo: Photo) -> None:
    prompt = Prompt((PromptPoint(160, 120), PromptPoint(20, 20, positive=False)))
    assert len(builtin.decode(builtin.embed(photo), prompt).items) == 1


@pytest.mark.parametrize("size", [(320, 240), (240, 320), (5, 3), (1, 1), (1600, 1200), (900, 11)])
@pytest.mark.parametrize("dark", [False, True])
def test_clicks_are_obeyed_anywhere(
    size: tuple[int, int], dark: bool, builtin: BuiltinSegmenter
) -> None:
    width, height = size
    picture = disc_photo(width, height, max(1, min(size) // 4))
    embedding = builtin.embed(np.zeros_like(picture) if dark else picture)
    rng = np.random.default_rng(width)
    points = [
        PromptPoint(float(x), float(y), bool(sign))
        for x, y, sign in zip(
            rng.uniform(-9, width + 9, 20),
            rng.uniform(-9, height + 9, 20),
            rng.integers(0, 2, 20),
            strict=True,
        )
    ]
    feedback = None
    for count in (1, 2, 20):
        prompt = Prompt((PromptPoint(width / 2, height / 2), *points[: count - 1]), None, feedback)
        answer = builtin.decode(embedding, prompt).items[0]
        feedback = answer.logits
        told = {
            (int(min(max(p.x, 0), width - 1)), int(min(max(p.y, 0), height - 1))): p.positive
            for p in prompt.points
        }
        for (x, y), positive in told.items():
            assert answer.region.contains(x + 0.5, y + 0.5) == positive
        assert answer.logits.shape == (192, 192)


@pytest.mark.parametrize(
    "box",
    [
        Box(0, 0, 320, 240),
        Box(100, 60, 220, 180),
        Box(150, 110, 151, 111),
        Box(150, 110, 150, 110),
        Box(310, 230, 500, 400),
        Box(500, 500, 600, 600),
        Box(-50, -50, 30, 30),
    ],
)
@pytest.mark.parametrize("dark", [False, True])
def test_a_box_is_kept(box: Box, dark: bool, builtin: BuiltinSegmenter, photo: Photo) -> None:
    region = first(builtin, np.zeros_like(photo) if dark else photo, Prompt((), box)).region
    assert not region.is_empty
    clipped = box.clipped(region.size)
    assert region.box.width <= max(1, clipped.width)
    assert region.box.height <= max(1, clipped.height)


def test_the_same_prompt_has_the_same_answer_whatever_came_before(
    builtin: BuiltinSegmenter,
) -> None:
    photo = disc_photo(1200, 900, 50)
    embedding = builtin.embed(photo)
    prompt = Prompt((), Box(545, 395, 655, 505))
    before = builtin.decode(embedding, prompt).items[0]
    builtin.decode(embedding, Prompt((), Box(10, 10, 90, 90)))
    after = builtin.decode(embedding, prompt).items[0]
    np.testing.assert_array_equal(before.region.mask, after.region.mask)
    np.testing.assert_array_equal(before.logits, after.logits)


def test_a_small_object_in_a_large_photo_has_a_fine_border(builtin: BuiltinSegmenter) -> None:
    photo = disc_photo(3000, 2000, 50)
    mask = full_mask(first(builtin, photo, Prompt((), Box(1450, 950, 1550, 1050))).region)
    truth = np.hypot(*np.meshgrid(np.arange(3000) - 1500, np.arange(2000) - 1000)) <= 50
    assert (mask & truth).sum() / (mask | truth).sum() > 0.9


def test_crops_are_not_encoded_twice(
    builtin: BuiltinSegmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedding = builtin.embed(disc_photo(1200, 900, 50))
    runs: list[object] = []
    encode = builtin._network.encode
    monkeypatch.setattr(builtin._network, "encode", lambda *a: (runs.append(a), encode(*a))[1])
    for _ in range(3):
        builtin.decode(embedding, Prompt((), Box(545, 395, 655, 505)))
    assert len(runs) == 1


def test_a_snapped_candidate_still_obeys(builtin: BuiltinSegmenter, photo: Photo) -> None:
    embedding = builtin.embed(photo)
    prompt = Prompt((PromptPoint(160, 120), PromptPoint(130, 120, positive=False)))
    candidate = builtin.decode(embedding, prompt).items[0]
    snapped = builtin.snap(embedding, prompt, candidate)
    assert snapped.region.contains(160, 120)
    assert not snapped.region.contains(130, 120)
    assert snapped.logits is candidate.logits


def test_a_box_alone_is_not_snapped(builtin: BuiltinSegmenter, photo: Photo) -> None:
    embedding = builtin.embed(photo)
    prompt = Prompt((), Box(100, 60, 220, 180))
    candidate = builtin.decode(embedding, prompt).items[0]
    assert builtin.snap(embedding, prompt, candidate) is candidate


def test_its_name_makes_no_claims(builtin: BuiltinSegmenter) -> None:
    assert builtin.title == "built-in (basic)"
    assert builtin.capability.snap
