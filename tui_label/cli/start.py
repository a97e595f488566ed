"""From a path and wishes to the running app."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_label.errors import TerminalError, UserError
from tui_label.wording import printable

if TYPE_CHECKING:
    from tui_label.dataset.sources import Dataset
    from tui_label.graphics.capabilities import Capabilities
    from tui_label.labels.annotation import Task

_LOOKED_AT = 50
"""Label files read to find out what a dataset holds; the first one with objects decides."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line."""

    model: str | None = None
    task: str | None = None
    classes: tuple[str, ...] = ()
    graphics: str = "auto"
    theme: str = "dark"
    tour: bool = False


def label(path: Path, wishes: Wishes) -> None:
    """Open a dataset and label it until the person leaves.

    Raises:
        UserError: the dataset, the model or the terminal cannot be used.
    """
    from tui_label.dataset.sources import open_dataset

    # The path first: a typing mistake is told even where there is no terminal.
    dataset = open_dataset(path, wishes.classes)
    capabilities = ask_terminal()

    from tui_label.cli.models import install_command
    from tui_label.dataset.state import StateStore, image_key
    from tui_label.editor.session import LAST_IMAGE
    from tui_label.graphics.capabilities import choose
    from tui_label.segment.loading import load_segmenter
    from tui_label.tui.app import LabelApp, Setup
    from tui_label.tui.themes import load_theme

    theme = load_theme(wishes.theme)
    painter, _ = choose(capabilities, wishes.graphics)
    store = StateStore.open(dataset.root)
    try:
        keys = [image_key(image, dataset.root) for image in dataset.images]
        last = store.recall(LAST_IMAGE)
        app = LabelApp(
            Setup(
                dataset=dataset,
                store=store,
                load_segmenter=lambda: load_segmenter(wishes.model),
                capabilities=capabilities,
                painter=painter,
                task=task_of(dataset, wishes.task),
                theme=theme,
                install=install_command(),
                tour=wishes.tour,
                start=keys.index(last) if last in keys else 0,
            )
        )
        app.run()
    finally:
        store.close()
    _farewell(app.return_code, len(app.session.unsaved))


def ask_terminal() -> Capabilities:
    """What the terminal can do.

    Raises:
        TerminalError: there is none, or it is too small.
    """
    from tui_label.graphics.probe import probe

    if not (sys.stdin.isatty() and sys.stderr.isatty() and sys.stdout.isatty()):
        raise TerminalError(
            "The app needs a terminal, and input or output goes elsewhere.",
            "Run it in a terminal (ssh -t), or use: tui-label segment IMAGE --point X,Y",
        )
    return probe(sys.stdin.fileno(), sys.stdout.fileno())


def task_of(dataset: Dataset, wanted: str | None) -> Task:
    """What was asked for, else what the dataset's labels hold, else boxes."""
    from tui_label.labels.annotation import Task
    from tui_label.labels.files import read_label_file
    from tui_label.labels.paths import label_path
    from tui_label.labels.yolo import file_shape

    if wanted is not None:
        return Task(wanted)
    for image in dataset.images[:_LOOKED_AT]:
        try:
            shape = file_shape(read_label_file(label_path(image)).rows)
        except UserError:
            # An unreadable label file is told when its image is opened.
            continue
        if isinstance(shape, Task):
            return shape
    return Task.DETECT


def _farewell(code: int | None, unsaved: int) -> None:
    if unsaved:
        files = "1 label file" if unsaved == 1 else f"{unsaved} label files"
        click.echo(f"tui-label: {printable(files)} could not be saved.", err=True)
        sys.exit(6)
    if code:
        sys.exit(code)
