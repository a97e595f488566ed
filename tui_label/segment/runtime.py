"""ONNX Runtime sessions: how a graph is opened, how it is run, what goes wrong with it.

ONNX Runtime is imported when the first graph is opened, not with this module: the import
costs about 150 ms, which the first picture on the screen need not wait for.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui_label.errors import ModelError
from tui_label.wording import printable, reason_of

_FATAL = 4  # ONNX Runtime's highest severity: it writes to stderr, which is the person's screen
_DTYPES: Mapping[str, type[np.generic]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(uint8)": np.uint8,
    "tensor(bool)": np.bool_,
}

Shape = tuple[int | None, ...]  # None where the graph leaves the size open


@dataclass(frozen=True, slots=True)
class Tensor:
    """One input or output of a graph: its name, its shape, its numpy type."""

    name: str
    shape: Shape
    dtype: np.dtype[Any]

    def __str__(self) -> str:
        """As sentences show it: ``point_coords[1,?,2]``."""
        sizes = ",".join("?" if size is None else str(size) for size in self.shape)
        return f"{printable(self.name)}[{sizes}]"


class Graph:
    """One opened ONNX file.

    State: the ONNX Runtime session, which is safe to run from one thread at a time; the
    inference worker owns it.
    """

    def __init__(self, path: Path, session: Any) -> None:
        self.path = path
        self.inputs = tuple(_tensor(one) for one in session.get_inputs())
        self.outputs = tuple(_tensor(one) for one in session.get_outputs())
        self._session = session
        self._types = {tensor.name: tensor.dtype for tensor in self.inputs}

    def run(self, feeds: Mapping[str, NDArray[Any]], names: list[str]) -> list[NDArray[Any]]:
        """The outputs called ``names``, from inputs bound by name and cast to the graph's types.

        Raises:
            ModelError: ONNX Runtime refused or failed (shapes that do not fit, out of memory).
        """
        typed = {
            name: np.ascontiguousarray(array, dtype=self._types[name])
            for name, array in feeds.items()
            if name in self._types
        }
        try:
            results: list[NDArray[Any]] = self._session.run(names, typed)
        # ONNX Runtime raises its own unrelated exception classes, RuntimeError and MemoryError
        # from here, and all of them mean the same to the person: this model does not run.
        except Exception as error:
            raise ModelError(
                f"The model {printable(self.path.name)} failed while it ran: {_first_line(error)}",
                "Try another model (tui-label models list).",
            ) from error
        return results


def open_graph(path: Path, *, arena: bool = True) -> Graph:
    """Open an ONNX file on the CPU.

    Args:
        path: the ``.onnx`` file; external weights are looked for beside it.
        arena: keep freed memory for the next run. Off for big encoders, which run once a
            photo: SAM ViT-B peaks at 3.9 GB instead of 6.9 GB at the same speed.

    Raises:
        ModelError: the file is missing, is not readable, or is no (whole) ONNX model.
    """
    try:
        there = path.is_file()
    except OSError as error:
        raise ModelError(
            f"The model file {printable(path)} cannot be read: {reason_of(error)}.",
            "Check the path, or list models with tui-label models list.",
        ) from error
    if not there:
        raise ModelError(
            f"The model file {printable(path)} does not exist.",
            "Check the path, or list models with tui-label models list.",
        )
    # Since 1.32 ONNX Runtime makes a device id and collects usage events to send, from the
    # moment of its import; nobody who labels on a private server has agreed to that.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime as ort  # noqa: PLC0415  (see the module's docstring)

    ort.set_default_logger_severity(_FATAL)
    options = ort.SessionOptions()
    options.intra_op_num_threads = available_cores()
    options.inter_op_num_threads = 1
    # The same latency (32 against 33 ms a click) for half the CPU time.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = _FATAL
    options.enable_cpu_mem_arena = arena
    try:
        session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    # As in Graph.run: the classes differ by what is wrong with the file, the sentence does not.
    except Exception as error:
        raise ModelError(
            f"The model file {printable(path)} cannot be opened: {_first_line(error)}",
            "It may be damaged or cut short: download it again.",
        ) from error
    return Graph(path, session)


def available_cores() -> int:
    """Cores that this process may really use: its affinity, cut by the container's quota.

    ONNX Runtime's own default counts the machine's cores, and on a shared GPU server that is
    a hundred threads on the two cores that one was given.
    """
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS has no affinity
        cores = os.cpu_count() or 1
    return max(1, min(cores, _quota(Path("/sys/fs/cgroup")) or cores))


def _quota(root: Path) -> int | None:
    """The cgroup's CPU quota in whole cores (version 2, then 1); ``None`` where there is none."""
    try:
        allowed, period = (root / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            allowed = (root / "cpu/cpu.cfs_quota_us").read_text().strip()
            period = (root / "cpu/cpu.cfs_period_us").read_text().strip()
        except OSError:
            return None
    try:
        cores = int(allowed) / int(period)
    except (ValueError, ZeroDivisionError):  # "max": no quota
        return None
    return math.ceil(cores) if cores > 0 else None


def _tensor(described: Any) -> Tensor:
    shape = tuple(size if isinstance(size, int) and size > 0 else None for size in described.shape)
    return Tensor(described.name, shape, np.dtype(_DTYPES.get(described.type, np.float32)))


_ORT_PREFIX = re.compile(r"^\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : |Load model from .*? failed: ?")


def _first_line(error: Exception) -> str:
    """What ONNX Runtime says, without its codes and the path, which the sentence has already."""
    text = _ORT_PREFIX.sub("", str(error).strip()).splitlines()
    return printable(text[0][:200]) if text else type(error).__name__
