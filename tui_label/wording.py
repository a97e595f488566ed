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


def reason_of(error: BaseException) -> str:
    """Why something failed, in one line that stands after a colon: ``permission denied``.

    What the system says when the error is its own, else what the error says, else its name.
    """
    said = str(getattr(error, "strerror", None) or error).strip()
    line = said.splitlines()[0].rstrip(".") if said else type(error).__name__
    # "Permission denied" begins small in the middle of a sentence; "PNG" and "OSError" do not.
    starts_a_sentence = line[1:2].islower() and said != ""
    return printable(line[0].lower() + line[1:] if starts_a_sentence else line)
