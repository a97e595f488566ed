"""``tui-label PATH``: label images."""

from __future__ import annotations

from pathlib import Path

import click

from tui_label.cli.options import app_options
from tui_label.cli.start import Wishes, label


@click.command("open")
@click.argument("path", type=click.Path(path_type=Path))
@app_options
def open_path(path: Path, wishes: Wishes) -> None:
    """Label an image, a folder, a list of images (.txt) or a data.yaml.

    Labels go where Ultralytics looks for them: a folder named images has its labels in the
    folder labels beside it; otherwise they stand beside the images.
    """
    label(path, wishes)
