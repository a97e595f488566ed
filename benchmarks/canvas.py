"""What the canvas sends and what it costs, painter by painter, and beside textual-image.

    python -m benchmarks.canvas [--quick] [--json FILE] [--photo FILE]

The table and what its rows mean: ``docs/benchmarks.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.beside import measure_beside
from benchmarks.painting import measure_painters
from benchmarks.photos import real_subject, subject
from benchmarks.report import Report, parser, publish
from benchmarks.waiting import measure_waiting
from benchmarks.ways import QUICK, WAYS
from tui_label.errors import UserError
from tui_label.segment.loading import load_segmenter

_CLICKS = 36


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; 0 whatever the figures are, 2 when a file given here is unusable."""
    options = parser("canvas", "What the canvas sends and what it costs.")
    options.add_argument("--photo", type=Path, metavar="FILE", help="instead of the real one")
    given = options.parse_args(arguments)
    clicks = 2 if given.quick else _CLICKS
    try:
        if given.photo is not None:
            place = subject(clicks, quick=given.quick, file=given.photo)
        else:
            place = real_subject(clicks, quick=given.quick)
        segmenter = load_segmenter("builtin")
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    report = Report("canvas")
    measure_painters(report, segmenter, place, QUICK if given.quick else WAYS)
    measure_beside(report, segmenter, place, quick=given.quick)
    measure_waiting(report, segmenter, place, quick=given.quick)
    publish(report, given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
