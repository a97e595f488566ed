"""Joining several contours into one ring: a YOLO row holds exactly one.

A *bridge* leads from a point of one contour to a point of another and the same way back, so
that it encloses nothing. Even-odd filling then shows holes as holes. Where a bridge crosses
background (between separate parts, never towards a hole) a rasteriser that also draws the
outline, as ``cv2.fillPoly`` does, paints a line of one pixel along it; the bridges are
therefore a minimum spanning tree over the distances between the contours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Contour = NDArray[np.int32]  # int32[n, 2], (x, y) of pixels, each one step from the next, closed

# The search compares every sample with every other: 2,048 cost about 15 ms.
_SAMPLES = 2048


@dataclass(frozen=True, slots=True)
class Bridge:
    """From the point ``contours[parent][leaves]`` to ``contours[child][enters]`` and back."""

    parent: int
    leaves: int
    child: int
    enters: int


def shortest_bridges(contours: Sequence[Contour]) -> tuple[Bridge, ...]:
    """A tree over all contours, rooted at the longest, parents before their children.

    Every point takes part in the search while there are at most 2,048; above that every
    ``n``-th does, and each bridge found is shortened among the points next to its ends.
    """
    if len(contours) < 2:
        return ()
    step = max(1, -(-sum(map(len, contours)) // _SAMPLES))
    indices = [np.arange(0, len(contour), step) for contour in contours]
    points = np.concatenate([c[i] for c, i in zip(contours, indices, strict=True)]).astype(float)
    index = np.concatenate(indices)
    owner = np.repeat(np.arange(len(contours)), [len(i) for i in indices])

    waiting = np.arange(len(points))  # samples of contours that are not in the tree yet
    distance = np.full(len(points), np.inf)
    nearest = np.zeros(len(points), dtype=np.intp)  # their nearest sample in the tree
    newest = max(range(len(contours)), key=lambda number: len(contours[number]))
    bridges: list[Bridge] = []
    while True:
        waiting = waiting[owner[waiting] != newest]
        if waiting.size == 0:
            return tuple(bridges)
        _update(points, np.flatnonzero(owner == newest), waiting, distance, nearest)
        end = waiting[distance[waiting].argmin()]
        start = nearest[end]
        bridge = Bridge(int(owner[start]), int(index[start]), int(owner[end]), int(index[end]))
        bridges.append(_shortened(bridge, contours, step))
        newest = bridge.child


def _update(
    points: NDArray[np.float64],
    joined: NDArray[np.intp],
    waiting: NDArray[np.intp],
    distance: NDArray[np.float64],
    nearest: NDArray[np.intp],
) -> None:
    """Lower ``distance`` and ``nearest`` of the waiting samples where a joined one is closer."""
    squared = _squared_distances(points[waiting], points[joined])
    best = squared.argmin(axis=1)
    found = squared[np.arange(len(waiting)), best]
    closer = found < distance[waiting]
    distance[waiting[closer]] = found[closer]
    nearest[waiting[closer]] = joined[best[closer]]


def _shortened(bridge: Bridge, contours: Sequence[Contour], step: int) -> Bridge:
    if step == 1:
        return bridge
    near = np.arange(-step, step + 1)
    parent, child = contours[bridge.parent], contours[bridge.child]
    leaves = (bridge.leaves + near) % len(parent)
    enters = (bridge.enters + near) % len(child)
    squared = _squared_distances(parent[leaves].astype(float), child[enters].astype(float))
    row, column = np.unravel_index(squared.argmin(), squared.shape)
    return Bridge(bridge.parent, int(leaves[row]), bridge.child, int(enters[column]))


def _squared_distances(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    dx = a[:, None, 0] - b[None, :, 0]
    dy = a[:, None, 1] - b[None, :, 1]
    return dx * dx + dy * dy


Stretch = NDArray[np.float64]  # float64[n, 2], from one stop up to, but without, the next


def one_ring(
    stretches: Sequence[Mapping[int, Stretch]], bridges: Sequence[Bridge]
) -> NDArray[np.float64]:
    """Walk along all contours and bridges once.

    Args:
        stretches: for each contour its vertices, cut into pieces at its stops and keyed by
            the stop's index, in the contour's direction. Every end of a bridge is a stop.
        bridges: as :func:`shortest_bridges` returned them.

    Returns:
        ``float64[n, 2]``; the last vertex joins the first.
    """
    leaving: dict[tuple[int, int], list[Bridge]] = {}
    for bridge in bridges:
        leaving.setdefault((bridge.parent, bridge.leaves), []).append(bridge)

    def around(contour: int, start: int) -> Iterator[Stretch | Bridge]:
        stops = sorted(stretches[contour])
        first = stops.index(start)
        for stop in stops[first:] + stops[:first]:
            stretch = stretches[contour][stop]
            for bridge in leaving.get((contour, stop), ()):
                yield stretch[:1]
                yield bridge
            yield stretch

    # Not recursive: a chain of a thousand islands is a thousand levels deep.
    root = bridges[0].parent if bridges else 0
    ways = [around(root, min(stretches[root]))]
    back: list[Stretch] = []
    ring: list[Stretch] = []
    while ways:
        step = next(ways[-1], None)
        if step is None:
            ways.pop()
            if back:
                ring.append(back.pop())
        elif isinstance(step, Bridge):
            ways.append(around(step.child, step.enters))
            back.append(stretches[step.child][step.enters][:1])
        else:
            ring.append(step)
    return np.concatenate(ring)
