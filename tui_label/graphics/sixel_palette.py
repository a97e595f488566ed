"""Which colours a sixel picture uses: some for masks and markers, the rest for the photo.

An entry is a whole number of percent a channel, as a sixel says it, so that what is the
nearest here is the nearest on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tui_label.graphics.palette import DARK, LIGHT, RGB, overlay_palette
from tui_label.graphics.scene import Picture, Pixels, Scene, Tone
from tui_label.graphics.sixel import UNKNOWN
from tui_label.graphics.sprites import marker
from tui_label.graphics.tone import tone_table

PHOTO_COLOURS = 64
"""Medians of four photos of 1200 × 800, without dithering: 64 colours give 35.3 dB (2.7 to 4.7 of
255 off) and 460 KB; 32 give 32.7 dB and 340 KB, 128 give 37.5 dB and 600 KB."""

BLACK = 1
WHITE = 2

_FIRST_PHOTO_ENTRY = 64
_COARSE_COLOURS = 12
"""Of a photo that is only sketched: the fewer, the longer the runs of one colour."""

_COUNTED = 200
"""Rows and columns of a photo that are looked at, at least, to choose its colours: twice as many
gain 0.1 dB."""

_ROUNDS = 2
"""Of moving the colours to the middle of what they stand for (Lloyd 1982)."""

_Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SixelPalette:
    """What the values of a raster mean; what made it, so that the next one costs nothing.

    Args:
        percents: ``uint8[256, 3]``, 0 to 100 a channel; entry 0 means nothing.
        nearest: ``uint8[32768]``: the entry for a pixel of the photo, by the five highest bits
            of red, green and blue.
        coarse: ``uint8[256]``: from an entry to one of the few that stand for it in a sketch.
        masks: ``uint8[256]``: the entry for an overlay index.
        periods: ``uint8[256]``: every how many rows an overlay index is drawn; 0 for never.
        photo: key and tone of the photo.
    """

    percents: Pixels
    nearest: Pixels
    coarse: Pixels
    masks: Pixels
    periods: Pixels
    photo: tuple[str, Tone]

    def photo_values(self, pixels: Pixels) -> Pixels:
        """``uint8[h, w]``: the entries nearest to ``uint8[h, w, 3]``, RGB."""
        return np.asarray(self.nearest[_codes(pixels)])

    def sprite_values(self, pixels: Pixels) -> Pixels:
        """``uint8[h, w]``: a sprite of ``uint8[h, w, 4]``; 0 where it is rather transparent."""
        return _sprite_values(pixels.tobytes(), pixels.shape)


def palette_of(
    before: SixelPalette | None, scene: Scene, colours: Sequence[RGB], grey: bool = False
) -> SixelPalette:
    """The colours for a scene; those of its photo are chosen once a photo and tone.

    Args:
        before: of any earlier scene.
        scene: what is to be drawn.
        colours: of masks by class index, cyclic.
        grey: nothing but levels of grey.
    """
    photo = scene.photo_key, scene.tone
    palette = before if before is not None and before.photo == photo else None
    if palette is None:
        palette = _photo_palette(scene.photo, scene.tone, photo, grey)
    fixed, masks, periods = _fixed(tuple(colours), scene.look.opacity, grey)
    if palette.masks is masks and palette.periods is periods:
        return palette
    percents = palette.percents.copy()
    percents[:_FIRST_PHOTO_ENTRY] = fixed
    return replace(palette, percents=percents, masks=masks, periods=periods)


@lru_cache(maxsize=8)
def _fixed(colours: tuple[RGB, ...], opacity: float, grey: bool) -> tuple[Pixels, Pixels, Pixels]:
    """Percents of the entries that are no photo's; ``masks`` and ``periods`` of a palette.

    A terminal that knows no translucent colour gets rows of solid ones: a fill of 0.4 colours
    every third row. They look the same in every column, so that a disc of 280 pixels takes
    759 bytes; in diagonals it takes 10,824.
    """
    table = overlay_palette(colours, opacity)
    wanted = [*_SPRITE_COLOURS, *map(tuple, table[table[:, 3] > 0, :3].tolist())]
    entries = {colour: 1 + number for number, colour in enumerate(dict.fromkeys(wanted))}
    fixed = np.zeros((_FIRST_PHOTO_ENTRY, 3), dtype=np.uint8)
    fixed[1 : 1 + len(entries)] = _percents(np.array(list(entries), dtype=np.float64), grey)
    masks, periods = np.zeros((2, 256), dtype=np.uint8)
    for index in np.flatnonzero(table[:, 3]).tolist():
        red, green, blue, alpha = table[index].tolist()
        masks[index] = entries[red, green, blue]
        periods[index] = min(-(-255 // alpha), SPARSEST)
    return fixed, masks, periods


SPARSEST = 6
"""Rows from one hatch line to the next, at most: a mask that is shown must be seen."""


def _disc_colour(positive: bool) -> RGB:
    """What a marker is filled with: beside its bars, inside its rim."""
    side = 41
    red, green, blue, _ = marker(side, positive)[side // 2 + 8, side // 2 + 8].tolist()
    return red, green, blue


_SPRITE_COLOURS: tuple[RGB, ...] = (DARK, LIGHT, _disc_colour(True), _disc_colour(False))


@lru_cache(maxsize=16)
def _sprite_values(data: bytes, shape: tuple[int, ...]) -> Pixels:
    """Soft edges become hard ones: what has no hue is black or white, not a bit of green."""
    pixels = np.frombuffer(data, dtype=np.uint8).reshape(shape)
    rgb = pixels[..., :3].astype(np.int32)
    values = np.where(rgb.sum(axis=-1) < 3 * 128, BLACK, WHITE)
    hued = np.ptp(rgb, axis=-1) >= _HUE
    for number, colour in enumerate(_SPRITE_COLOURS[WHITE:], WHITE + 1):
        if (rgb == colour).all(axis=-1).any():
            values[hued] = number
    return np.where(pixels[..., 3] >= 128, values, UNKNOWN).astype(np.uint8)


_HUE = 64
"""Of 255 between the channels: less is seen as grey in a sprite."""


def _sampled(pixels: Pixels) -> Pixels:
    """``uint8[n, 1, 3]``: pixels from all over."""
    down, across = (max(1, side // _COUNTED) for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[::down, ::across]).reshape(-1, 1, 3)


def _photo_palette(photo: Picture, tone: Tone, key: tuple[str, Tone], grey: bool) -> SixelPalette:
    # The finest part too: what an overview averages away has colours that it lacks.
    layers = (*photo.layers[:1], *photo.layers[1:][-1:])
    parts = [_sampled(layer.pixels) for layer in layers]
    pixels = np.concatenate(parts)
    lit = tone_table(photo, tone)
    colours, counts = _histogram(pixels if lit is None else lit[pixels])
    percents = np.zeros((256, 3), dtype=np.uint8)
    percents[BLACK : WHITE + 1] = _percents(np.array((DARK, LIGHT), dtype=np.float64), grey)
    chosen = np.unique(_percents(_chosen(colours, counts, PHOTO_COLOURS), grey), axis=0)
    last = _FIRST_PHOTO_ENTRY + len(chosen)
    percents[_FIRST_PHOTO_ENTRY:last] = chosen
    entries = np.array([BLACK, WHITE, *range(_FIRST_PHOTO_ENTRY, last)])
    levels = np.arange(32) * 8 + 3.5
    cube = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    shown = percents[entries] * 2.55
    nearest = entries[_nearest(_grey(cube) if grey else cube, shown)].astype(np.uint8)
    coarse = np.arange(256, dtype=np.uint8)
    few = _chosen(shown[2:], np.ones(len(chosen)), _COARSE_COLOURS)
    few_entries = entries[2:][_nearest(few, shown[2:])]
    coarse[entries[2:]] = few_entries[_nearest(shown[2:], few)]
    nothing = np.zeros(256, dtype=np.uint8)
    return SixelPalette(percents, nearest, coarse, nothing, nothing, key)


def _codes(pixels: Pixels) -> NDArray[np.uint16]:
    """Five bits of red, green and blue each."""
    high = (pixels >> 3).astype(np.uint16)
    return np.asarray(high[..., 0] << 10 | high[..., 1] << 5 | high[..., 2])


def _histogram(pixels: Pixels) -> tuple[_Points, _Points]:
    """Mean colours ``float64[n, 3]`` of those alike to five bits, and how often they occur."""
    codes = _codes(pixels).ravel()
    counts = np.bincount(codes, minlength=32768).astype(np.float64)
    occurring = np.flatnonzero(counts)
    sums = [np.bincount(codes, pixels[..., channel].ravel(), 32768) for channel in range(3)]
    counts = counts[occurring]
    return np.stack(sums, axis=1)[occurring] / counts[:, None], counts


def _chosen(colours: _Points, counts: _Points, number: int) -> _Points:
    """At most so many colours that stand for all.

    The box with the largest variance along an axis is cut at its mean, again and again (Wan,
    Prusinkiewicz and Wong, *Variance-based color image quantization*, 1990, in their simple
    form); then every colour is moved to the mean of those it is nearest to.
    """
    boxes = [np.arange(len(colours))]
    spreads = [_spread(colours, counts)]
    while len(boxes) < number:
        widest = max(range(len(boxes)), key=lambda box: max(spreads[box]))
        spread, members = spreads.pop(widest), boxes.pop(widest)
        if max(spread) <= 0:
            boxes.append(members)
            break
        values, share = colours[members, spread.index(max(spread))], counts[members]
        low = values <= max(values.min(), values @ share / share.sum())
        if low.all():
            low = values < values.max()
        for part in (members[low], members[~low]):
            boxes.append(part)
            spreads.append(_spread(colours[part], counts[part]))
    middles = np.stack([counts[box] @ colours[box] / counts[box].sum() for box in boxes])
    for _ in range(_ROUNDS):
        nearest = _nearest(colours, middles)
        weights = np.bincount(nearest, counts, len(middles))
        for channel in range(3):
            sums = np.bincount(nearest, counts * colours[:, channel], len(middles))
            np.divide(sums, weights, out=middles[:, channel], where=weights > 0)
    return middles


def _spread(colours: _Points, counts: _Points) -> list[float]:
    """Squared distances from the mean, summed, along each axis; 0 where all are the same."""
    if len(colours) == 1:
        return [0.0, 0.0, 0.0]
    off = colours - counts @ colours / counts.sum()
    spread: list[float] = (counts @ (off * off)).tolist()
    return [0.0 if value < _SAME else value for value in spread]


_SAME = 1e-6
"""Squared levels: less is what adding up floating-point numbers leaves."""


def _nearest(colours: _Points, choice: _Points) -> NDArray[np.intp]:
    """The number of the nearest of ``choice`` for each colour."""
    near, far = choice.astype(np.float32), colours.astype(np.float32)
    return np.asarray(((near**2).sum(axis=1) - 2 * (far @ near.T)).argmin(axis=1))


def _percents(colours: _Points, grey: bool) -> Pixels:
    seen = _grey(colours) if grey else colours
    return np.clip(np.rint(seen / 2.55), 0, 100).astype(np.uint8)


def _grey(colours: _Points) -> _Points:
    """Luma (ITU-R BT.601) in every channel."""
    luma = colours @ (0.299, 0.587, 0.114)
    return np.stack([luma, luma, luma], axis=-1)
