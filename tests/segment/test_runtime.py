"""Opening and running ONNX files."""

from pathlib import Path

import pytest

from tui_label.errors import ModelError
from tui_label.segment.runtime import _quota, available_cores, open_graph
from tui_label.shipped import shipped

ENCODER = shipped("models") / "builtin" / "encoder.onnx"


def test_a_graph_tells_its_tensors() -> None:
    graph = open_graph(ENCODER)
    assert [str(tensor) for tensor in graph.inputs] == ["input_image[1,3,384,384]"]
    assert [str(tensor) for tensor in graph.outputs] == ["image_embeddings[1,272,48,48]"]


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.onnx does not exist"):
        open_graph(tmp_path / "nowhere.onnx")


@pytest.mark.parametrize("keep", [0, 100, 1_000_000])
def test_a_file_cut_short_is_a_sentence(
    keep: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "cut.onnx"
    cut.write_bytes(ENCODER.read_bytes()[:keep])
    with pytest.raises(ModelError, match="cannot be opened") as raised:
        open_graph(cut)
    assert "\n" not in str(raised.value)
    assert capfd.readouterr() == ("", "")


def test_a_file_of_noise_is_a_sentence(tmp_path: Path) -> None:
    noise = tmp_path / "noise.onnx"
    noise.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(ModelError, match="damaged"):
        open_graph(noise)


def test_a_run_that_fails_is_a_sentence_and_prints_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    graph = open_graph(ENCODER)
    with pytest.raises(ModelError, match="failed while it ran"):
        graph.run({"input_image": [[1.0]]}, ["image_embeddings"])  # type: ignore[dict-item]
    assert capfd.readouterr() == ("", "")


def test_there_is_at_least_one_core() -> None:
    assert available_cores() >= 1


@pytest.mark.parametrize(
    ("text", "cores"), [("150000 100000", 2), ("max 100000", None), ("50000 100000", 1)]
)
def test_the_containers_quota_counts(text: str, cores: int | None, tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text(text)
    assert _quota(tmp_path) == cores


def test_no_container_no_quota(tmp_path: Path) -> None:
    assert _quota(tmp_path) is None
