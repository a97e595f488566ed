"""``tui-label demo``: the first minute."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from tui_label.cli.options import app_options
from tui_label.cli.start import Wishes, label
from tui_label.wording import printable


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@app_options
def demo(folder: Path | None, wishes: Wishes) -> None:
    """Label a handful of scenes that the program draws itself, with a guided first minute.

    The scenes and your labels are kept in FOLDER (your user data folder unless you name
    one); labels that are there already stay.
    """
    import platformdirs

    from tui_label.dataset.demo import write_demo

    place = folder or Path(platformdirs.user_data_dir("tui-label", appauthor=False)) / "demo"
    click.echo(f"tui-label: the demo scenes are in {printable(place)}", err=True)
    label(write_demo(place), replace(wishes, tour=True))
