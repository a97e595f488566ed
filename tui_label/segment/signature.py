"""What an ONNX file is, told from its inputs and outputs; names of files mean nothing.

SAM v1 alone is understood so far: the signatures of segment_anything's
``export_onnx_model.py`` (decoder), samexporter (encoder that takes height x width x 3 and
normalises inside), labelme and osam (encoder that takes 1 x 3 x side x side, normalised).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tui_label.errors import ModelError
from tui_label.segment.runtime import Graph, Tensor
from tui_label.wording import printable

Layout = Literal["hwc", "nchw"]

DECODER_INPUTS = (
    "image_embeddings",
    "point_coords",
    "point_labels",
    "mask_input",
    "has_mask_input",
    "orig_im_size",
)
DECODER_OUTPUTS = ("iou_predictions", "low_res_masks")
# SAM v1's low-res masks are a quarter of its square; needed where an encoder leaves its
# height and width open.
_SQUARE_PER_CELL = 4


@dataclass(frozen=True, slots=True)
class EncoderSignature:
    """A SAM v1 encoder: input and output name, layout, ``side`` where fixed, embedding's shape."""

    input: str
    output: str
    layout: Layout
    side: int | None
    channels: int | None
    grid: int | None


@dataclass(frozen=True, slots=True)
class DecoderSignature:
    """A SAM v1 decoder: embedding's shape, cells a side of its logits.

    ``raw_masks``: its ``masks`` are the low-res logits again, which is how our own training
    exports; those encoders take edge-frame points and normalise inside.
    """

    channels: int | None
    grid: int | None
    cells: int
    raw_masks: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """An encoder and a decoder that fit each other; ``side`` is the square's."""

    encoder: Graph
    decoder: Graph
    encoded: EncoderSignature
    decoded: DecoderSignature
    side: int

    @property
    def is_ours(self) -> bool:
        """Whether it comes from this project's own training."""
        return self.decoded.raw_masks


def read_encoder(graph: Graph) -> EncoderSignature | None:
    """The file as a SAM v1 encoder; ``None`` when it is not one."""
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        return None
    taken, given = graph.inputs[0], graph.outputs[0]
    if len(given.shape) != 4:
        return None
    channels, grid = given.shape[1], given.shape[2]
    if grid != given.shape[3]:
        return None
    if len(taken.shape) == 3 and taken.shape[2] == 3:
        height, width = taken.shape[:2]
        if (height, width) != (None, None) and height != width:
            return None
        return EncoderSignature(taken.name, given.name, "hwc", height, channels, grid)
    if len(taken.shape) == 4 and taken.shape[1] == 3:
        side = taken.shape[2]
        if side is None or side != taken.shape[3]:
            return None
        return EncoderSignature(taken.name, given.name, "nchw", side, channels, grid)
    return None


def read_decoder(graph: Graph) -> DecoderSignature | None:
    """The file as a SAM v1 decoder; ``None`` when it is not one."""
    inputs = {tensor.name: tensor for tensor in graph.inputs}
    outputs = {tensor.name: tensor for tensor in graph.outputs}
    if set(inputs) != set(DECODER_INPUTS) or not set(DECODER_OUTPUTS) <= set(outputs):
        return None
    embedding, mask = inputs["image_embeddings"].shape, inputs["mask_input"].shape
    if len(embedding) != 4 or len(mask) != 4 or mask[2] is None or mask[2] != mask[3]:
        return None
    masks = outputs.get("masks")
    raw = masks is not None and masks.shape == outputs["low_res_masks"].shape
    fixed = masks is not None and None not in masks.shape
    return DecoderSignature(embedding[1], embedding[2], mask[2], raw and fixed)


def pair(encoder: Graph, decoder: Graph) -> Pair:
    """Match two files, already told apart.

    Raises:
        ModelError: one of them is not what it should be, or they do not fit each other.
    """
    encoded, decoded = read_encoder(encoder), read_decoder(decoder)
    if encoded is None:
        raise not_understood(encoder)
    if decoded is None:
        raise not_understood(decoder)
    side = encoded.side or decoded.cells * _SQUARE_PER_CELL
    sizes = ((encoded.channels, decoded.channels), (encoded.grid, decoded.grid))
    fit = all(one == other or None in (one, other) for one, other in sizes)
    if not fit or side % decoded.cells:
        raise ModelError(
            f"The encoder {printable(encoder.path.name)} gives {_listed(encoder.outputs)}, but the "
            f"decoder {printable(decoder.path.name)} takes {_listed(decoder.inputs)}.",
            "They belong to different models: give two files from the same export.",
        )
    return Pair(encoder, decoder, encoded, decoded, side)


def not_understood(graph: Graph) -> ModelError:
    """The error for a file that is neither half of a SAM v1 model, with what was seen in it."""
    return ModelError(
        f"The model file {printable(graph.path)} is neither a SAM v1 encoder nor a SAM v1 decoder: "
        f"it takes {_listed(graph.inputs)} and gives {_listed(graph.outputs)}.",
        "Give the encoder and the decoder of a Segment Anything (v1) export.",
    )


def _listed(tensors: tuple[Tensor, ...]) -> str:
    shown = ", ".join(str(tensor) for tensor in tensors[:8])
    return shown + (" and more" if len(tensors) > 8 else "")
