"""Which images a folder or a list file holds, in the order in which people count."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tui_label.dataset.photos import IMAGE_SUFFIXES, UNDECODABLE_SUFFIXES
from tui_label.errors import InputError
from tui_label.wording import printable, reason_of

_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True)
class Listing:
    """Absolute paths of images, and sentences about what was left out."""

    images: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Sort ``frame2`` before ``frame10``, and upper and lower case together."""
    parts: list[str | int] = list(_DIGITS.split(name.casefold()))
    parts[1::2] = [int(digits) for digits in parts[1::2]]
    return parts, name


def is_image(name: str) -> bool:
    """Whether the suffix is one that Ultralytics trains on and that can be decoded here."""
    return os.path.splitext(name)[1].lower() in IMAGE_SUFFIXES  # noqa: PTH122 - 20,000 times


def some(names: list[str], most: int = 3) -> str:
    """The first few names, escaped, and how many more there are."""
    shown = ", ".join(printable(name) for name in names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def list_folder(folder: Path) -> Listing:
    """All images in a folder and its subfolders: files of a folder first, then its subfolders.

    Hidden files and folders are skipped (Ultralytics' scan skips them too, and the state kept
    in ``.tui-label`` is one). A folder that is reached twice, through links, is listed once.

    Raises:
        InputError: the folder itself cannot be read. Subfolders that cannot are noted.
    """
    images: list[Path] = []
    undecodable: Counter[str] = Counter()
    unreadable: list[str] = []
    seen: set[tuple[int, int]] = set()
    pending = [str(folder)]
    while pending:
        place = pending.pop()
        try:
            status = os.stat(place)  # noqa: PTH116 - plain strings until an image is found
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(place) as scan:
                entries = [entry for entry in scan if not entry.name.startswith(".")]
        except OSError as error:
            if place == str(folder):
                raise InputError(
                    f"The folder {printable(place)} cannot be read: {reason_of(error)}.",
                    "Check its permissions.",
                ) from error
            unreadable.append(place)
            continue
        entries.sort(key=lambda entry: natural_key(entry.name))
        folders = [entry.path for entry in entries if _is_folder(entry)]
        # A stack: the last one pushed is walked first.
        pending.extend(reversed(folders))
        inside = set(folders)
        for entry in entries:
            if entry.path in inside:
                continue
            suffix = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122
            if suffix in IMAGE_SUFFIXES:
                images.append(Path(entry.path))
            elif suffix in UNDECODABLE_SUFFIXES:
                undecodable[suffix] += 1
    notes = []
    if undecodable:
        kinds = ", ".join(f"{count:,} {suffix}" for suffix, count in sorted(undecodable.items()))
        notes.append(f"Left out, because they cannot be decoded here: {kinds}.")
    if unreadable:
        notes.append(f"Left out, because they cannot be read: {some(unreadable)}.")
    return Listing(tuple(images), tuple(notes))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def list_file(source: Path) -> Listing:
    """The images named in a text file, one path a line, in the file's order.

    A line that starts with ``./`` is relative to the file (Ultralytics' rule); any other
    relative line is looked up from the current folder, as Ultralytics does, then from the file's.

    Raises:
        InputError: the file cannot be read, or none of its images exists. Single missing
            ones are noted.
    """
    name = printable(source)
    try:
        text = source.read_text(encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise InputError(f"The list {name} cannot be read: {reason_of(error)}.") from error
    lines = [line for line in (line.strip() for line in text.split("\n")) if line]
    if not lines:
        raise InputError(f"The list {name} is empty.", "It should hold one image path a line.")
    images: dict[Path, None] = {}
    missing: list[str] = []
    for line in lines:
        found = _listed(line, source.parent) if is_image(line) else None
        if found is None:
            missing.append(line)
        else:
            images[found] = None
    if not images:
        raise InputError(
            f"None of the {len(lines):,} lines of {name} is an image that exists "
            f"({some(missing)}).",
            "A list holds one image path a line; `./` means beside the list.",
        )
    if not missing:
        return Listing(tuple(images))
    left_out = (
        f"{len(missing):,} of {len(lines):,} lines of {name} are no images that exist: "
        f"{some(missing)}."
    )
    return Listing(tuple(images), (left_out,))


def _listed(line: str, beside: Path) -> Path | None:
    places = (beside,) if line.startswith("./") else (Path.cwd(), beside)
    for place in places:
        path = normal(place / line)
        if is_file(path):
            return path
    return None


def is_file(path: Path) -> bool:
    """Whether a regular file is there, ``False`` for names that no file system takes."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def normal(path: Path) -> Path:
    """Absolute, without ``..``; links stay, because the label's path depends on folder names."""
    path = path.absolute()
    return Path(os.path.normpath(path)) if ".." in path.parts else path
