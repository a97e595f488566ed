"""ONNX graphs of a few nodes with exactly SAM v1's inputs and outputs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CHANNELS, GRID, CELLS, SIDE = 4, 8, 32, 128


@dataclass(frozen=True)
class Export:
    """Where the two files are."""

    encoder: Path
    decoder: Path

    @classmethod
    def write(
        cls,
        folder: Path,
        *,
        layout: str = "hwc",
        scores: tuple[float, ...] = (0.1, 0.2, 0.9, 0.5),
        logit: float = 1.0,
        channels: int = CHANNELS,
        names: tuple[str, str] = ("first.onnx", "second.onnx"),
    ) -> Export:
        folder.mkdir(exist_ok=True)
        export = cls(folder / names[0], folder / names[1])
        _save(_encoder(layout, channels), export.encoder)
        _save(_decoder(scores, logit), export.decoder)
        return export


def _encoder(layout: str, channels: int) -> onnx.GraphProto:
    """Its embedding is the picture's mean, everywhere."""
    shape: list[Any] = ["h", "w", 3] if layout == "hwc" else [1, 3, SIDE, SIDE]
    name = "input_image" if layout == "hwc" else "x"
    nodes = [
        helper.make_node("ReduceMean", [name], ["mean"], keepdims=0),
        helper.make_node("Expand", ["mean", "shape"], ["image_embeddings"]),
    ]
    return helper.make_graph(
        nodes,
        "encoder",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)],
        [
            helper.make_tensor_value_info(
                "image_embeddings", TensorProto.FLOAT, [1, channels, GRID, GRID]
            )
        ],
        [_constant("shape", np.array([1, channels, GRID, GRID], dtype=np.int64))],
    )


def _decoder(scores: tuple[float, ...], logit: float) -> onnx.GraphProto:
    """Each mask is constant: its index plus ``logit``; all inputs are used."""
    count = len(scores)
    inputs = {
        "image_embeddings": [1, CHANNELS, GRID, GRID],
        "point_coords": [1, "n", 2],
        "point_labels": [1, "n"],
        "mask_input": [1, 1, CELLS, CELLS],
        "has_mask_input": [1],
        "orig_im_size": [2],
    }
    masks = np.full((1, count, CELLS, CELLS), logit, dtype=np.float32)
    masks += np.arange(count, dtype=np.float32).reshape(1, count, 1, 1)
    nodes = []
    for name in inputs:
        nodes.append(helper.make_node("ReduceMean", [name], [f"m_{name}"], keepdims=0))
    nodes.append(helper.make_node("Sum", [f"m_{name}" for name in inputs], ["sum"]))
    nodes.append(helper.make_node("Mul", ["sum", "zero"], ["nothing"]))
    nodes.append(helper.make_node("Add", ["constant_masks", "nothing"], ["low_res_masks"]))
    nodes.append(helper.make_node("Add", ["constant_scores", "nothing"], ["iou_predictions"]))
    return helper.make_graph(
        nodes,
        "decoder",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()],
        [
            helper.make_tensor_value_info(
                "low_res_masks", TensorProto.FLOAT, ["b", "k", CELLS, CELLS]
            ),
            helper.make_tensor_value_info("iou_predictions", TensorProto.FLOAT, [1, count]),
        ],
        [
            _constant("zero", np.zeros((), dtype=np.float32)),
            _constant("constant_masks", masks),
            _constant("constant_scores", np.array([scores], dtype=np.float32)),
        ],
    )


def _constant(name: str, array: np.ndarray) -> onnx.TensorProto:
    return numpy_helper.from_array(array, name)


def _save(graph: onnx.GraphProto, path: Path) -> None:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(path))
