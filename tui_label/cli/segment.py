"""``tui-label segment``: the same engine without a screen."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_label.cli.options import model_option
from tui_label.errors import ModelError, SaveError
from tui_label.wording import printable, reason_of

if TYPE_CHECKING:
    from tui_label.geometry.boxes import Box, Size
    from tui_label.geometry.masks import Region
    from tui_label.segment.types import Prompt, PromptPoint


@click.command()
@click.argument("image", type=click.Path(path_type=Path))
@click.option(
    "--point",
    "points",
    multiple=True,
    metavar="X,Y[,-]",
    help="A pixel that belongs to the object, or (,-) does not. Any number of times.",
)
@click.option(
    "--box",
    "boxes",
    multiple=True,
    metavar="X1,Y1,X2,Y2",
    help="A box around the object, pixels. Once with points; several times: one object each.",
)
@model_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "yolo", "png"]),
    default="json",
    show_default=True,
    help="json: all that is known; yolo: label rows; png: the mask, 255 inside.",
)
@click.option(
    "--task",
    type=click.Choice(["detect", "segment"]),
    default="segment",
    show_default=True,
    help="Rows of --format yolo: boxes or polygons.",
)
@click.option(
    "--class", "class_id", type=click.IntRange(0, 2**24), default=0, help="Class of yolo rows."
)
@click.option("--snap/--no-snap", default=True, help="Draw the mask to the edges of the photo.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file instead of standard output."
)
def segment(
    image: Path,
    points: tuple[str, ...],
    boxes: tuple[str, ...],
    model: str | None,
    form: str,
    task: str,
    class_id: int,
    snap: bool,
    output: Path | None,
) -> None:
    """Segment one object of IMAGE from points and a box, or one object a box."""
    prompts = _prompts(points, boxes)

    from tui_label.dataset.photos import open_photo
    from tui_label.segment.loading import load_segmenter
    from tui_label.segment.looking import size_of

    photo = open_photo(image)
    _check_inside(prompts, size_of(photo))
    segmenter = load_segmenter(model)
    embedding = segmenter.embed(photo)
    found = []
    for prompt in prompts:
        candidates = segmenter.decode(embedding, prompt)
        best = candidates.items[0]
        if snap and segmenter.capability.snap:
            best = segmenter.snap(embedding, prompt, best)
        found.append((best.score, best.region, candidates.decode_ms))

    if form == "json":
        objects = [
            _described(score, region, segmenter.title, embedding.encode_ms, ms)
            for score, region, ms in found
        ]
        _write(output, (json.dumps(objects[0] if len(objects) == 1 else objects) + "\n").encode())
    elif form == "yolo":
        _write(output, _rows([region for _, region, _ in found], class_id, task))
    else:
        _write(output, _png([region for _, region, _ in found]))


def _prompts(points: tuple[str, ...], boxes: tuple[str, ...]) -> list[Prompt]:
    from tui_label.segment.types import Prompt

    dots = tuple(_point(word) for word in points)
    frames = [_box(word) for word in boxes]
    if not dots and not frames:
        raise click.UsageError("Say where the object is: --point X,Y or --box X1,Y1,X2,Y2.")
    if dots and len(frames) > 1:
        raise click.UsageError("Points go with one box at most; several boxes are one object each.")
    prompts = [Prompt(dots, frame) for frame in frames] or [Prompt(dots)]
    if prompts[0].is_empty:
        raise click.UsageError("Negative points alone name no object; add a positive one or a box.")
    return prompts


def _check_inside(prompts: list[Prompt], size: Size) -> None:
    # The app's cursor cannot leave the photo; a script's arithmetic can, and a mask at the
    # nearest border would look like an answer.
    for prompt in prompts:
        for point in prompt.points:
            if not (0 <= point.x <= size.width and 0 <= point.y <= size.height):
                raise click.UsageError(
                    f"The point {point.x - 0.5:g},{point.y - 0.5:g} lies outside the photo, "
                    f"which has {size.width} × {size.height} pixels."
                )
        if prompt.box is not None and prompt.box.clipped(size).area <= 0:
            raise click.UsageError(
                f"The box lies outside the photo, which has {size.width} × {size.height} pixels."
            )


def _point(word: str) -> PromptPoint:
    from tui_label.segment.types import PromptPoint

    parts = word.split(",")
    positive = True
    if len(parts) == 3 and parts[2] in {"-", "+"}:
        positive = parts.pop() == "+"
    x, y = _numbers(word, parts, 2, "--point X,Y or X,Y,-")
    # A pixel is named by its column and row; its centre is meant.
    return PromptPoint(x + 0.5, y + 0.5, positive)


def _box(word: str) -> Box:
    from tui_label.geometry.boxes import Box

    box = Box.from_corners(*_numbers(word, word.split(","), 4, "--box X1,Y1,X2,Y2"))
    if box.area <= 0:
        raise click.UsageError(f"The box “{printable(word)}” has no area.")
    return box


def _numbers(word: str, parts: list[str], count: int, form: str) -> list[float]:
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) != count or not all(abs(number) < 1e9 for number in numbers):
        raise click.UsageError(f"“{printable(word)}” is not written {form}.")
    return numbers


def _described(
    score: float, region: Region, model: str, encode_ms: float, decode_ms: float
) -> dict[str, object]:
    from tui_label.geometry.polygons import ring_of

    box = region.box
    polygon = [] if region.is_empty else ring_of(region).round(2).tolist()
    return {
        "score": round(score, 4),
        "box": [box.x1, box.y1, box.x2, box.y2],
        "polygon": polygon,
        "area": region.area,
        "size": [region.size.width, region.size.height],
        "model": model,
        "encode_ms": round(encode_ms, 1),
        "decode_ms": round(decode_ms, 1),
    }


def _rows(regions: list[Region], class_id: int, task: str) -> bytes:
    from tui_label.editor.labelling import annotation_of
    from tui_label.labels.annotation import Task
    from tui_label.labels.yolo import content_of, row_of

    if any(region.is_empty for region in regions):
        # No rows at all would be a label file that says: this photo is background.
        raise ModelError("The model sees no object there.", "Move the point or draw the box anew.")
    return content_of(row_of(annotation_of(region, class_id, Task(task))) for region in regions)


def _png(regions: list[Region]) -> bytes:
    import cv2
    import numpy as np

    from tui_label.geometry.masks import full_mask

    mask = np.zeros((regions[0].size.height, regions[0].size.width), dtype=np.uint8)
    for region in regions:
        mask[full_mask(region)] = 255
    return cv2.imencode(".png", mask)[1].tobytes()


def _write(output: Path | None, content: bytes) -> None:
    from tui_label.labels.replacing import replace_file

    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        if output.exists() and not output.is_file():
            output.write_bytes(content)  # a device or a pipe is written to, not replaced
        else:
            replace_file(output, content)
    except OSError as error:
        raise SaveError(
            f"{printable(output)} could not be written ({reason_of(error)}).",
            "Name another file with -o.",
        ) from error
