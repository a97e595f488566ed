"""The few control sequences that every painter writes, as bytes."""

from __future__ import annotations

SYNC_BEGIN = b"\x1b[?2026h"
SYNC_END = b"\x1b[?2026l"
"""Synchronised updates (mode 2026): what comes between is shown at once."""

SAVE_CURSOR = b"\x1b7"
RESTORE_CURSOR = b"\x1b8"
"""DECSC and DECRC: of the text cursor, with its colours."""


def cursor_to(column: int, row: int) -> str:
    """Move the text cursor to a cell of the screen, counted from 0 (CUP)."""
    return f"\x1b[{row + 1};{column + 1}H"


def synchronised(data: bytes) -> bytes:
    """Ask the terminal to show the effect of all of it at once; nothing where it is nothing."""
    return SYNC_BEGIN + data + SYNC_END if data else b""


def cursor_kept(pieces: list[bytes]) -> bytes:
    """Between saving the text cursor and restoring it; nothing where nothing is written."""
    return b"".join((SAVE_CURSOR, *pieces, RESTORE_CURSOR)) if pieces else b""
