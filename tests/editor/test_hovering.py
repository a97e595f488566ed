"""The mask under a resting hand: asked for once a place, late answers ignored, no flicker."""

import numpy as np

from tui_label.editor.draft import Draft
from tui_label.editor.hovering import Hovering
from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import Region, region_from_mask
from tui_label.segment.events import Previewed
from tui_label.segment.types import Candidate, Capability, Prompt, PromptPoint


class Asked:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, Prompt]] = []

    def preview(self, key: str, ticket: int, prompt: Prompt) -> None:
        self.asked.append((key, ticket, prompt))


def square() -> Region:
    mask = np.zeros((20, 20), dtype=bool)
    mask[5:10, 5:10] = True
    return region_from_mask(mask, Size(20, 20))


def answer(key: str, ticket: int) -> Previewed:
    region = square()
    return Previewed(key, ticket, Candidate(0.9, np.zeros((4, 4), np.float32), lambda _: region))


def hovering() -> tuple[Hovering, Asked]:
    oracle = Asked()
    held = Hovering(oracle)
    held.toggle()
    return held, oracle


def test_nothing_is_asked_unless_it_is_wanted() -> None:
    oracle = Asked()
    Hovering(oracle).rest("a", Draft(), Capability(), (7, 7))
    assert oracle.asked == []


def test_a_place_is_asked_about_once() -> None:
    held, oracle = hovering()
    held.rest("a", Draft(), Capability(), (7, 7))
    held.rest("a", Draft(), Capability(), (7, 7))
    ((_, _, prompt),) = oracle.asked
    assert prompt.points == (PromptPoint(7, 7, True),)


def test_the_prompt_there_is_goes_with_it_and_stays_as_it_is() -> None:
    held, oracle = hovering()
    draft = Draft(Prompt((PromptPoint(1, 1, True),)))
    held.rest("a", draft, Capability(), (7, 7))
    assert oracle.asked[0][2].points == (PromptPoint(1, 1, True), PromptPoint(7, 7, True))
    assert draft.prompt.points == (PromptPoint(1, 1, True),)


def test_only_the_newest_answer_is_seen() -> None:
    held, oracle = hovering()
    held.rest("a", Draft(), Capability(), (1, 1))
    held.rest("a", Draft(), Capability(), (7, 7))
    old, new = (ticket for _, ticket, _ in oracle.asked)
    assert not held.receive(answer("a", old)) and held.region is None
    assert not held.receive(answer("b", new)) and held.region is None
    assert held.receive(answer("a", new)) and held.region is not None


def test_it_stays_while_the_hand_moves_on_it_and_goes_when_it_leaves() -> None:
    held, oracle = hovering()
    held.rest("a", Draft(), Capability(), (7, 7))
    held.receive(answer("a", oracle.asked[0][1]))
    assert not held.move(8, 8) and held.region is not None
    assert held.move(1, 1) and held.region is None


def test_what_was_forgotten_does_not_come_back() -> None:
    held, oracle = hovering()
    held.rest("a", Draft(), Capability(), (7, 7))
    held.forget()
    assert not held.receive(answer("a", oracle.asked[0][1]))
    held.rest("a", Draft(), Capability(), (7, 7))
    assert len(oracle.asked) == 2
