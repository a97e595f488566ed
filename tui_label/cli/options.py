"""Options that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from tui_label.cli.start import Wishes
from tui_label.graphics.brands import PAINTERS


def model_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--model``: which segmenter."""
    return click.option(
        "--model",
        metavar="NAME|FOLDER|ENCODER,DECODER",
        envvar="TUI_LABEL_MODEL",
        help="A model by name (tui-label models list), a folder with its ONNX files, or the "
        "two files. Default: the best one installed, else the built-in.",
    )(function)


def graphics_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--graphics``: which painter."""
    return click.option(
        "--graphics",
        type=click.Choice(["auto", *PAINTERS]),
        default="auto",
        show_default=True,
        envvar="TUI_LABEL_GRAPHICS",
        help="How the picture is drawn; auto asks the terminal (see tui-label doctor).",
    )(function)


def app_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of everything that opens the app, handed on as one ``Wishes``."""

    @model_option
    @click.option(
        "--task",
        type=click.Choice(["detect", "segment"]),
        help="Write boxes or polygons. Default: what the labels there are hold, else boxes.",
    )
    @click.option(
        "--classes",
        metavar="NAME,NAME…",
        help="Class names, in order, where the dataset has none yet.",
    )
    @graphics_option
    @click.option(
        "--theme", default="dark", show_default=True, envvar="TUI_LABEL_THEME", help="Colours."
    )
    @functools.wraps(function)
    def wrapped(
        model: str | None,
        task: str | None,
        classes: str | None,
        graphics: str,
        theme: str,
        **rest: Any,
    ) -> Any:
        names = tuple(name.strip() for name in (classes or "").split(",") if name.strip())
        return function(wishes=Wishes(model, task, names, graphics, theme), **rest)

    return wrapped
