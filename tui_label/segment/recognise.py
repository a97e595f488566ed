"""From files to a segmenter: which file is which half of a model, and whether it really runs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from tui_label.errors import ModelError
from tui_label.geometry.boxes import Size
from tui_label.segment.builtin import BuiltinSegmenter
from tui_label.segment.frame import Frame
from tui_label.segment.resize import resize_antialiased, resize_area
from tui_label.segment.runtime import Graph, open_graph
from tui_label.segment.sam1 import Sam1Network, Sam1Segmenter
from tui_label.segment.signature import Pair, not_understood, pair, read_decoder, read_encoder
from tui_label.segment.types import Prompt, PromptPoint, Segmenter
from tui_label.wording import printable, reason_of

# Encoders above this keep no arena: SAM ViT-B (359 MB) holds 3 GB more with it.
_BIG_ENCODER = 150_000_000


def recognise(
    files: tuple[Path, ...], key: str | None = None, title: str | None = None
) -> Segmenter:
    """A segmenter from an encoder and a decoder, given in any order.

    Each file is told by its tensors (:mod:`~tui_label.segment.signature`), never by its name;
    then a grey picture is run through both.

    Args:
        files: one or two; for one its partner is looked for in the same folder.
        key: see :class:`~tui_label.segment.types.Segmenter`; from the files when not given.
        title: for the screen; the encoder's name when not given.

    Raises:
        ModelError: a file is damaged, is no half of a SAM v1 model, lacks its partner, does
            not fit it, or gives wrong shapes or numbers when run.
    """
    found = _paired(_graphs(files), files)
    ours = found.is_ours
    network = Sam1Network(found, resize_area if ours else resize_antialiased)
    _try_out(network)
    key = key or _key(found)
    title = title or printable(found.encoder.path.stem)
    if ours:
        return BuiltinSegmenter(network, key, title)
    return Sam1Segmenter(network, key, title)


def onnx_files(folder: Path) -> tuple[Path, ...]:
    """The ``.onnx`` files of a folder, by name.

    Raises:
        ModelError: the folder cannot be read or holds none.
    """
    try:
        files = tuple(sorted(path for path in folder.iterdir() if path.suffix == ".onnx"))
    except OSError as error:
        raise ModelError(
            f"The folder {printable(folder)} cannot be read: {reason_of(error)}."
        ) from error
    if not files:
        raise ModelError(
            f"There is no .onnx file in the folder {printable(folder)}.",
            "Give the folder with a model's encoder and decoder.",
        )
    return files


def _graphs(files: tuple[Path, ...]) -> tuple[Graph, ...]:
    return tuple(open_graph(path, arena=_keeps_arena(path)) for path in files)


def _keeps_arena(path: Path) -> bool:
    try:
        return path.stat().st_size < _BIG_ENCODER
    except (OSError, ValueError):  # open_graph says what is wrong with it
        return True


def _paired(graphs: tuple[Graph, ...], files: tuple[Path, ...]) -> Pair:
    """The one encoder with the one decoder; a lone half finds its partner beside it."""
    if len(files) == 1:
        graphs += _partners(graphs[0])
    encoders = [graph for graph in graphs if read_encoder(graph) is not None]
    decoders = [graph for graph in graphs if read_decoder(graph) is not None]
    if len(encoders) == 1 and len(decoders) == 1:
        return pair(encoders[0], decoders[0])
    if len(graphs) <= 2:
        for graph in graphs:
            if read_encoder(graph) is None and read_decoder(graph) is None:
                raise not_understood(graph)
    where = printable(files[0].parent)
    raise ModelError(
        f"A model needs one encoder and one decoder; in {where} there are "
        f"{_named(encoders, 'encoder')} and {_named(decoders, 'decoder')}.",
        "Name the two files: --model ENCODER.onnx,DECODER.onnx.",
    )


def _partners(half: Graph) -> tuple[Graph, ...]:
    """The files beside a lone half that could complete it."""
    if read_encoder(half) is None and read_decoder(half) is None:
        raise not_understood(half)
    others = [path for path in onnx_files(half.path.parent) if path != half.path]
    is_partner = read_decoder if read_encoder(half) is not None else read_encoder
    found = []
    for path in others:
        try:
            graph = open_graph(path, arena=_keeps_arena(path))
        except ModelError:  # it was not asked for; that it is damaged is nobody's concern
            continue
        if is_partner(graph) is not None:
            found.append(graph)
    return tuple(found)


def _try_out(network: Sam1Network) -> None:
    """Run a small grey picture with a click through both graphs.

    Raises:
        ModelError: a graph fails, or answers in another shape than it promised.
    """
    size = Size(48, 32)
    picture = np.full((size.height, size.width, 3), 128, dtype=np.uint8)
    picture[8:24, 16:32] = 220
    frame = Frame.whole(size, network.side)
    features = network.encode(picture, frame)
    decoded = network.pair.decoded
    promised = (1, decoded.channels, decoded.grid, decoded.grid)
    if features.ndim != 4 or any(
        size not in (None, given) for size, given in zip(promised, features.shape, strict=True)
    ):
        raise ModelError(
            f"The encoder {printable(network.pair.encoder.path.name)} gave an embedding of shape "
            f"{list(features.shape)}, but the decoder takes {list(promised)}.",
            "They belong to different models: give two files from the same export.",
        )
    answer = network.decode(features, frame, Prompt((PromptPoint(24.0, 16.0),)))
    if answer.scores.size == 0 or answer.scores.size != len(answer.logits):
        raise ModelError(
            f"The decoder {printable(network.pair.decoder.path.name)} gave "
            f"{len(answer.logits)} masks and {answer.scores.size} scores.",
            "It is not a SAM v1 decoder that tui-label knows.",
        )


def _key(found: Pair) -> str:
    """From path, size and time of both files: hashing 2.5 GB would hold up every start."""
    digest = hashlib.sha256()
    for graph in (found.encoder, found.decoder):
        status = graph.path.stat()
        digest.update(f"{graph.path.resolve()}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return f"files-{digest.hexdigest()[:16]}"


def _named(graphs: list[Graph], what: str) -> str:
    if not graphs:
        return f"no {what}"
    names = ", ".join(printable(graph.path.name) for graph in graphs[:4])
    return f"{len(graphs)} {what}{'s' if len(graphs) > 1 else ''} ({names})"
