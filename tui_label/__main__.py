"""``python -m tui_label`` is the same as the ``tui-label`` command."""

from tui_label.cli.main import run

run()
