"""How long the shortest command takes to answer."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.report import Report
from benchmarks.timing import side_by_side

_LIMIT = 1.2  # x: --version against the import of Textual alone, which it must not need


def measure_start(report: Report, repeats: int) -> None:
    """``tui-label --version`` against ``import textual``, whole processes, in turns."""

    def ours() -> None:
        _run("-m", "tui_label", "--version")

    def theirs() -> None:
        _run("-c", "import textual")

    version, textual = side_by_side(ours, theirs, repeats)
    group = "start"
    report.add(group, "tui-label --version", version, "ms")
    report.add(group, 'python -c "import textual"', textual, "ms")
    ratio = sorted(version / textual)[len(version) // 2]
    report.add(group, "--version / import textual", ratio, "x", _LIMIT)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
