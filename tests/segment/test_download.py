"""Models fetched from a server that behaves, and from servers that do not."""

import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tui_label.errors import ModelError
from tui_label.segment import download
from tui_label.segment.download import pull
from tui_label.segment.store import ModelCard, ModelFile

ENCODER, DECODER = os.urandom(200_000), os.urandom(50_000)


def _file(role: str, content: bytes) -> ModelFile:
    return ModelFile(
        role,
        f"https://models.invalid/deep/{role}.onnx",
        f"{role}.onnx",
        len(content),
        hashlib.sha256(content).hexdigest(),
    )


CARD = ModelCard(
    id="tiny",
    title="Tiny",
    files=(_file("encoder", ENCODER), _file("decoder", DECODER)),
    licence="MIT",
    source="here",
    note="",
    default=False,
)


class Server(ThreadingHTTPServer):
    """``answers``: path to status, body and the length it claims to have."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, tuple[int, bytes, int]] = {}
        self.serve("encoder", ENCODER)
        self.serve("decoder", DECODER)

    def serve(self, role: str, body: bytes, status: int = 200, length: int | None = None) -> None:
        claimed = len(body) if length is None else length
        self.answers[f"/deep/{role}.onnx"] = (status, body, claimed)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        status, body, length = self.server.answers[self.path]
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server(models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("TUI_LABEL_MODEL_MIRROR", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "model_card", lambda _: CARD)
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def left_behind(models: Path) -> list[str]:
    return sorted(path.name for path in models.iterdir()) if models.exists() else []


def test_a_model_is_installed_whole_and_silently(
    server: Server, models: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    steps: list[tuple[int, int]] = []
    folder = pull("tiny", lambda done, total: steps.append((done, total)))
    assert folder == models / "tiny"
    assert (folder / "encoder.onnx").read_bytes() == ENCODER
    assert (folder / "decoder.onnx").read_bytes() == DECODER
    assert left_behind(models) == ["tiny"]
    assert steps == sorted(steps)
    assert steps[-1] == (250_000, 250_000)
    assert capfd.readouterr() == ("", "")


def test_pulling_again_replaces_what_was_damaged(server: Server, models: Path) -> None:
    folder = pull("tiny")
    (folder / "encoder.onnx").write_bytes(b"rotten")
    assert (pull("tiny") / "encoder.onnx").read_bytes() == ENCODER
    assert left_behind(models) == ["tiny"]


@pytest.mark.parametrize(
    ("body", "length", "says"),
    [
        (os.urandom(50_000), 50_000, "SHA-256 differs"),
        (DECODER[:-1], 49_999, "49,999 bytes instead of 50,000"),
        (DECODER[:20_000], 50_000, r"could not be downloaded|20,000 bytes instead"),
    ],
    ids=["other bytes", "one byte short", "cut off"],
)
def test_wrong_bytes_are_never_installed(
    body: bytes, length: int, says: str, server: Server, models: Path
) -> None:
    server.serve("decoder", body, length=length)
    with pytest.raises(ModelError, match=says):
        pull("tiny")
    assert left_behind(models) == []


def test_a_file_that_is_gone_is_a_sentence(server: Server, models: Path) -> None:
    server.serve("encoder", b"not here", status=404)
    with pytest.raises(ModelError, match=r"answered 404 for /deep/encoder\.onnx"):
        pull("tiny")
    assert left_behind(models) == []


def test_no_network_is_a_sentence(
    server: Server, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    closed.server_close()
    monkeypatch.setenv("TUI_LABEL_MODEL_MIRROR", f"http://127.0.0.1:{closed.server_port}")
    with pytest.raises(ModelError, match="no connection"):
        pull("tiny")
    assert left_behind(models) == []


def test_a_full_disk_is_a_sentence(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(ModelError, match="is full"):
        pull("tiny")


def test_a_folder_that_is_a_file_is_a_sentence(server: Server, models: Path) -> None:
    models.write_text("in the way")
    with pytest.raises(ModelError, match="cannot be written"):
        pull("tiny")


def test_there_is_nothing_to_pull_for_the_built_in_model() -> None:
    with pytest.raises(ModelError, match="part of tui-label"):
        pull("builtin")


@pytest.mark.parametrize(
    ("mirror", "expected"),
    [
        ("", "https://a.example/x/y.onnx"),
        ("http://m.example:81", "http://m.example:81/x/y.onnx"),
        ("https://m.example/cache/", "https://m.example/cache/x/y.onnx"),
    ],
)
def test_a_mirror_keeps_the_path(
    mirror: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUI_LABEL_MODEL_MIRROR", mirror)
    assert download.mirrored("https://a.example/x/y.onnx") == expected
