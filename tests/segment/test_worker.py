"""The inference worker: what it does first, what it drops, what it survives."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tests.segment.conftest import disc_photo
from tui_label.errors import ModelError
from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import region_from_mask
from tui_label.segment.events import Decoded, Embedded, Event, Failed, ModelReady, Snapped
from tui_label.segment.loading import load_segmenter
from tui_label.segment.memory import EmbeddingMemory
from tui_label.segment.types import (
    Candidate,
    Candidates,
    Capability,
    Embedding,
    Photo,
    Prompt,
    PromptPoint,
)
from tui_label.segment.worker import InferenceWorker

CLICK = Prompt((PromptPoint(2, 2),))
SIZE = Size(4, 4)


def photo(value: int = 0) -> Photo:
    return np.full((4, 4, 3), value, np.uint8)


class Scripted:
    """A segmenter that stops where it is told to, and writes down what it did.

    A photo of 255s cannot be embedded, a point at x = 99 cannot be decoded.
    """

    key = "scripted"
    title = "Scripted"
    capability = Capability(snap=True)

    def __init__(self) -> None:
        self.did: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.busy = threading.Event()

    def _pass(self, what: str) -> None:
        self.did.append(what)
        self.busy.set()
        assert self.gate.wait(5)

    def embed(self, photo: Photo) -> Embedding:
        self._pass(f"embed {photo[0, 0, 0]}")
        if photo[0, 0, 0] == 255:
            raise ModelError("This photo is too bright.")
        features = {"image_embeddings": np.zeros(100, np.float32)}
        return Embedding(features, SIZE, SIZE, 4, self.key, 1.0)

    def decode(self, embedding: Embedding, prompt: Prompt) -> Candidates:
        self._pass(f"decode {prompt.points[0].x:.0f}")
        if prompt.points[0].x == 99:
            raise ZeroDivisionError("secret\ndetails")
        region = region_from_mask(np.ones((4, 4), bool), SIZE)
        return Candidates((Candidate(1.0, np.zeros((2, 2), np.float32), lambda _: region),), 1.0)

    def snap(self, embedding: Embedding, prompt: Prompt, candidate: Candidate) -> Candidate:
        self._pass("snap")
        return candidate

    def halt(self) -> None:
        self.busy.clear()
        self.gate.clear()


class Heard:
    """Events as they come."""

    def __init__(self) -> None:
        self.events: queue.Queue[Event] = queue.Queue()

    def next(self) -> Event:
        return self.events.get(timeout=5)

    def rest(self) -> list[Event]:
        found = []
        while not self.events.empty():
            found.append(self.events.get())
        return found


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def worker(scripted: Scripted, heard: Heard) -> Iterator[InferenceWorker]:
    worker = InferenceWorker(lambda: scripted, heard.events.put)
    worker.start()
    assert isinstance(heard.next(), ModelReady)
    yield worker
    scripted.gate.set()
    worker.close()


def click(x: float) -> Prompt:
    return Prompt((PromptPoint(x, 2),))


def test_the_real_model_from_photo_to_snapped_mask(heard: Heard) -> None:
    worker = InferenceWorker(lambda: load_segmenter("builtin"), heard.events.put)
    worker.start()
    ready = heard.next()
    assert isinstance(ready, ModelReady)
    assert (ready.title, ready.is_builtin) == ("built-in (basic)", True)
    worker.focus("a", disc_photo())
    assert isinstance(heard.next(), Embedded)
    prompt = Prompt((PromptPoint(160, 120),))
    worker.decode("a", 7, prompt)
    decoded = heard.next()
    assert isinstance(decoded, Decoded)
    assert decoded.ticket == 7
    best = decoded.candidates.items[0]
    assert "region" in vars(best)  # computed in the worker, not by whoever looks at it
    worker.snap("a", 8, prompt, best)
    snapped = heard.next()
    assert isinstance(snapped, Snapped)
    assert snapped.candidate.region.contains(160, 120)
    worker.close()


def test_a_decode_waits_for_its_embedding(
    worker: InferenceWorker, scripted: Scripted, heard: Heard
) -> None:
    scripted.halt()
    worker.focus("a", photo(1))
    worker.decode("a", 1, click(5))
    assert not worker.has_embedding("a")
    scripted.gate.set()
    assert heard.next() == Embedded("a", 1.0, remembered=False)
    assert isinstance(heard.next(), Decoded)
    assert worker.has_embedding("a")


def test_only_the_newest_prompt_is_decoded(
    worker: InferenceWorker, scripted: Scripted, heard: Heard
) -> None:
    scripted.halt()
    worker.focus("a", photo(1))
    for ticket in range(10):
        worker.decode("a", ticket, click(ticket))
    scripted.gate.set()
    heard.next()
    decoded = heard.next()
    assert isinstance(decoded, Decoded)
    assert decoded.ticket == 9
    assert scripted.did == ["embed 1", "decode 9"]


def test_decodes_go_before_images_ahead(
    worker: InferenceWorker, scripted: Scripted, heard: Heard
) -> None:
    worker.focus("a", photo(1))
    heard.next()
    scripted.halt()
    for value in (2, 3, 4):
        worker.ahead(f"ahead{value}", lambda value=value: photo(value))  # type: ignore[misc]
    assert scripted.busy.wait(5)
    worker.snap("a", 1, CLICK, Candidate(1.0, np.zeros((2, 2), np.float32), lambda _: None))  # type: ignore[arg-type, return-value]
    worker.decode("a", 2, click(5))
    scripted.gate.set()
    assert isinstance(heard.next(), Decoded)
    wait_for(lambda: worker.has_embedding("ahead4"))
    assert scripted.did == ["embed 1", "embed 2", "decode 5", "embed 3", "embed 4"]


def test_images_ahead_of_one_that_was_left_are_dropped(
    worker: InferenceWorker, scripted: Scripted, heard: Heard
) -> None:
    worker.focus("a", photo(1))
    heard.next()
    scripted.halt()
    for value in (2, 3):
        worker.ahead(f"ahead{value}", lambda value=value: photo(value))  # type: ignore[misc]
    assert scripted.busy.wait(5)
    worker.focus("b", photo(4))
    for value in (5, 6):
        worker.ahead(f"ahead{value}", lambda value=value: photo(value))  # type: ignore[misc]
    scripted.gate.set()
    wait_for(lambda: worker.has_embedding("ahead6"))
    assert scripted.did == ["embed 1", "embed 2", "embed 4", "embed 5", "embed 6"]


def test_an_image_ahead_that_was_still_being_read_is_dropped_as_well(
    worker: InferenceWorker, scripted: Scripted, heard: Heard
) -> None:
    worker.focus("a", photo(1))
    heard.next()
    reading, may_go_on = threading.Event(), threading.Event()

    def slow() -> Photo:
        reading.set()
        assert may_go_on.wait(5)
        return photo(2)

    worker.ahead("ahead2", slow)
    assert reading.wait(5)
    worker.focus("b", photo(3))
    worker.ahead("ahead4", lambda: photo(4))
    may_go_on.set()
    wait_for(lambda: worker.has_embedding("ahead4"))
    assert scripted.did == ["embed 1", "embed 3", "embed 4"]


def test_an_image_ahead_waits_when_a_prompt_came_while_it_was_read(
    worker: InferenceWorker, scripted: Scripted, heard: Heard
) -> None:
    worker.focus("a", photo(1))
    heard.next()
    reading, may_go_on = threading.Event(), threading.Event()

    def slow() -> Photo:
        reading.set()
        assert may_go_on.wait(5)
        return photo(2)

    worker.ahead("ahead2", slow)
    assert reading.wait(5)
    worker.decode("a", 1, click(5))
    may_go_on.set()
    wait_for(lambda: worker.has_embedding("ahead2"))
    assert scripted.did == ["embed 1", "decode 5", "embed 2"]


def test_a_listener_that_fails_does_not_end_the_thread(
    scripted: Scripted, heard: Heard, capfd: pytest.CaptureFixture[str]
) -> None:
    def takes_it_and_fails(event: Event) -> None:
        heard.events.put(event)
        raise RuntimeError("the screen is gone")

    worker = InferenceWorker(lambda: scripted, takes_it_and_fails)
    worker.start()
    worker.focus("a", photo(1))
    worker.decode("a", 1, CLICK)
    assert [type(heard.next()) for _ in range(3)] == [ModelReady, Embedded, Decoded]
    worker.close()
    assert capfd.readouterr() == ("", "")


def test_an_image_embedded_ahead_is_remembered(worker: InferenceWorker, heard: Heard) -> None:
    worker.ahead("b", lambda: photo(2))
    wait_for(lambda: worker.has_embedding("b"))
    worker.focus("b", photo(2))
    assert heard.next() == Embedded("b", 1.0, remembered=True)


def test_what_was_asked_of_an_image_left_is_dropped(
    worker: InferenceWorker, scripted: Scripted, heard: Heard
) -> None:
    scripted.halt()
    worker.focus("a", photo(1))
    worker.decode("a", 1, CLICK)
    assert scripted.busy.wait(5)
    worker.focus("b", photo(2))
    worker.decode("a", 2, CLICK)
    scripted.gate.set()
    assert heard.next() == Embedded("b", 1.0, remembered=False)
    assert not heard.rest()
    assert scripted.did == ["embed 1", "embed 2"]


def test_a_cancelled_prompt_is_not_answered(
    worker: InferenceWorker, scripted: Scripted, heard: Heard
) -> None:
    worker.focus("a", photo(1))
    heard.next()
    scripted.halt()
    worker.decode("a", 1, click(1))
    assert scripted.busy.wait(5)
    worker.decode("a", 2, click(2))
    worker.cancel()
    worker.decode("a", 3, click(3))
    scripted.gate.set()
    decoded = heard.next()
    assert isinstance(decoded, Decoded)
    assert decoded.ticket == 3
    assert scripted.did[-1] == "decode 3"


def test_a_failed_prompt_is_a_sentence_and_the_next_one_works(
    worker: InferenceWorker, heard: Heard
) -> None:
    worker.focus("a", photo(1))
    heard.next()
    worker.decode("a", 1, click(99))
    failed = heard.next()
    assert failed == Failed("a", 1, "The model failed (ZeroDivisionError: secret).")
    worker.decode("a", 2, click(1))
    assert isinstance(heard.next(), Decoded)


def test_a_photo_that_cannot_be_embedded_answers_every_prompt(
    worker: InferenceWorker, heard: Heard
) -> None:
    worker.focus("bad", photo(255))
    assert heard.next() == Failed("bad", None, "This photo is too bright.")
    worker.decode("bad", 4, CLICK)
    assert heard.next() == Failed("bad", 4, "This photo is too bright.")
    worker.focus("good", photo(1))
    assert isinstance(heard.next(), Embedded)


def test_a_photo_ahead_that_cannot_be_read_is_silent(worker: InferenceWorker, heard: Heard) -> None:
    def missing() -> Photo:
        raise OSError("gone")

    worker.ahead("x", missing)
    worker.ahead("bright", lambda: photo(255))
    worker.focus("a", photo(1))
    assert isinstance(heard.next(), Embedded)
    assert not heard.rest()


def test_a_model_that_cannot_be_loaded_answers_every_prompt(heard: Heard) -> None:
    def broken() -> Scripted:
        raise ModelError("The file is damaged.", "Pull it again.")

    worker = InferenceWorker(broken, heard.events.put)
    worker.start()
    assert heard.next() == Failed("", None, "The file is damaged. Pull it again.")
    worker.focus("a", photo(1))
    worker.decode("a", 1, CLICK)
    assert heard.next() == Failed("a", 1, "The file is damaged. Pull it again.")
    worker.close()


def test_closing_ends_the_thread(worker: InferenceWorker) -> None:
    worker.focus("a", photo(1))
    worker.close()
    assert not worker._thread.is_alive()
    worker.close()


def test_the_oldest_embeddings_are_forgotten_first() -> None:
    def embedding() -> Embedding:
        return Embedding({"e": np.zeros(25, np.float32)}, SIZE, SIZE, 4, "k", 1.0)

    memory = EmbeddingMemory(limit=300)
    for key in "abc":
        memory.put(key, embedding())
    assert memory.get("a") is not None
    memory.put("d", embedding(), keep="c")
    assert [key for key in "abcd" if key in memory] == ["a", "c", "d"]
    assert memory.nbytes == 300


def wait_for(condition: Callable[[], bool]) -> None:
    patience = threading.Event()
    for _ in range(500):
        if condition():
            return
        patience.wait(0.01)
    raise AssertionError("it never happened")
