"""From a path and wishes to the running app."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_label.cli.signals import ended_cleanly
from tui_label.errors import SaveError, TerminalError, UserError
from tui_label.wording import printable

if TYPE_CHECKING:
    from tui_label.dataset.sources import Dataset
    from tui_label.dataset.state import StateStore
    from tui_label.editor.session import Session
    from tui_label.graphics.capabilities import Capabilities
    from tui_label.labels.annotation import Task
    from tui_label.segment.types import Segmenter
    from tui_label.tui.themes import Theme

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
        UserError: the dataset, the model or the terminal cannot be used, or labels could not
            be saved.
    """
    from tui_label.dataset.classes import save_classes
    from tui_label.dataset.sources import open_dataset
    from tui_label.dataset.state import StateStore
    from tui_label.tui.themes import load_theme

    # The path first: a typing mistake is told even where there is no terminal.
    dataset = open_dataset(path, wishes.classes)
    theme = load_theme(wishes.theme)
    with ended_cleanly():
        capabilities = ask_terminal()
    notes = [*dataset.notes]
    if wishes.classes and dataset.classes.editable:
        try:
            dataset = replace(dataset, classes=save_classes(dataset.classes, dataset.root))
        except SaveError as error:
            notes.append(str(error))
    store = StateStore.open(dataset.root)
    notes.append(store.note)
    for note in filter(None, notes):
        # Still there to be read when the app has given the screen back.
        click.echo(f"tui-label: {printable(note)}", err=True)
    try:
        session, code = _run(dataset, store, capabilities, theme, wishes)
    finally:
        if store.note not in notes:
            notes.append(store.note)
            _tell(store.note)
        store.close()
    for folder in sorted(session.label_folders):
        _tell(f"labels are in {folder}")
    if session.unsaved:
        names = ", ".join(printable(image) for image in session.unsaved)
        raise SaveError(f"Labels could not be saved: {names}.")
    sys.exit(code)


def _tell(words: str) -> None:
    # The terminal may be gone by now, and with it whoever wanted to know.
    with contextlib.suppress(OSError):
        click.echo(f"tui-label: {printable(words)}", err=True)


def _run(
    dataset: Dataset,
    store: StateStore,
    capabilities: Capabilities,
    theme: Theme,
    wishes: Wishes,
) -> tuple[Session, int]:
    from tui_label.cli.crash import crash
    from tui_label.cli.models import install_command
    from tui_label.editor.session import LAST_IMAGE
    from tui_label.graphics.capabilities import choose
    from tui_label.graphics.probe import leave
    from tui_label.segment.loading import load_segmenter
    from tui_label.tui.app import LabelApp, Setup

    for name in ("COLUMNS", "LINES"):
        # Exported by some shells, and then believed more than the window itself.
        os.environ.pop(name, None)
    if capabilities.colours == "24bit":
        # ssh does not pass it on and xterm takes it away: words would have 16 colours beside a
        # picture with all of them.
        os.environ.setdefault("COLORTERM", "truecolor")
    load = partial(load_segmenter, wishes.model)
    if wishes.model is not None:
        # A model that was asked for is tried before the screen is taken over, so that what is
        # wrong with it can be read; the default one is loaded while the first photo is.
        load = partial(_as_it_is, load())
    painter, reason = choose(capabilities, wishes.graphics)
    app = LabelApp(
        Setup(
            dataset=dataset,
            store=store,
            load_segmenter=load,
            capabilities=capabilities,
            painter=painter,
            painter_reason=reason,
            graphics=wishes.graphics,
            task=task_of(dataset, wishes.task),
            theme=theme,
            install=install_command(),
            tour=wishes.tour,
            start=_position(dataset, store.recall(LAST_IMAGE)),
        )
    )
    try:
        with ended_cleanly():
            app.run()
    finally:
        leave(sys.stdin.fileno(), sys.stdout.fileno(), app.attachment.capabilities)
    if app.crash_details:
        raise crash(app.crash_details)
    return app.session, app.return_code or 0


def _position(dataset: Dataset, last: str | None) -> int:
    """Where the walk was left, 0 for a dataset that was never opened or has lost the image."""
    if last is None:
        return 0
    image = Path(os.path.normpath(dataset.root / last))
    return dataset.images.index(image) if image in dataset.images else 0


def _as_it_is(segmenter: Segmenter) -> Segmenter:
    return segmenter


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
