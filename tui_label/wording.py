"""How names from the outside are put into sentences."""

from pathlib import Path


def printable(name: str | Path) -> str:
    r"""Escape everything that could move a cursor or start a control sequence.

    File names may hold any byte but NUL and ``/``: control characters, escape sequences,
    bidirectional overrides, bytes that are not UTF-8 (surrogates here). They are shown the
    way Python writes them (``\x1b``, ``\u202e``), spaces and letters of any script stay.

    >>> printable("a\x1b[2Jb.jpg")
    'a\\x1b[2Jb.jpg'
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode()
        for char in str(name)
    )
