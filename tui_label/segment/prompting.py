"""SAM v1's prompt rules: what is fed for a prompt, and which of the masks answers it.

The rules are those of the reference implementation (segment_anything: ``SamPredictor``,
``utils/onnx.py``), each proven against a direct run of the graph in
``tests/segment/test_sam1.py``. Getting the pad point wrong alone costs 0.1 IoU.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tui_label.segment.frame import Frame
from tui_label.segment.types import Prompt

NEGATIVE, POSITIVE, BOX_TOP_LEFT, BOX_BOTTOM_RIGHT, PAD = 0.0, 1.0, 2.0, 3.0, -1.0

Points = NDArray[np.float32]  # float32[1, n, 2]
Labels = NDArray[np.float32]  # float32[1, n]


def prompt_tensors(prompt: Prompt, frame: Frame, *, pixel_index: bool) -> tuple[Points, Labels]:
    """``point_coords`` and ``point_labels`` in the model's square.

    The pad point ``(0, 0)`` with label -1 is added only where there is no box.

    Args:
        prompt: in photo pixels, edge frame.
        frame: of what was encoded.
        pixel_index: SAM counts from the centre of the first pixel and its graph adds the half
            pixel again, so clicks are moved by -0.5 photo pixels; box corners are fed as they
            are. The built-in network takes edges throughout.
    """
    shift = 0.5 if pixel_index else 0.0
    coordinates = [(point.x - shift, point.y - shift) for point in prompt.points]
    labels = [POSITIVE if point.positive else NEGATIVE for point in prompt.points]
    if prompt.box is not None:
        box = prompt.box
        coordinates += [(box.x1, box.y1), (box.x2, box.y2)]
        labels += [BOX_TOP_LEFT, BOX_BOTTOM_RIGHT]
    square = frame.to_square(np.array(coordinates, dtype=np.float64).reshape(-1, 2))
    if prompt.box is None:
        square = np.vstack([square, np.zeros((1, 2))])
        labels.append(PAD)
    return square[None].astype(np.float32), np.array([labels], dtype=np.float32)


def is_one_click(prompt: Prompt) -> bool:
    """Whether the prompt is ambiguous: a single click may mean a part or the whole."""
    return prompt.box is None and len(prompt.points) == 1


def candidate_order(scores: NDArray[np.float32], *, one_click: bool) -> list[int]:
    """Which masks to offer, the best choice first.

    Four masks (SAM): index 0 was trained for unambiguous prompts, 1 to 3 for one click. So one
    click offers 1 to 3 by score, anything more offers 0 and then the others by score. Three
    masks (the built-in network): one click offers all by score, more only the best, since the
    others were not trained for it. One mask: that one.
    """
    if scores.size == 4:
        others = [int(index) + 1 for index in np.argsort(-scores[1:], kind="stable")]
        return others if one_click else [0, *others]
    by_score = [int(index) for index in np.argsort(-scores, kind="stable")]
    return by_score if one_click else by_score[:1]
