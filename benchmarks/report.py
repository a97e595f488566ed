"""How every benchmark reports: a table for people, one JSON for programs.

Machines differ and are shared, so what has a bound is a ratio or a number of bytes where
that is possible, medians stand before everything else, and no figure ends with an error.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tui_label.segment.runtime import available_cores

_LIBRARIES = ("numpy", "onnxruntime", "opencv-python-headless", "pillow", "textual")
_DIGITS = 3  # of any figure that is shown; the JSON has them all


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``value`` is a median unless ``name`` says otherwise; ``p95`` where it varies.

    ``group`` is what was measured, e.g. a painter; ``unit`` is ``ms``, ``B``,
    ``%`` or ``x`` (a ratio).
    """

    group: str
    name: str
    value: float
    unit: str
    p95: float | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure that has a limit; a benchmark reports it and never fails by it."""

    name: str
    value: float
    limit: float
    unit: str

    @property
    def ok(self) -> bool:
        """Whether the figure is within its limit."""
        return self.value <= self.limit


@dataclass(slots=True)
class Report:
    """The figures of one benchmark, in the order in which they were measured."""

    benchmark: str
    rows: list[Row] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)

    def add(
        self,
        group: str,
        name: str,
        samples: Sequence[float] | NDArray[np.float64] | float,
        unit: str,
        limit: float | None = None,
    ) -> None:
        """A figure, or the median and the 95th percentile of several; bounded by ``limit``."""
        values = np.atleast_1d(np.asarray(samples, dtype=np.float64))
        value = float(np.median(values))
        p95 = float(np.percentile(values, 95)) if values.size > 1 else None
        self.rows.append(Row(group, name, value, unit, p95))
        if limit is not None:
            self.bounds.append(Bound(f"{group}: {name}", value, limit, unit))

    def as_json(self) -> str:
        """``{"benchmark", "machine", "rows", "bounds"}``, indented."""
        return json.dumps(
            {
                "benchmark": self.benchmark,
                "machine": machine(),
                "rows": [_filled(row) for row in self.rows],
                "bounds": [
                    {
                        "name": bound.name,
                        "value": bound.value,
                        "limit": bound.limit,
                        "unit": bound.unit,
                        "ok": bound.ok,
                    }
                    for bound in self.bounds
                ],
            },
            indent=2,
        )

    def as_text(self) -> str:
        """The table: figures by group, then the bounds."""
        return "\n".join([*self._figures(), "", *self._limits()])

    def _figures(self) -> Iterator[str]:
        width = max((len(row.name) for row in self.rows), default=0)
        group = None
        for row in self.rows:
            if row.group != group:
                group = row.group
                yield f"\n{group}"
            high = "" if row.p95 is None else f"p95 {shown(row.p95, row.unit):>10}"
            yield f"  {row.name:<{width}}  {shown(row.value, row.unit):>10}  {high}".rstrip()

    def _limits(self) -> Iterator[str]:
        width = max((len(bound.name) for bound in self.bounds), default=0)
        yield f"{'bound':<{width}}  {'measured':>10}  {'at most':>10}"
        for bound in self.bounds:
            value, limit = shown(bound.value, bound.unit), shown(bound.limit, bound.unit)
            yield f"{bound.name:<{width}}  {value:>10}  {limit:>10}  {'ok' if bound.ok else 'OVER'}"


def shown(value: float, unit: str) -> str:
    """Three digits and a unit: ``1.23 ms``, ``4.56 KB``, ``1.07 x``."""
    if unit == "B" and abs(value) >= 1000:
        for larger in ("KB", "MB"):
            value, unit = value / 1000, larger
            if abs(value) < 1000:
                break
    if unit == "B":
        return f"{value:.0f} B"
    whole = len(str(int(abs(value))))
    return f"{value:.{max(0, _DIGITS - whole)}f} {unit}"


def machine() -> dict[str, str | int]:
    """What the figures depend on, without anything that names a host."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": os.cpu_count() or 1,
        "cores_available": available_cores(),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def parser(benchmark: str, about: str) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    options = argparse.ArgumentParser(prog=f"python -m benchmarks.{benchmark}", description=about)
    options.add_argument("--quick", action="store_true", help="few repeats: does it run at all?")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return options


def publish(report: Report, file: Path | None) -> None:
    """Print the table, and write the JSON where one was asked for."""
    print(report.as_text())
    if file is not None:
        file.write_text(report.as_json() + "\n", encoding="utf-8")


def _filled(row: Row) -> dict[str, str | float]:
    fields: dict[str, str | float] = {
        "group": row.group,
        "name": row.name,
        "value": row.value,
        "unit": row.unit,
    }
    return fields if row.p95 is None else fields | {"p95": row.p95}
