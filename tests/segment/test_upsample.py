"""Enlarged logits: the shortcut has the pixels of the whole computation."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_label.segment.upsample import Span, positive


def by_hand(logits: np.ndarray, across: Span, down: Span) -> np.ndarray:
    """Bilinear interpolation in double precision, borders replicated."""

    def axis(span: Span, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        places = np.clip(span.phase + span.step * np.arange(span.length), 0, count - 1)
        low = np.floor(places).astype(int)
        return low, np.minimum(low + 1, count - 1), places - low

    x1, x2, fx = axis(across, logits.shape[1])
    y1, y2, fy = axis(down, logits.shape[0])
    exact = logits.astype(np.float64)
    upper = exact[y1][:, x1] * (1 - fx) + exact[y1][:, x2] * fx
    lower = exact[y2][:, x1] * (1 - fx) + exact[y2][:, x2] * fx
    return upper * (1 - fy[:, None]) + lower * fy[:, None]


def smooth(height: int, width: int, seed: int) -> np.ndarray:
    """Hills as a network's logits have them."""
    ys, xs = np.mgrid[0:height, 0:width]
    a, b, c = np.random.default_rng(seed).uniform(0.1, 0.5, 3)
    return (np.sin(a * xs + c) + np.cos(b * ys) - 0.3).astype(np.float32)


def noise(height: int, width: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(height, width)).astype(np.float32)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from((smooth, noise)),
    st.integers(1, 40),
    st.integers(1, 40),
    st.floats(0.05, 4.0),
    st.floats(0.05, 4.0),
    st.integers(0, 10),
    st.integers(0, 99),
)
def test_every_pixel_has_the_sign_of_the_interpolated_logit(
    picture, height, width, step_x, step_y, first, seed
) -> None:
    logits = picture(height, width, seed)
    spans = [
        Span.over(first, count, max(1, round(step * 200)), 200)
        for count, step in ((width, step_x), (height, step_y))
    ]
    expected = by_hand(logits, *spans)
    mask = positive(logits, *spans)
    assert mask.shape == expected.shape
    sure = np.abs(expected) > 1e-4
    assert np.array_equal(mask[sure], expected[sure] > 0)


def test_one_sign_everywhere_needs_no_border() -> None:
    span = Span.over(0, 4, 4, 40)
    assert positive(np.ones((4, 4), np.float32), span, span).all()
    assert not positive(-np.ones((4, 4), np.float32), span, span).any()
