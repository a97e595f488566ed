"""The family of errors that are sentences for the person.

Every floor derives its own errors from :class:`UserError`. The command line prints one
line and exits with the error's ``exit_code``; the app shows the same line as a toast.
The codes are documented in ``docs/reliability.md``.
"""

from typing import ClassVar


class UserError(Exception):
    """Something went wrong that a person can understand and act on.

    Args:
        what: one sentence: what was wrong, and where (path, row).
        hint: what to do about it; empty when there is nothing to be done.

    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()


class InputError(UserError):
    """A path, an image or a dataset cannot be opened."""

    exit_code = 3


class ModelError(UserError):
    """A model is missing, damaged or not understood, or it failed while running."""

    exit_code = 4


class TerminalError(UserError):
    """There is no terminal, or it cannot show the app."""

    exit_code = 5


class SaveError(UserError):
    """A label, a class list or the state could not be written."""

    exit_code = 6
