"""The one table of actions, and the words that are typed."""

from collections import Counter

import pytest

from tui_label.tui.actions import ACTIONS, BY_NAME, CommandError, bindings, parse
from tui_label.tui.handlers import HANDLERS
from tui_label.tui.screens.help import keys_of

KEYS = [name for action in ACTIONS for key in action.keys for name in key.keys.split(",")]


def test_no_key_does_two_things() -> None:
    assert [key for key, count in Counter(KEYS).items() if count > 1] == []


def test_no_two_actions_share_a_name() -> None:
    assert len(BY_NAME) == len(ACTIONS)


def test_every_action_has_a_handler_and_every_handler_an_action() -> None:
    assert set(HANDLERS) == set(BY_NAME)


def test_every_action_is_a_sentence_in_the_help() -> None:
    assert [action.name for action in ACTIONS if not action.what.endswith(".")] == []
    assert [action.name for action in ACTIONS if not action.group] == []


def test_every_key_of_the_table_is_bound_to_its_command() -> None:
    bound = {key: binding.action for binding in bindings() for key in binding.key.split(",")}
    assert list(bound) == KEYS
    assert bound["minus"] == "command('point -')"
    assert bound["K"] == "command('cursor up 8')"


def test_every_binding_has_an_id_of_its_own_to_rebind_it_by() -> None:
    ids = [binding.id for binding in bindings()]
    assert len(set(ids)) == len(ids)
    assert {"point.plain", "point.-", "assign.#0"} <= set(ids)


def test_every_key_types_a_command_that_is_understood() -> None:
    for action in ACTIONS:
        for key in action.keys:
            assert parse(f"{action.name} {key.arguments}")[0] is action


def test_what_is_offered_makes_sense_without_typing_more() -> None:
    offers = {line: what for action in ACTIONS for line, what in action.offers()}
    assert all(what for what in offers.values())
    assert {"point", "point -", "zoom in", "write", "assign #0"} <= set(offers)
    assert "goto" not in offers


def test_keys_are_shown_as_the_footer_writes_them() -> None:
    assert keys_of(BY_NAME["point"]) == "space  -"
    assert keys_of(BY_NAME["assign"]) == "1 … 9"
    assert keys_of(BY_NAME["write"]) == ""


@pytest.mark.parametrize(
    ("line", "name", "words"),
    [
        ("point 410 233 -", "point", ("410", "233", "-")),
        (":next", "next", ()),
        ("  done ", "done", ()),
        ("class 'red cell'", "class", ("red cell",)),
        ("assign #3", "assign", ("#3",)),
    ],
)
def test_a_command_is_its_action_and_words(line: str, name: str, words: tuple[str, ...]) -> None:
    assert parse(line) == (BY_NAME[name], words)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "Type a command, for example: point 410 233"),
        (":", "Type a command, for example: point 410 233"),
        ("acept", "There is no command “acept”. Did you mean accept?"),
        ("zzz", "There is no command “zzz”. Press ? for all of them."),
        ("POINT", "There is no command “POINT”. Press ? for all of them."),
        ("x\x1b[2J", r"There is no command “x\x1b[2J”. Press ? for all of them."),
        ("class 'red", "The quotes in “class 'red” do not close."),
        ("undo twice", "It is written :undo"),
    ],
)
def test_what_is_not_understood_is_a_sentence(line: str, sentence: str) -> None:
    with pytest.raises(CommandError) as raised:
        parse(line)
    assert str(raised.value) == sentence
