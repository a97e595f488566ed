"""Every benchmark says the same things in the same form."""

import json
from pathlib import Path

import pytest

from benchmarks import click
from benchmarks.report import Report, shown
from tests.benchmarks.schema import check_schema


def test_a_report_holds_medians_and_says_which_bounds_are_kept() -> None:
    report = Report("example")
    report.add("a painter", "bytes of a click", [100, 300, 200], "B", limit=250)
    report.add("a painter", "first picture", 7.0, "ms", limit=5)
    content = json.loads(report.as_json())
    check_schema(content)
    first, second = content["rows"]
    assert first["value"] == 200 and 200 < first["p95"] <= 300
    assert "p95" not in second
    assert [bound["ok"] for bound in content["bounds"]] == [True, False]


def test_the_table_shows_figures_by_group_and_the_bounds_after_them() -> None:
    report = Report("example")
    report.add("cells", "bytes of a click", 5432, "B", limit=6000)
    report.add("kitty", "bytes of a click", 1700, "B", limit=1000)
    lines = [line.split() for line in report.as_text().splitlines() if line]
    assert lines[0] == ["cells"]
    assert lines[1] == ["bytes", "of", "a", "click", "5.43", "KB"]
    assert [line[-1] for line in lines[-2:]] == ["ok", "OVER"]


def test_nothing_in_a_report_names_the_machine() -> None:
    assert set(json.loads(Report("example").as_json())["machine"]) == {
        "system",
        "architecture",
        "cores",
        "cores_available",
        "python",
        "numpy",
        "onnxruntime",
        "opencv-python-headless",
        "pillow",
        "textual",
    }


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (999, "B", "999 B"),
        (1000, "B", "1.00 KB"),
        (2_550_000, "B", "2.55 MB"),
        (0.123, "ms", "0.12 ms"),
        (12.34, "ms", "12.3 ms"),
        (1234.5, "ms", "1234 ms"),
        (1.149, "x", "1.15 x"),
        (0.4, "%", "0.40 %"),
    ],
)
def test_figures_are_shown_with_three_digits(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text


def test_the_click_benchmark_runs_whatever_its_figures_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "click.json"
    assert click.main(["--quick", "--json", str(file)]) == 0
    content = json.loads(file.read_text())
    check_schema(content)
    assert content["benchmark"] == "click"
    groups = {row["group"] for row in content["rows"]}
    assert {"kitty", "sixel", "cells 200x60", "start"} <= groups
    assert "bytes of a click" in capsys.readouterr().out


def test_a_photo_that_cannot_be_opened_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert click.main(["--quick", "--photo", str(tmp_path / "none.jpg")]) == 2
    assert "none.jpg does not exist" in capsys.readouterr().err
