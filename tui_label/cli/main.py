"""``tui-label``: a path opens the app; everything else is a command by name."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback
from importlib import import_module
from typing import NoReturn

import click

from tui_label import __version__
from tui_label.errors import UserError
from tui_label.wording import printable, reason_of

_COMMANDS = {
    "open": "tui_label.cli.open:open_path",
    "demo": "tui_label.cli.demo:demo",
    "segment": "tui_label.cli.segment:segment",
    "models": "tui_label.cli.models:models",
    "doctor": "tui_label.cli.doctor:doctor",
}
"""Command → where it stands; a module is imported only when its command is run or its help
is asked for, so that ``--version`` costs no more than Python and click."""

_OUTPUT_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
"""Nothing else that is written is not guarded where it is written."""

_INTERRUPTED = 130
"""What shells expect of a program that ctrl+c ended: 128 + SIGINT."""


class _Commands(click.Group):
    """Commands by name; any other first word is a path to open."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # `tui-label photos/ --task segment` and `tui-label --task segment photos/` are
        # `tui-label open …`; a folder that has a command's name is opened as `./models`.
        if args and args[0] not in {*_COMMANDS, "--help", "-h", "--version"}:
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="PATH | COMMAND [OPTIONS]",
    epilog="Exit codes: 0 done, 1 a fault of the program, 2 wrong usage, 3 input, 4 model, "
    "5 terminal, 6 not saved, 130 interrupted.",
)
@click.version_option(__version__, prog_name="tui-label", message="%(prog)s %(version)s")
def cli() -> None:
    """Label images where they are: Segment Anything and YOLO labels in a terminal.

    `tui-label PATH` opens an image, a folder, a list of images (.txt) or a data.yaml;
    `tui-label demo` is the first minute, on scenes that the program draws itself.
    """


def run() -> None:
    """The command that is installed; errors are one line and a documented exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        _end("Interrupted.", _INTERRUPTED)
    except KeyboardInterrupt:
        _end("Interrupted.", _INTERRUPTED)
    except BrokenPipeError:
        # The reader of a pipe went away: nothing is wrong, and nothing more can be printed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except UserError as error:
        _end(str(error), error.exit_code)
    except OSError as error:
        if error.errno not in _OUTPUT_ERRORS:
            _fault()
        from tui_label.errors import SaveError

        _end(f"The output could not be written: {reason_of(error)}.", SaveError.exit_code)
    except Exception:  # the last line of defence: a traceback says nothing to a person
        _fault()
    sys.exit(code if isinstance(code, int) else 0)


def _fault() -> NoReturn:
    from tui_label.cli.crash import crash

    fault = crash(traceback.format_exc())
    _end(str(fault), fault.exit_code)


def _end(sentence: str, code: int) -> NoReturn:
    # Where the terminal has gone away there is nobody to be told.
    with contextlib.suppress(OSError):
        click.echo(f"tui-label: {printable(sentence)}", err=True)
    sys.exit(code)
