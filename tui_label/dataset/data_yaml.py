"""Ultralytics' ``data.yaml``: where the images of a dataset are, and its class names.

Only ever read, never written, and its ``download:`` (Python code, to Ultralytics) is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tui_label.errors import InputError
from tui_label.wording import printable, reason_of

MAX_CLASSES = 100_000
"""A bound on class numbers, so that a typing error in a key does not fill the memory."""

_SPLITS = (("train",), ("val", "validation"), ("test",))
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class DataYaml:
    """What a ``data.yaml`` says.

    ``path`` is its ``path:`` as written, empty where there is none. ``splits`` are the
    entries of train, val and test, in this order, each with the name of its split.
    ``notes`` are sentences about what is odd in it.
    """

    path: str
    splits: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    notes: tuple[str, ...]


def read_data_yaml(source: Path) -> DataYaml:
    """Read a ``data.yaml``; images and splits need not exist.

    Raises:
        InputError: the file cannot be read, is not YAML (with the line), or says something
            that cannot be understood.
    """
    content = _parsed(source)
    splits = tuple(
        (keys[0], entry)
        for keys in _SPLITS
        for key in keys
        for entry in _strings(source, key, content.get(key))
    )
    names, notes = _names(source, content)
    path = content.get("path", "")
    if not isinstance(path, str):
        raise _misunderstood(source, "`path` must be one folder")
    return DataYaml("" if path in _NOTHING else path, splits, names, notes)


def _parsed(source: Path) -> dict[str, Any]:
    name = printable(source)
    try:
        # The base loader is as safe as the safe one and keeps every scalar as written: a
        # class named `no` stays "no" and does not become False.
        content = yaml.load(source.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except OSError as error:
        raise InputError(f"{name} cannot be read: {reason_of(error)}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text (byte {error.start}).") from error
    except yaml.YAMLError as error:
        raise _broken(source, error) from error
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply to be read.") from error
    if not isinstance(content, dict):
        raise _misunderstood(source, "it has no keys such as `train`, `val` and `names`")
    return {key: value for key, value in content.items() if isinstance(key, str)}


def _broken(source: Path, error: yaml.YAMLError) -> InputError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    line = f":{mark.line + 1}" if mark else ""
    return InputError(
        f"{printable(source)}{line} is not valid YAML ({printable(str(problem))}).",
        "Correct the file and open it again.",
    )


def _misunderstood(source: Path, why: str) -> InputError:
    return InputError(f"{printable(source)} cannot be used: {why}.", "Correct the file.")


def _strings(source: Path, key: str, value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    strings = tuple(entry for entry in values if isinstance(entry, str))
    if len(strings) != len(values):
        raise _misunderstood(source, f"`{key}` must be a path or a list of paths")
    return tuple(entry for entry in strings if entry not in _NOTHING)


def _names(source: Path, content: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names by class number, an empty one where a number has none, and notes."""
    count = _count(source, content.get("nc"))
    written = content.get("names")
    if written is None or (isinstance(written, str) and written in _NOTHING):
        return ("",) * (count or 0), ()
    if isinstance(written, list):
        numbered = dict(enumerate(written))
    elif isinstance(written, dict):
        numbered = {_number(source, key): name for key, name in written.items()}
    else:
        raise _misunderstood(source, "`names` must be a list, or numbers with names")
    for number, name in numbered.items():
        if not isinstance(name, str) or not name.isprintable():
            raise _misunderstood(source, f"the name of class {number} is not one line of text")
    total = max(numbered, default=-1) + 1
    notes = []
    gaps = [str(number) for number in range(total) if number not in numbered]
    if gaps:
        notes.append(
            f"{printable(source)} names no class {', '.join(gaps[:5])}"
            f"{' and more' if len(gaps) > 5 else ''}; Ultralytics refuses gaps."
        )
    if count is not None and count != total:
        notes.append(
            f"{printable(source)} says nc: {count} but names {total} classes; "
            "Ultralytics refuses to train on it."
        )
    total = max(total, count or 0)
    return tuple(numbered.get(number, "").strip() for number in range(total)), tuple(notes)


def _count(source: Path, value: object) -> int | None:
    if value is None or (isinstance(value, str) and value in _NOTHING):
        return None
    return _number(source, value)


def _number(source: Path, value: object) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if not 0 <= number <= MAX_CLASSES:
        raise _misunderstood(
            source, f"{printable(str(value))[:40]} is not a class number (0 to {MAX_CLASSES:,})"
        )
    return number
