"""Themes: the colours of the screen and of the masks, one file each in ``themes/``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import textual.theme
import yaml
from textual.color import ColorParseError

from tui_label.errors import InputError
from tui_label.graphics.palette import MASK_COLOURS, RGB
from tui_label.shipped import shipped
from tui_label.wording import printable

_MISTAKES = (KeyError, TypeError, ValueError, AttributeError, ColorParseError)

DEFAULT_THEME = "dark"


@dataclass(frozen=True, slots=True)
class Theme:
    """Textual's colours, and those of masks by class index (cyclic)."""

    textual: textual.theme.Theme
    masks: tuple[RGB, ...] = MASK_COLOURS


def theme_names() -> list[str]:
    """The themes that are shipped."""
    return sorted(file.stem for file in shipped("themes").glob("*.yaml"))


def load_theme(name: str) -> Theme:
    """A shipped theme by name.

    Raises:
        InputError: there is none of that name, or its file is broken.
    """
    file = shipped("themes") / f"{name}.yaml"
    if not file.is_file():
        raise InputError(
            f"There is no theme “{printable(name)}”.", f"There are {', '.join(theme_names())}."
        )
    return read_theme(file)


def read_theme(file: Path) -> Theme:
    """A theme from its file.

    Raises:
        InputError: the file is not readable as a theme; says what is wrong with it.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        colours = {str(key): value for key, value in content["colours"].items()}
        theme = textual.theme.Theme(name=f"tui-label-{file.stem}", **colours)
        theme.to_color_system().generate()  # a colour that is none is found here
        masks = tuple(_rgb(value) for value in content.get("masks", ())) or MASK_COLOURS
    except (OSError, yaml.YAMLError, *_MISTAKES) as error:
        raise InputError(f"The theme {printable(file)} cannot be used: {error}.") from error
    return Theme(theme, masks)


def _rgb(value: str) -> RGB:
    digits = value.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"{value!r} is not a colour like #56b4e9")
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue
