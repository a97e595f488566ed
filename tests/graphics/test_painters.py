"""Every painter that can be asked for can be made."""

import pytest

from tui_label.graphics.capabilities import PAINTERS, Capabilities
from tui_label.graphics.painters import make_painter


@pytest.mark.parametrize("name", PAINTERS)
def test_a_painter_has_the_name_that_it_is_asked_for_by(name: str) -> None:
    painter = make_painter(name, Capabilities())
    assert painter.name == name
    assert painter.is_whole
    assert painter.clear() == b""
    assert painter.refine(1000) == b""


def test_there_is_no_other() -> None:
    with pytest.raises(ValueError, match="smoke"):
        make_painter("smoke", Capabilities())
