"""Every way to show a picture, with a terminal that shows it that way."""

from __future__ import annotations

from dataclasses import dataclass

from tests.pty.brands import FOOT, ITERM2, KITTY_NEW, PLAIN, XTERM, Brand


@dataclass(frozen=True)
class Way:
    """A painter, in a terminal; ``wished`` where it must be asked for."""

    painter: str
    brand: Brand
    wished: bool = False

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("--graphics", self.painter) if self.wished else ()


WAYS = {
    way.painter: way
    for way in (
        Way("kitty", KITTY_NEW),
        Way("sixel", FOOT),
        Way("iterm2", ITERM2),
        Way("cells", PLAIN),
        Way("quadrants", PLAIN, wished=True),
        Way("sextants", XTERM, wished=True),
    )
}
