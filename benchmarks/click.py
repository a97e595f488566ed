"""What a click costs: around the network, until the bytes are ready, and on the wire.

    python -m benchmarks.click [--quick] [--json FILE] [--photo FILE] [--model MODEL]

The table and what its rows mean: ``docs/benchmarks.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.painting import measure_clicks
from benchmarks.photos import subject
from benchmarks.report import Report, parser, publish
from benchmarks.segmenting import measure_engine
from benchmarks.starting import measure_start
from benchmarks.ways import QUICK, WAYS
from tui_label.errors import UserError
from tui_label.segment.loading import load_segmenter

_CLICKS = 36
_REPEATS = 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; 0 whatever the figures are, 2 when a file given here is unusable."""
    options = parser("click", "What a click costs, per painter.")
    options.add_argument("--photo", type=Path, metavar="FILE", help="instead of a drawn photo")
    options.add_argument(
        "--model",
        metavar="MODEL",
        help="measure this engine too: an id, a folder, or ENCODER.onnx,DECODER.onnx",
    )
    given = options.parse_args(arguments)
    clicks, repeats = (8, 6) if given.quick else (_CLICKS, _REPEATS)
    try:
        place = subject(clicks, quick=given.quick, file=given.photo)
        builtin = load_segmenter("builtin")
        other = None if given.model is None else load_segmenter(given.model)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    report = Report("click")
    measure_engine(report, builtin, place, repeats)
    if other is not None:
        measure_engine(report, other, place, repeats)
    measure_clicks(report, builtin, place, QUICK if given.quick else WAYS)
    if not given.quick:
        from benchmarks.terminal import measure_terminal

        measure_terminal(report, place)
    measure_start(report, 3 if given.quick else 11)
    publish(report, given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
