"""TIFF files written piece by piece, in forms that Pillow does not write."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tui_label.geometry.boxes import Size

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Form:
    """How a TIFF is laid out; ``block`` of strips is as wide as the picture."""

    block: Size
    tiled: bool = False
    deflate: bool = False
    planar: bool = False
    big: bool = False
    order: str = "<"


def write_tiff(path: Path, form: Form, *pages: Pixels) -> None:
    """Pages of ``uint8`` or ``uint16[H, W, 3]``; those after the first are reduced copies."""
    with path.open("wb") as file:
        file.write(_head(form, 0))
        links = [4 if not form.big else 8]
        for number, page in enumerate(pages):
            size = Size(page.shape[1], page.shape[0])
            block = Size(
                min(form.block.width, size.width) if not form.tiled else form.block.width,
                form.block.height,
            )
            offsets, lengths = [], []
            for piece in _pieces(page, block, form):
                content = piece.astype(piece.dtype.newbyteorder(form.order)).tobytes()
                if form.deflate:
                    content = zlib.compress(content, 1)
                offsets.append(file.tell())
                lengths.append(len(content))
                file.write(content)
            bits = 8 * page.dtype.itemsize
            link = _write_directory(
                file, form, size, block, offsets, lengths, links[-1], bits, int(number > 0)
            )
            links.append(link)


def _pieces(page: Pixels, block: Size, form: Form) -> Iterator[NDArray]:
    planes = np.moveaxis(page, 2, 0)[..., None] if form.planar else [page]
    for plane in planes:
        for top in range(0, page.shape[0], block.height):
            for left in range(0, page.shape[1], block.width):
                piece = plane[top : top + block.height, left : left + block.width]
                if form.tiled:
                    missing = (block.height - piece.shape[0], block.width - piece.shape[1])
                    piece = np.pad(piece, ((0, missing[0]), (0, missing[1]), (0, 0)))
                yield piece


def _head(form: Form, directory: int) -> bytes:
    mark = b"II" if form.order == "<" else b"MM"
    if form.big:
        return mark + struct.pack(f"{form.order}HHHQ", 43, 8, 0, directory)
    return mark + struct.pack(f"{form.order}HL", 42, directory)


def _write_directory(
    file, form: Form, size: Size, block: Size, offsets, lengths, link: int, bits: int, kind: int
) -> int:
    word, code = ("Q", 16) if form.big else ("L", 4)
    tags = {
        254: (4, [kind]),
        256: (4, [size.width]),
        257: (4, [size.height]),
        258: (3, [bits] * 3),
        259: (3, [8 if form.deflate else 1]),
        262: (3, [2]),
        277: (3, [3]),
        284: (3, [2 if form.planar else 1]),
    }
    if form.tiled:
        tags |= {322: (4, [block.width]), 323: (4, [block.height])}
        tags |= {324: (code, offsets), 325: (code, lengths)}
    else:
        tags |= {278: (4, [block.height]), 273: (code, offsets), 279: (code, lengths)}
    file.write(b"\0" * (file.tell() % 2))
    packed = {}
    for tag, (kind_of, values) in sorted(tags.items()):
        form_of = {3: "H", 4: "L", 16: "Q"}[kind_of]
        raw = struct.pack(f"{form.order}{len(values)}{form_of}", *values)
        if len(raw) > struct.calcsize(f"<{word}"):
            at = file.tell()
            file.write(raw + b"\0" * (len(raw) % 2))
            raw = struct.pack(f"{form.order}{word}", at)
        packed[tag] = (kind_of, len(values), raw.ljust(struct.calcsize(f"<{word}"), b"\0"))
    at = file.tell()
    file.write(struct.pack(f"{form.order}{'Q' if form.big else 'H'}", len(packed)))
    for tag, (kind_of, count, raw) in packed.items():
        file.write(struct.pack(f"{form.order}HH{word}", tag, kind_of, count) + raw)
    next_link = file.tell()
    file.write(struct.pack(f"{form.order}{word}", 0))
    end = file.tell()
    file.seek(link)
    file.write(struct.pack(f"{form.order}{word}", at))
    file.seek(end)
    return next_link
