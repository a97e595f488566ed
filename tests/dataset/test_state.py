"""The state survives what happens to it, and never stands in the way of labelling."""

import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_label.dataset.schema import SCHEMA_VERSION
from tui_label.dataset.state import ImageRecord, ImageState, StateStore, image_key

FILE = Path(".tui-label") / "state.sqlite"


@pytest.fixture(autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    return home


def test_states_and_values_are_there_after_reopening(tmp_path: Path) -> None:
    store = StateStore.open(tmp_path)
    assert store.note == ""
    assert store.state("a.jpg") == ImageState.UNSEEN
    assert store.recall("last image") is None
    store.set_state("a.jpg", ImageState.DONE)
    store.set_state("b.jpg", ImageState.FLAGGED, "blurred?")
    store.set_state("a.jpg", ImageState.DONE_EMPTY)
    store.remember("last image", "b.jpg")
    store.close()

    again = StateStore.open(tmp_path)
    assert again.states() == {"a.jpg": ImageState.DONE_EMPTY, "b.jpg": ImageState.FLAGGED}
    assert again.record("b.jpg").note == "blurred?"
    assert again.record("b.jpg").updated > 1.7e9
    assert again.recall("last image") == "b.jpg"
    again.close()


def test_a_killed_program_has_lost_nothing(tmp_path: Path) -> None:
    store = StateStore.open(tmp_path)
    store.set_state("a.jpg", ImageState.DONE)
    second = StateStore.open(tmp_path)  # the first was never closed
    assert second.state("a.jpg") == ImageState.DONE
    second.close()
    store.close()


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.binary(min_size=1, max_size=12).filter(lambda raw: b"\0" not in raw).map(os.fsdecode),
        st.tuples(st.sampled_from(ImageState), st.text(st.characters(codec="utf-8"))),
        max_size=5,
    )
)
def test_every_file_name_is_a_key(
    tmp_path_factory: pytest.TempPathFactory, chosen: dict[str, tuple[ImageState, str]]
) -> None:
    root = tmp_path_factory.mktemp("state")
    store = StateStore.open(root)
    for key, (state, note) in chosen.items():
        store.set_state(key, state, note)
    store.close()
    again = StateStore.open(root)
    assert again.states() == {key: state for key, (state, _) in chosen.items()}
    assert all(again.record(key).note == note for key, (_, note) in chosen.items())
    again.close()


def test_keys_are_paths_from_the_root(tmp_path: Path) -> None:
    assert image_key(tmp_path / "images" / "a b.jpg", tmp_path) == "images/a b.jpg"
    assert image_key(tmp_path / "other" / "a.jpg", tmp_path / "root") == "../other/a.jpg"


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"this is no database at all " * 100,
        lambda raw: raw[:100] + bytes(len(raw) - 100),
        lambda raw: raw[:4096] + b"\xff" * (len(raw) - 4096),
        lambda raw: raw[: len(raw) // 2],
    ],
    ids=["text", "zeros", "pages", "half"],
)
def test_a_damaged_file_is_moved_aside_and_begun_anew(tmp_path: Path, damage) -> None:
    store = StateStore.open(tmp_path)
    for number in range(300):
        store.set_state(f"image{number}.jpg", ImageState.DONE, "n" * 50)
    store.close()
    file = tmp_path / FILE
    file.write_bytes(damage(file.read_bytes()))

    again = StateStore.open(tmp_path)
    assert "damaged" in again.note
    assert again.states() == {}
    again.set_state("a.jpg", ImageState.DONE)
    again.close()
    assert len(list(file.parent.glob("state.sqlite.damaged-*"))) == 1
    third = StateStore.open(tmp_path)
    assert third.note == ""
    assert third.state("a.jpg") == ImageState.DONE
    third.close()


def test_tables_that_are_not_ours_count_as_damage(tmp_path: Path) -> None:
    StateStore.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("DROP TABLE remembered")
    connection.close()
    store = StateStore.open(tmp_path)
    assert "damaged" in store.note
    store.close()


def test_a_row_that_makes_no_sense_is_one_unseen_image(tmp_path: Path) -> None:
    StateStore.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("INSERT INTO images VALUES ('a.jpg', 'sleepy', '', 0)")
        connection.execute("INSERT INTO images VALUES ('b.jpg', 'done', '', 0)")
    connection.close()
    store = StateStore.open(tmp_path)
    assert store.record("a.jpg") == ImageRecord()
    assert store.state("b.jpg") == ImageState.DONE
    store.close()


def test_a_newer_file_is_left_alone_and_the_state_lives_in_memory(
    tmp_path: Path, state_home: Path
) -> None:
    StateStore.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    store = StateStore.open(tmp_path)
    assert "newer tui-label" in store.note
    store.set_state("a.jpg", ImageState.DONE)
    assert store.state("a.jpg") == ImageState.DONE
    store.close()
    assert (tmp_path / FILE).read_bytes() == before
    assert not any(state_home.iterdir())


def test_a_root_that_takes_no_folder_keeps_its_state_in_the_home(
    tmp_path: Path, state_home: Path
) -> None:
    (tmp_path / ".tui-label").write_text("a file in the way")
    store = StateStore.open(tmp_path)
    assert str(state_home) in store.note
    store.set_state("a.jpg", ImageState.DONE)
    store.close()
    again = StateStore.open(tmp_path)
    assert again.state("a.jpg") == ImageState.DONE
    again.close()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / ".tui-label").touch()
    other = StateStore.open(tmp_path / "other")
    assert other.states() == {}
    other.close()


def test_without_any_place_the_state_lives_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".tui-label").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ".tui-label"))
    store = StateStore.open(tmp_path)
    assert "forgotten at the end" in store.note
    store.set_state("a.jpg", ImageState.DONE)
    store.remember("x", "y")
    assert store.state("a.jpg") == ImageState.DONE
    store.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_root_keeps_its_state_in_the_home(tmp_path: Path, state_home: Path) -> None:
    StateStore.open(tmp_path).close()
    (tmp_path / FILE).chmod(0o400)
    (tmp_path / ".tui-label").chmod(0o500)
    store = StateStore.open(tmp_path)
    assert str(state_home) in store.note
    store.close()
    (tmp_path / ".tui-label").chmod(0o700)


def test_damage_while_working_costs_nothing(tmp_path: Path) -> None:
    store = StateStore.open(tmp_path)
    for number in range(300):
        store.set_state(f"image{number}.jpg", ImageState.DONE, "n" * 50)
    store.close()
    store = StateStore.open(tmp_path)
    store.remember("last class", "3")
    other = StateStore.open(tmp_path)  # a change by another connection voids cached pages
    other.remember("last image", "a.jpg")
    other.close()
    file = tmp_path / FILE
    raw = file.read_bytes()
    file.write_bytes(raw[:100] + b"\xff" * (len(raw) - 100))
    for number in range(300, 400):
        store.set_state(f"image{number}.jpg", ImageState.FLAGGED)
    assert "damaged" in store.note
    store.close()
    again = StateStore.open(tmp_path)
    assert len(again.states()) == 400
    assert again.recall("last class") == "3"
    again.close()


def test_the_sidecar_keeps_itself_out_of_version_control(tmp_path: Path) -> None:
    StateStore.open(tmp_path).close()
    assert (tmp_path / ".tui-label" / ".gitignore").read_text() == "*\n"
