"""What the documents say is what the program does."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.conftest import ROOT
from tui_label import errors
from tui_label.cli.crash import CrashError
from tui_label.cli.main import _INTERRUPTED, cli
from tui_label.editor.session import NeedsClassesError
from tui_label.tui.actions import ACTIONS, CommandError, parse

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

SIGNS = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "minus": "-",
    "plus": "+",
    "equals_sign": "=",
    "underscore": "_",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "question_mark": "?",
    "colon": ":",
    "right_parenthesis": ")",
    "asterisk": "*",
    "full_stop": ".",
    "comma": ",",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "right_curly_bracket": "}",
    "left_curly_bracket": "{",
}
"""Textual's names of keys, where people write something else."""

_CODE_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    """The page without its code blocks."""
    return _CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """What headings are called in links, as GitHub makes it."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def shell_commands() -> Iterator[tuple[str, str]]:
    """Every ``tui-label`` command in the pages' ``sh`` blocks, with its page."""
    for name, page in zip(NAMES, PAGES, strict=True):
        for language, block in _CODE_BLOCK.findall(page.read_text(encoding="utf-8")):
            for line in block.splitlines() if language == "sh" else ():
                if line.startswith("tui-label"):
                    yield name, line


def rows(page: Path) -> Iterator[list[str]]:
    """The cells of every table row."""
    for line in prose(page).splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_every_page_that_is_promised_is_there() -> None:
    assert {"README.md", "CHANGELOG.md", "docs/architecture.md", "docs/terminals.md"} <= set(NAMES)
    assert {"docs/models.md", "docs/formats.md", "docs/reliability.md"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    page = ROOT / name
    for target in _LINK.findall(prose(page)):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        linked = page.parent / file if file else page
        assert linked.exists(), f"{name} links to {target}"
        assert not anchor or anchor in anchors(linked), f"{name} links to {target}"


@pytest.mark.parametrize("name", NAMES)
def test_no_page_names_a_path_of_the_machine_it_was_written_on(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.findall(r"(?<![\w.])/(?:work|root|tmp/\w*|home/\w+)\b", text)


def test_the_readme_lists_exactly_the_keys_of_the_actions_table() -> None:
    wanted = {
        action.name: {
            "+".join(SIGNS.get(part, part) for part in one.split("+"))
            for key in action.keys
            for one in key.keys.split(",")
        }
        for action in ACTIONS
    }
    told: dict[str, set[str]] = {action.name: set() for action in ACTIONS}
    listed: set[str] = set()
    for cells in rows(ROOT / "README.md"):
        commands = re.findall(r"`:(\w+)", cells[-1])
        if len(cells) == 3 and commands:
            # One row may stand for two ways of an action or for two actions (next, previous).
            keys = set(re.findall(r"`([^`]+)`", cells[0]))
            listed |= set(commands)
            for name in commands:
                told[name] |= keys & wanted[name]
                keys -= wanted[name]
            assert not keys, f"the README says {keys} for {commands}"
    assert listed == set(wanted)
    assert told == wanted


def test_every_command_of_the_colon_line_in_the_readme_is_understood() -> None:
    text = prose(ROOT / "README.md")
    lines = re.findall(r"`:(\w[^`]*)`", text)
    assert len(lines) > len(ACTIONS)
    for line in lines:
        parse(line)


@pytest.mark.parametrize(("name", "line"), shell_commands())
def test_every_command_in_the_pages_is_one_that_the_program_takes(name: str, line: str) -> None:
    # Only the first of several commands, without what the shell takes for itself.
    command_line = re.split(r"\s#|[;<>|]", line)[0]
    words = shlex.split(command_line)[1:]
    context: click.Context | None = None
    command: click.Command = cli
    try:
        while True:
            context = command.make_context(command.name, words, parent=context)
            if not isinstance(command, click.Group):
                break
            words = [*context._protected_args, *context.args]
            _, found, words = command.resolve_command(context, words)
            assert found is not None
            command = found
    except click.exceptions.Exit:  # --help and --version end here
        pass


def test_the_commands_of_the_pages_were_found() -> None:
    commands = [line for _, line in shell_commands()]
    assert len(commands) > 15
    assert all(any(word in line for line in commands) for word in ("segment", "models", "demo"))


@pytest.mark.parametrize("name", ["README.md", "docs/reliability.md"])
def test_exit_codes_are_those_of_the_program(name: str) -> None:
    codes = {int(cells[0]) for cells in rows(ROOT / name) if cells[0].isdecimal()}
    family = [errors.UserError, CrashError, CommandError, NeedsClassesError]
    family += errors.UserError.__subclasses__()
    ours = {error.exit_code for error in family}
    assert ours <= codes
    # 0 done, 2 is click's, 130 is ctrl+c; 128 + a signal is what shells make of one.
    assert {code for code in codes if code <= 128} == {0, 2} | ours
    assert click.UsageError.exit_code in codes
    assert _INTERRUPTED in codes


def test_every_file_of_the_package_has_its_place_in_the_architecture() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = {word.rpartition("/")[2] for word in re.findall(r"`([\w/]+)`", text)}
    package = ROOT / "tui_label"
    files = {file.relative_to(package) for file in package.rglob("*.py")}
    scenes = {file for file in files if file.is_relative_to("dataset/scenes")}
    stems = {file.stem for file in files - scenes if not file.stem.startswith("_")}
    assert stems - named == set()


def test_environment_variables_of_the_readme_are_those_of_the_program() -> None:
    pattern = r"\bTUI_LABEL_[A-Z_]+\b"
    used = {
        name
        for file in (ROOT / "tui_label").rglob("*.py")
        for name in re.findall(pattern, file.read_text(encoding="utf-8"))
    }
    assert set(re.findall(pattern, (ROOT / "README.md").read_text(encoding="utf-8"))) == used


def test_options_of_the_readme_are_those_of_the_program() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("open", "segment"):
        command = cli.get_command(click.Context(cli), name)  # type: ignore[attr-defined]
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert any(option in text for option in parameter.opts), parameter.opts
