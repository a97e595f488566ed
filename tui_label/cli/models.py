"""``tui-label models``: what can segment here, and fetching something better."""

from __future__ import annotations

import sys

import click


@click.group()
def models() -> None:
    """Models that segment: list them, install one."""


@models.command("list")
def models_list() -> None:
    """Every model that can be used, what it weighs, its licence, and whether it is installed."""
    from tui_label.segment.store import list_models

    for model in list_models():
        card = model.card
        here = "installed" if model.installed else "-"
        size = f"{card.nbytes / 1e6:.0f} MB"
        click.echo(f"{card.id:<18} {card.title:<24} {size:>7}  {card.licence:<11} {here}")


@models.command("pull")
@click.argument("name")
def models_pull(name: str) -> None:
    """Download a model and check it before it is ever opened."""
    from tui_label.segment.download import pull
    from tui_label.segment.store import model_card

    model_card(name)  # an unknown name is told before a bar is drawn for it
    with click.progressbar(length=100, label=name, file=sys.stderr) as bar:
        shown = 0

        def progress(done: int, total: int) -> None:
            nonlocal shown
            percent = 100 * done // max(total, 1)
            bar.update(percent - shown)
            shown = percent

        folder = pull(name, progress)
    click.echo(f"{name} is installed in {folder}; it is used from now on.")


def install_command() -> str:
    """The one command that installs a better model than the built-in one."""
    from tui_label.segment.store import model_cards

    recommended = next(card for card in model_cards() if card.default)
    return f"tui-label models pull {recommended.id}"
