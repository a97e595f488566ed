"""``tui-label segment``: the engine without a screen."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Run
from tests.editor.walk import GREEN, RED, RED_ROW, SIZE, as_trained, iou
from tui_label.labels.annotation import Task
from tui_label.labels.yolo import parse_rows

ON_RED, ON_GREEN = "35,40", "95,20"


def described(out: bytes) -> dict[str, object]:
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


class TestJson:
    def test_all_that_is_known(self, run: Run, photo: Path) -> None:
        ended = run("segment", photo, "--point", ON_RED)
        assert (ended.code, ended.err) == (0, "")
        found = described(ended.out)
        assert {name: type(value) for name, value in found.items()} == {
            "score": float,
            "box": list,
            "polygon": list,
            "area": int,
            "size": list,
            "model": str,
            "encode_ms": float,
            "decode_ms": float,
        }
        assert found["box"] == list(map(float, RED))
        assert found["size"] == list(SIZE)
        assert found["area"] == 30 * 40
        assert found["model"] == "built-in (basic)"

    def test_the_polygon_is_a_ring_inside_the_box(self, run: Run, photo: Path) -> None:
        found = described(run("segment", photo, "--point", ON_RED).out)
        ring = np.array(found["polygon"])
        assert ring.ndim == 2 and ring.shape[0] >= 3 and ring.shape[1] == 2
        assert ring.min(axis=0) == pytest.approx((RED[0], RED[1]), abs=0.5)
        assert ring.max(axis=0) == pytest.approx((RED[2], RED[3]), abs=0.5)

    def test_several_boxes_are_several_objects(self, run: Run, photo: Path) -> None:
        ended = run("segment", photo, "--box", "18,18,52,62", "--box", "78,8,112,32")
        first, second = json.loads(ended.out)
        assert (first["box"], second["box"]) == (list(map(float, RED)), list(map(float, GREEN)))

    def test_a_negative_point_is_obeyed(self, run: Run, photo: Path) -> None:
        ended = run("segment", photo, "--point", ON_RED, "--point", "45,55,-", "--format", "png")
        mask = np.asarray(Image.open(io.BytesIO(ended.out)))
        assert mask[40, 35] == 255 and mask[55, 45] == 0

    def test_on_a_real_photo(self, run: Run, shared: Path) -> None:
        photo = shared / "data" / "photos" / "truck.jpg"
        found = described(run("segment", photo, "--point", "900,600").out)
        x1, y1, x2, y2 = found["box"]  # type: ignore[misc]
        assert x1 < 900.5 < x2 and y1 < 600.5 < y2
        assert 0 < found["area"] < found["size"][0] * found["size"][1]  # type: ignore


class TestYolo:
    def test_a_box(self, run: Run, photo: Path) -> None:
        ended = run(
            *("segment", photo, "--point", ON_RED),
            *("--format", "yolo", "--task", "detect", "--class", "1"),
        )
        assert ended.out == RED_ROW

    def test_a_polygon_that_trains_the_pixels_of_the_mask(self, run: Run, photo: Path) -> None:
        words = ("segment", photo, "--point", ON_GREEN)
        rows = run(*words, "--format", "yolo").out
        (row,) = parse_rows(rows)
        assert row.annotation is not None
        assert (row.annotation.task, row.annotation.class_id) == (Task.SEGMENT, 0)
        mask = np.asarray(Image.open(io.BytesIO(run(*words, "--format", "png").out))) > 0
        assert iou(as_trained(rows), mask) >= 0.98

    def test_a_row_a_box(self, run: Run, photo: Path) -> None:
        ended = run(
            *("segment", photo, "--box", "18,18,52,62", "--box", "78,8,112,32"),
            *("--format", "yolo"),
        )
        assert [row.problem for row in parse_rows(ended.out)] == ["", ""]


class TestPng:
    def test_it_is_as_large_as_the_photo_and_255_where_json_counts(
        self, run: Run, photo: Path
    ) -> None:
        words = ("segment", photo, "--point", ON_RED)
        mask = np.asarray(Image.open(io.BytesIO(run(*words, "--format", "png").out)))
        assert mask.shape == (SIZE.height, SIZE.width) and mask.dtype == np.uint8
        assert set(np.unique(mask)) == {0, 255}
        assert np.count_nonzero(mask) == described(run(*words).out)["area"]


class TestOutput:
    def test_a_file_instead_of_standard_output(self, run: Run, photo: Path, tmp_path: Path) -> None:
        ended = run("segment", photo, "--point", ON_RED, "-o", "mask.json")
        assert (ended.code, ended.out) == (0, b"")
        assert described((tmp_path / "mask.json").read_bytes())["area"] == 1200

    def test_a_file_that_cannot_be_written_is_exit_code_6(self, run: Run, photo: Path) -> None:
        ended = run("segment", photo, "--point", ON_RED, "-o", "no/such/folder/x.json")
        assert ended.code == 6
        assert "could not be written" in ended.err and ended.err.count("\n") == 1


def test_nothing_is_collected_about_the_person(run: Run, photo: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environ = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    assert run("segment", photo, "--point", "30,20", environ=environ).code == 0
    assert not [file for file in home.rglob("*") if file.is_file()]


class TestUsage:
    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ([], "Say where the object is"),
            (["--point", "1"], "“1” is not written --point X,Y"),
            (["--point", "a,b"], "“a,b” is not written --point X,Y"),
            (["--point", "1,2,3"], "“1,2,3” is not written --point X,Y"),
            (["--point", "nan,1"], "“nan,1” is not written --point X,Y"),
            (["--point", "1e99,1"], "“1e99,1” is not written --point X,Y"),
            (["--point", "1,2,-"], "Negative points alone name no object"),
            (["--box", "1,2,3"], "“1,2,3” is not written --box X1,Y1,X2,Y2"),
            (["--box", "1,2,1,9"], "The box “1,2,1,9” has no area"),
            (["--point", "1,1", "--box", "1,1,5,5", "--box", "2,2,9,9"], "one box at most"),
            (["--point", "\x1b[2J"], r"“\x1b[2J” is not written"),
            (["--point", "1,1", "--class", "-1"], "--class"),
            (["--point", "1,1", "--format", "gif"], "--format"),
        ],
    )
    def test_wrong_words_end_with_2_and_a_sentence(
        self, run: Run, photo: Path, words: list[str], sentence: str
    ) -> None:
        ended = run("segment", photo, *words)
        assert (ended.code, ended.out) == (2, b"")
        assert sentence in ended.err
        assert "\x1b" not in ended.err and "Traceback" not in ended.err

    @pytest.mark.parametrize(
        "words",
        [
            ["--point", "120,40"],
            ["--point", "35,-1"],
            ["--point", f"{ON_RED}", "--point", "5000,5000,-"],
            ["--box", "500,500,600,600"],
        ],
        ids=" ".join,
    )
    def test_a_place_outside_the_photo_is_no_place(
        self, run: Run, photo: Path, words: list[str]
    ) -> None:
        ended = run("segment", photo, *words)
        assert (ended.code, ended.out) == (2, b"")
        assert "outside the photo, which has 120 × 80 pixels" in ended.err

    def test_a_box_that_reaches_out_of_the_photo_is_cut(self, run: Run, photo: Path) -> None:
        found = described(run("segment", photo, "--box=78,-20,140,32").out)
        assert found["box"] == list(map(float, GREEN))


class TestWhatCannotBeUsed:
    def test_a_file_that_only_looks_like_an_image(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "fake.jpg").write_text("<html>not found</html>")
        ended = run("segment", "fake.jpg", "--point", "1,1")
        assert ended.code == 3
        assert "fake.jpg is not an image" in ended.err and ended.err.count("\n") == 1

    def test_half_an_image(self, run: Run, photo: Path) -> None:
        photo.write_bytes(photo.read_bytes()[:-40])
        ended = run("segment", photo, "--point", "1,1")
        assert ended.code == 3
        assert "cut short" in ended.err and ended.err.count("\n") == 1

    @pytest.mark.parametrize(
        "model", ["nope", "wrong.onnx", "wrong.onnx,other.onnx", "empty-folder", "\x1b[2J"]
    )
    def test_a_model_that_is_none_is_exit_code_4(
        self, run: Run, photo: Path, tmp_path: Path, model: str
    ) -> None:
        (tmp_path / "wrong.onnx").write_bytes(b"no graph")
        (tmp_path / "empty-folder").mkdir()
        ended = run("segment", photo, "--point", "1,1", "--model", model)
        assert (ended.code, ended.out) == (4, b"")
        assert ended.err.startswith("tui-label: ") and ended.err.count("\n") == 1
        assert "\x1b" not in ended.err
