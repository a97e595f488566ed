"""Opening a dataset: an image, a folder of images, a list of images or a ``data.yaml``."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tui_label.dataset.classes import ClassList, added, find_classes
from tui_label.dataset.data_yaml import DataYaml, read_data_yaml
from tui_label.dataset.listing import Listing, is_image, list_file, list_folder, normal, some
from tui_label.dataset.photos import IMAGE_SUFFIXES
from tui_label.errors import InputError
from tui_label.labels.paths import label_path
from tui_label.wording import printable, reason_of


@dataclass(frozen=True, slots=True)
class Dataset:
    """What was opened; never empty.

    ``root`` is the folder that the state is kept beside and that keys are relative to.
    ``images`` are absolute, each once, in walking order. ``notes`` are sentences for the
    person. ``shared_labels`` are groups of images that Ultralytics gives one label file.
    """

    root: Path
    images: tuple[Path, ...]
    classes: ClassList
    notes: tuple[str, ...] = ()
    shared_labels: tuple[tuple[Path, ...], ...] = ()


def open_dataset(path: Path, names: Sequence[str] = ()) -> Dataset:
    """Find the images and the classes of a dataset; nothing is decoded and nothing written.

    Args:
        path: an image, a folder, a ``.txt`` of image paths, or a ``data.yaml``.
        names: class names that the person asked for. The dataset's own list keeps its order;
            names that it lacks are appended, where it may be added to.

    Raises:
        InputError: nothing is there, it cannot be read, or it holds no image.
    """
    path = normal(path)
    kind = path.suffix.lower()
    if _is_folder(path):
        opened = _from_folder(path)
    elif kind in {".yaml", ".yml"}:
        opened = _from_yaml(path)
    elif kind == ".txt":
        opened = _from_list(path)
    elif is_image(path.name):
        opened = _found(path.parent, Listing((path,)))
    else:
        raise InputError(
            f"{printable(path)} is neither a folder nor a file that can be opened here.",
            "Open a folder, an image, a .txt list of images or a data.yaml.",
        )
    classes, notes = _with_names(opened.classes, names)
    shared = _shared_labels(opened.images)
    notes = (*opened.notes, *notes, *_sharing_notes(shared))
    return replace(opened, classes=classes, notes=notes, shared_labels=shared)


def _is_folder(path: Path) -> bool:
    """Whether the path is a folder.

    Raises:
        InputError: nothing is there, or it cannot be looked at.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"{printable(path)} does not exist.", "Check the path.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"{printable(path)} cannot be read: {reason_of(error)}.") from error
    return path.is_dir()


def _found(root: Path, listing: Listing, beside: Path | None = None) -> Dataset:
    # Names that are added where nobody has a list yet go to the root.
    classes, notes = find_classes(beside or root, root)
    return Dataset(root, listing.images, classes, (*listing.notes, *notes))


def _from_folder(folder: Path) -> Dataset:
    listing = list_folder(folder)
    if not listing.images:
        suffixes = ", ".join(sorted(IMAGE_SUFFIXES))
        raise InputError(
            f"{printable(folder)} holds no images: looked for {suffixes} in it and in its "
            f"subfolders. {' '.join(listing.notes)}".strip(),
            "Open another folder, or try `tui-label demo`.",
        )
    return _found(folder, listing)


def _from_list(source: Path) -> Dataset:
    listing = list_file(source)
    return _found(_common_folder(listing.images), listing, beside=source.parent)


def _from_yaml(source: Path) -> Dataset:
    content = read_data_yaml(source)
    if not content.splits:
        raise InputError(
            f"{printable(source)} names no images: it has neither `train`, `val` nor `test`.",
            "Add at least one of them, or open the folder of images.",
        )
    root, notes = _yaml_root(source, content)
    images: dict[Path, None] = {}
    absent: list[str] = []
    for split, entry in content.splits:
        place = _split_place(root, entry)
        if place is None:
            absent.append(f"{split}: {entry}")
            continue
        try:
            listing = _split_listing(place)
        except InputError as error:
            notes += (str(error),)
            continue
        images.update(dict.fromkeys(listing.images))
        notes += listing.notes
    if not images:
        tried = some(absent or [entry for _, entry in content.splits])
        raise InputError(
            f"{printable(source)} leads to no images ({tried}; looked in {printable(root)}).",
            "Correct `path`, `train` and `val`, or open the folder of images.",
        )
    if absent:
        notes += (f"{printable(source)} names what does not exist: {some(absent)}.",)
    found = tuple(images)
    keep = root if all(image.is_relative_to(root) for image in found) else _common_folder(found)
    notes = (*content.notes, *notes)
    if not content.names:
        return _found(keep, Listing(found, notes), beside=source.parent)
    return Dataset(keep, found, ClassList(content.names, source, editable=False), notes)


