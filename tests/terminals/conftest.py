"""The terminals as fixtures, and which of them there are on this machine, told by name."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.terminals.emulators import EMULATORS
from tests.terminals.stage import Stage, Subject
from tui_label.dataset.scenes import draw_scene
from tui_label.geometry.boxes import Size

_NAME = "terminal"
_PAINTER = "painter"


@pytest.fixture(scope="session")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """A photo from a camera where there is one beside the checkout, else a drawn scene."""
    found = Path(__file__).parents[3] / "shared" / "data" / "photos" / "dog.jpg"
    if found.exists():
        return Subject(found, (0.2, 0.72))
    drawn = tmp_path_factory.mktemp("photo") / "beach.jpg"
    Image.fromarray(draw_scene("beach", Size(960, 640)).image).save(drawn, quality=95)
    return Subject(drawn, (0.71, 0.22))


@pytest.fixture(scope="module")
def opened(
    request: pytest.FixtureRequest, subject: Subject, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """One terminal with one painter, for all tests that ask for both."""
    terminal, painter = request.param
    emulator = EMULATORS[terminal]
    if lacking := emulator.lacking():
        pytest.skip(lacking)
    with Stage(emulator, painter, subject, tmp_path_factory.mktemp(terminal)) as stage:
        yield stage


@pytest.fixture
def stage(opened: Stage) -> Stage:
    """The program with the photo, whole, and nothing asked about it."""
    opened.ready()
    return opened


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Reports, also of tests that are skipped, say which terminal they are about."""
    if isinstance(item, pytest.Function) and "opened" in getattr(item, "callspec", item).params:
        terminal, painter = item.callspec.params["opened"]
        item.user_properties += [(_NAME, terminal), (_PAINTER, painter)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport]:
    """A test that fails keeps a picture of the terminal."""
    report = yield
    stage = getattr(item, "funcargs", {}).get("stage")
    if report.when == "call" and report.failed and isinstance(stage, Stage):
        kept = Path(tempfile.mkdtemp(prefix="tui-label-failed-")) / "screen.png"
        Image.fromarray(stage.screen.photo()).save(kept)
        report.sections.append((f"the screen of {item.name}", str(kept)))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Each terminal by name: its version and how its tests ended, or why it was not run."""
    outcomes: dict[str, Counter[str]] = {}
    reasons: dict[str, str] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if not isinstance(report, pytest.TestReport):
                continue
            about = dict(report.user_properties)
            if _NAME not in about or (report.when != "call" and report.passed):
                continue
            terminal, painter = about[_NAME], about[_PAINTER]
            outcomes.setdefault(terminal, Counter())[f"{painter} {report.outcome}"] += 1
            if report.skipped and isinstance(report.longrepr, tuple):
                reasons[terminal] = report.longrepr[2].removeprefix("Skipped: ")
    if not outcomes:
        return
    terminalreporter.section("real terminals")
    for terminal, emulator in EMULATORS.items():
        if terminal not in outcomes:
            continue
        if terminal in reasons:
            terminalreporter.line(f"NOT RUN  {terminal}: {reasons[terminal]}", red=True)
            continue
        counts = ", ".join(f"{count} {words}" for words, count in outcomes[terminal].items())
        terminalreporter.line(f"ran      {terminal} ({emulator.version()}): {counts}")
