"""What the engine costs around the network's own run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.photos import Subject
from benchmarks.report import Report
from benchmarks.timing import Watch, milliseconds, side_by_side
from tui_label.geometry.boxes import Box
from tui_label.segment.builtin import BuiltinSegmenter
from tui_label.segment.frame import Frame
from tui_label.segment.prompting import prompt_tensors
from tui_label.segment.sam1 import Sam1Network, Sam1Segmenter
from tui_label.segment.types import Embedding, Prompt, PromptPoint, Segmenter

_BARE_LIMIT = 1.15  # x: the decoder's path against its own graph, for one click
_LARGE = 1250  # photo pixels: the longer side of a region that is called large
_OUTPUTS = ["iou_predictions", "low_res_masks"]


def network_of(segmenter: Segmenter) -> Sam1Network:
    """The network behind a segmenter, which is private to it: only its clock is read here.

    Raises:
        TypeError: a family of models that is not known here.
    """
    if not isinstance(segmenter, BuiltinSegmenter | Sam1Segmenter):
        raise TypeError(f"no benchmark for {type(segmenter).__name__}")
    return segmenter._network


def measure_engine(report: Report, segmenter: Segmenter, subject: Subject, repeats: int) -> None:
    """Encoder, decoder, regions and snapping on one photo."""
    network, photo = network_of(segmenter), subject.photo
    group = f"engine, {segmenter.title}"
    whole = Frame.whole(subject.size, network.side)
    few = max(3, repeats // 6)
    report.add(
        group,
        f"resize 12 MP to {network.side}",
        [milliseconds(lambda: network._resize(photo, whole.resized)) for _ in range(few)],
        "ms",
    )
    embedding = segmenter.embed(photo)
    report.add(
        group,
        "embed (with the resize)",
        [milliseconds(lambda: segmenter.embed(photo)) for _ in range(few)],
        "ms",
    )
    _measure_decoding(report, group, segmenter, embedding, subject, repeats)
    _measure_regions(report, group, segmenter, embedding, subject)


def _measure_decoding(
    report: Report,
    group: str,
    segmenter: Segmenter,
    embedding: Embedding,
    subject: Subject,
    repeats: int,
) -> None:
    network = network_of(segmenter)
    click = Prompt((PromptPoint(*subject.clicks[0]),))
    bare = _bare_run(network, embedding, click)
    # The path every SAM goes; the built-in segmenter does more around it.
    plain = Sam1Segmenter(network, segmenter.key, segmenter.title)
    alone, path = side_by_side(bare, lambda: plain.decode(embedding, click), repeats)
    report.add(group, "decoder alone, one click (session.run)", alone, "ms")
    report.add(group, "SAM v1 path, one click", path, "ms")
    report.add(group, "SAM v1 path / decoder alone", _ratio(path, alone), "x", _BARE_LIMIT)
    for name, prompts in _prompts(segmenter, embedding, subject):
        bares, ours, runs = [], [], []
        watch = Watch()
        for turn in range(max(3, repeats // 2)):
            prompt = prompts[turn % len(prompts)]
            with watch.over(network.pair.encoder, network.pair.decoder):
                watch.reset()
                segmenter.decode(embedding, prompt)
                runs.append(watch.runs)
            one, other = side_by_side(
                _bare_run(network, embedding, prompt),
                lambda prompt=prompt: segmenter.decode(embedding, prompt),  # type: ignore[misc]
                1,
            )
            bares.append(one[0])
            ours.append(other[0])
        report.add(group, f"{name}, all of it", ours, "ms")
        report.add(group, f"{name} / decoder alone", _ratio(np.array(ours), np.array(bares)), "x")
        report.add(group, f"{name}: runs of a graph, mean", float(np.mean(runs)), "x")


def _prompts(
    segmenter: Segmenter, embedding: Embedding, subject: Subject
) -> Iterator[tuple[str, list[Prompt]]]:
    """Prompts as the editor makes them: from the second click on with the logits before."""
    clicks = [Prompt((PromptPoint(x, y),)) for x, y in subject.clicks[:8]]
    yield "one click", clicks
    second = []
    for prompt in clicks:
        first = segmenter.decode(embedding, prompt).items[0]
        (point,) = prompt.points
        beside = PromptPoint(min(point.x + 60, subject.size.width - 1), point.y)
        second.append(Prompt((point, beside), None, first.logits))
    yield "two clicks", second
    limit = 0.4 * max(subject.size)
    boxes = subject.boxes[:32]
    yield "box, small object", [Prompt((), box) for box in boxes if _longer(box) < limit]
    yield "box, large object", [Prompt((), box) for box in boxes if _longer(box) >= limit]


def _measure_regions(
    report: Report, group: str, segmenter: Segmenter, embedding: Embedding, subject: Subject
) -> None:
    times: dict[str, list[float]] = {"up to": [], "over": []}
    snaps = []
    for x, y in subject.clicks:
        prompt = Prompt((PromptPoint(x, y),))
        items = segmenter.decode(embedding, prompt).items
        for item in items:
            took = milliseconds(lambda item=item: item.upsample(item.logits))  # type: ignore[misc]
            longer = _longer(item.region.box)
            times["over" if longer > _LARGE else "up to"].append(took)
        if segmenter.capability.snap:
            snaps.append(
                milliseconds(
                    lambda prompt=prompt, items=items: segmenter.snap(  # type: ignore[misc]
                        embedding, prompt, items[0]
                    )
                )
            )
    for name, samples in times.items():
        if samples:
            report.add(group, f"region, {name} {_LARGE} pixels long", samples, "ms")
    if snaps:
        report.add(group, "snap to edges, after the first answer", snaps, "ms")


def _bare_run(network: Sam1Network, embedding: Embedding, prompt: Prompt) -> Callable[[], object]:
    """``session.run`` of the decoder at a 1 x 1 output and nothing else; inputs made before."""
    frame = Frame.whole(embedding.size, embedding.side)
    points, labels = prompt_tensors(prompt, frame, pixel_index=not network.pair.is_ours)
    cells = network.cells
    blank = np.zeros((cells, cells), dtype=np.float32)
    feedback = blank if prompt.feedback is None else prompt.feedback
    feeds: dict[str, NDArray[Any]] = {
        "image_embeddings": embedding.features["image_embeddings"],
        "point_coords": points,
        "point_labels": labels,
        "mask_input": feedback.reshape(1, 1, cells, cells),
        "has_mask_input": np.array([prompt.feedback is not None], dtype=np.float32),
        "orig_im_size": np.ones(2, dtype=np.float32),
    }
    graph = network.pair.decoder
    typed = {tensor.name: feeds[tensor.name].astype(tensor.dtype) for tensor in graph.inputs}
    return lambda: graph._session.run(_OUTPUTS, typed)


def _ratio(ours: NDArray[np.float64], bare: NDArray[np.float64]) -> float:
    """Of each pair that was taken together; their median, which one disturbed run cannot move."""
    return float(np.median(ours / bare))


def _longer(box: Box) -> float:
    return max(box.width, box.height)