def _yaml_root(source: Path, content: DataYaml) -> tuple[Path, tuple[str, ...]]:
    """The folder that splits are relative to, and a note where it could be another.

    Ultralytics takes a relative ``path`` from the current folder if it exists there, so that
    ``path: .`` means "where the training was started", else from its own datasets folder.
    Here the first of these that holds any split wins: the current folder, the YAML's folder.
    """
    beside = normal(source.parent)
    if not content.path:
        return beside, ()
    here = normal(Path(content.path))
    tried = tuple(dict.fromkeys((here, normal(beside / content.path), beside)))
    holding = [
        place
        for place in tried
        if any(_split_place(place, entry) is not None for _, entry in content.splits)
    ]
    if not holding:
        return tried[-1] if not tried[0].is_dir() else tried[0], ()
    root = holding[0]
    if root != here:
        return root, (
            f"`path: {printable(content.path)}` is taken from the folder of "
            f"{printable(source.name)}: {printable(root)}. Ultralytics takes it from the folder "
            "that the training is started in.",
        )
    if len(holding) > 1 and not Path(content.path).is_absolute():
        return root, (
            f"`path: {printable(content.path)}` is taken from the current folder, as Ultralytics "
            f"does: {printable(root)}. There are images in {printable(holding[1])} too.",
        )
    return root, ()


def _split_place(root: Path, entry: str) -> Path | None:
    """The existing folder or list that an entry of train, val or test means."""
    candidates = [root / entry]
    if entry.startswith("../"):
        # Roboflow's exports say ../train where they mean train; Ultralytics forgives it too.
        candidates.append(root / entry[3:])
    for place in candidates:
        try:
            if place.exists():
                return normal(place)
        except (OSError, ValueError):
            continue
    return None


def _split_listing(place: Path) -> Listing:
    if place.is_dir():
        return list_folder(place)
    if place.suffix.lower() == ".txt":
        return list_file(place)
    if is_image(place.name):
        return Listing((place,))
    return Listing((), (f"{printable(place)} is neither a folder, a .txt list nor an image.",))


def _common_folder(images: Iterable[Path]) -> Path:
    return Path(os.path.commonpath([str(image.parent) for image in images]))


def _with_names(class_list: ClassList, names: Sequence[str]) -> tuple[ClassList, tuple[str, ...]]:
    """Append what the person asked for and the list lacks; never reorder."""
    lacking = [name for name in dict.fromkeys(names) if name.strip() not in class_list.names]
    if not lacking:
        return class_list, ()
    if not class_list.editable:
        return class_list, (
            f"Not added: {some(lacking)}. The classes are named in "
            f"{printable(str(class_list.source))}, which is not rewritten here.",
        )
    known = bool(class_list.names)
    for name in lacking:
        class_list = added(class_list, name)
    if not known:
        return class_list, ()
    return class_list, (
        f"{printable(str(class_list.source))} keeps its order; added after it: {some(lacking)}.",
    )


def _shared_labels(images: Sequence[Path]) -> tuple[tuple[Path, ...], ...]:
    """Groups of images whose label file is the same, such as ``a.jpg`` and ``a.png``.

    Two label paths can only be equal where these rough keys are, and asking for 20,000 label
    paths would take longer than finding the images.
    """
    rough: defaultdict[str, list[Path]] = defaultdict(list)
    for image in images:
        stem = os.path.splitext(str(image))[0]  # noqa: PTH122 - 20,000 times
        rough[stem.replace("/images/", "/labels/")].append(image)
    groups: defaultdict[Path, list[Path]] = defaultdict(list)
    for alike in rough.values():
        if len(alike) > 1:
            for image in alike:
                groups[label_path(image)].append(image)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _sharing_notes(shared: Sequence[Sequence[Path]]) -> tuple[str, ...]:
    if not shared:
        return ()
    examples = [" and ".join(image.name for image in group) for group in shared]
    return (f"Images that share one label file, so labels of one count for all: {some(examples)}.",)
