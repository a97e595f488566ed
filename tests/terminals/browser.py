"""xterm.js in Chromium without a screen: VS Code's terminal, and that of many web pages.

Chromium is spoken to over two pipes (``--remote-debugging-pipe``: JSON with a zero byte
behind it), so no port is opened. The program runs on a pseudo terminal of ours; its bytes go
into the page and the page's answers come back.
"""

from __future__ import annotations

import base64
import fcntl
import io
import itertools
import json
import os
import pty
import queue
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.terminals.desktop import surroundings
from tests.terminals.screen import INSIDE, Screen, awaited_note, ended

HERE = Path(__file__).with_name("xtermjs")

PACKAGES = {
    "xterm.js": ("@xterm/xterm", "@xterm/addon-image", ""),
    "xterm.js-next": ("xterm-next", "addon-image-next", "addon-webgl-next"),
}
"""Folders in ``node_modules``: the terminal, its addon for images, and that for WebGL.

The second is what VS Code uses; the first, without WebGL, is what web pages do.
"""

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
)

_ANSWER_S = 60.0

# What xterm.js looks at in a key: its name, its code, and characters it stands for.
_KEYS = {
    "Return": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "Tab": ("Tab", 9, ""),
    "BackSpace": ("Backspace", 8, ""),
    "Left": ("ArrowLeft", 37, ""),
    "Up": ("ArrowUp", 38, ""),
    "Right": ("ArrowRight", 39, ""),
    "Down": ("ArrowDown", 40, ""),
}
_CHARACTERS = {
    "space": " ",
    "colon": ":",
    "question": "?",
    "plus": "+",
    "minus": "-",
    "underscore": "_",
    "equal": "=",
    "bracketleft": "[",
    "bracketright": "]",
    "semicolon": ";",
    "period": ".",
    "comma": ",",
    "slash": "/",
}
_MODIFIERS = {"alt": 1, "ctrl": 2, "shift": 8}
_BUTTONS = {1: ("left", 1), 2: ("middle", 4), 3: ("right", 2)}


class Browser:
    """A Chromium with one page.

    State: its process, requests without an answer, who listens to the page. Requests may come
    from any thread; one thread reads.
    """

    def __init__(self, home: Path, size: tuple[int, int], environ: dict[str, str]) -> None:
        self.heard: queue.Queue[str] = queue.Queue()
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._session: str | None = None
        self._lock = threading.Lock()
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        # Chromium reads from 3 and writes to 4. From 10 on, no number is in the other's way.
        high = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (theirs_in, theirs_out)]
        window = f"--window-size={size[0]},{size[1]}"
        profile = f"--user-data-dir={home / 'chromium'}"
        redirected = f'exec chromium "$@" 3<&{high[0]} 4>&{high[1]} {high[0]}<&- {high[1]}>&-'
        self._process = subprocess.Popen(
            ["bash", "-c", redirected, "bash", *_FLAGS, window, profile, "about:blank"],
            pass_fds=high,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (theirs_in, theirs_out, *high):
            os.close(end)
        self._out, self._in = ours_out, ours_in
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """One command of the browser's protocol; its result.

        Raises:
            AssertionError: it failed, or no answer came.
        """
        number = next(self._numbers)
        answer: queue.Queue[dict[str, Any]] = queue.Queue()
        self._answers[number] = answer
        request: dict[str, object] = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            request["sessionId"] = self._session
        with self._lock:
            _write(self._out, json.dumps(request).encode() + b"\0")
        try:
            said = answer.get(timeout=_ANSWER_S)
        except queue.Empty:
            raise AssertionError(f"the browser does not answer to {method}") from None
        finally:
            del self._answers[number]
        assert "error" not in said, f"{method}: {said.get('error')}"
        return dict(said["result"])

    def evaluate(self, script: str) -> Any:
        """The value of JavaScript on the page; promises are waited for."""
        done = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def open(self, page: Path) -> None:
        """Show a file; what it calls ``send`` with is put into ``heard``."""
        [target] = [
            target
            for target in self.ask("Target.getTargets")["targetInfos"]
            if target["type"] == "page"
        ]
        attached = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        self.ask("Runtime.enable")
        self.ask("Page.enable")
        self.ask("Runtime.addBinding", name="send")
        self.ask("Page.navigate", url=page.as_uri())
        deadline = time.monotonic() + 20
        while self.evaluate("document.readyState + (typeof opened)") != "completefunction":
            assert time.monotonic() < deadline, "the page has not been loaded"
            time.sleep(0.05)

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._out)

    def _read(self) -> None:
        held = b""
        while chunk := os.read(self._in, 1 << 20):
            *whole, held = (held + chunk).split(b"\0")
            for message in map(json.loads, whole):
                if message.get("method") == "Runtime.bindingCalled":
                    self.heard.put(message["params"]["payload"])
                elif (answer := self._answers.get(message.get("id"))) is not None:
                    answer.put(message)
        os.close(self._in)


@dataclass
class Page(Screen):
    """xterm.js on a page, its first cell at ``origin`` (pixels)."""

    browser: Browser
    origin: tuple[float, float] = field(default=(0.0, 0.0))

    def move(self, x: float, y: float) -> None:
        """See :class:`Screen`."""
        self._mouse("mouseMoved", x, y)

    def click(self, x: float, y: float, button: int = 1) -> None:
        """See :class:`Screen`."""
        name, bit = _BUTTONS[button]
        self._mouse("mouseMoved", x, y)
        self._mouse("mousePressed", x, y, button=name, buttons=bit, clickCount=1)
        self._mouse("mouseReleased", x, y, button=name, buttons=0, clickCount=1)

    def wheel(self, x: float, y: float, steps: int) -> None:
        """See :class:`Screen`."""
        for _ in range(abs(steps)):
            down = 100 if steps > 0 else -100
            self._mouse("mouseWheel", x, y, deltaX=0, deltaY=down)

    def press(self, name: str) -> None:
        """See :class:`Screen`."""
        *held, last = name.split("+") if len(name) > 1 else [name]
        self._key(last, sum(_MODIFIERS[modifier] for modifier in held))

    def type(self, text: str) -> None:
        """See :class:`Screen`."""
        for character in text:
            self._key(character, 0)

    def photo(self) -> np.ndarray:
        """See :class:`Screen`."""
        png = base64.b64decode(self.browser.ask("Page.captureScreenshot")["data"])
        pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
        left, top = map(round, self.origin)
        width, height = self.size
        return pixels[top : top + height, left : left + width]

    def _mouse(self, kind: str, x: float, y: float, **more: object) -> None:
        # The middle of the pixel: the browser knows fractions.
        x, y = int(x) + 0.5 + self.origin[0], int(y) + 0.5 + self.origin[1]
        self.browser.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def _key(self, name: str, modifiers: int) -> None:
        character = _CHARACTERS.get(name, name)
        key, code, text = _KEYS.get(name) or (character, ord(character.upper()), character)
        if modifiers & ~_MODIFIERS["shift"]:
            text = ""
        event: dict[str, object] = {
            "key": key,
            "windowsVirtualKeyCode": code,
            "modifiers": modifiers,
        }
        if text:
            event["text"] = text
        kind = "keyDown" if text else "rawKeyDown"
        self.browser.ask("Input.dispatchKeyEvent", type=kind, **event)
        event.pop("text", None)
        self.browser.ask("Input.dispatchKeyEvent", type="keyUp", **event)


@contextmanager
def opened_page(
    terminal: str, arguments: list[str], size: tuple[int, int], points: int = 11
) -> Iterator[Page]:
    """The program in a terminal of a web page.

    Args:
        terminal: ``xterm.js`` or ``xterm.js-next``.
        arguments: of the program.
        size: pixels, width and height, about.
        points: of the font.
    """
    pixels = round(points * 4 / 3)
    columns, rows = int(size[0] / (pixels * 0.602)), int(size[1] / (pixels * 1.2))
    with tempfile.TemporaryDirectory(prefix="tui-label-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        environ = surroundings(home)
        browser = Browser(home, (size[0] + 100, size[1] + 200), environ)
        known: dict[str, int] = {}
        wires = Wires()
        try:
            browser.open(HERE / "page.html")
            words = ", ".join(map(json.dumps, (*PACKAGES[terminal], columns, rows, pixels)))
            place = browser.evaluate(f"opened({words})")
            cell = place["width"] / columns, place["height"] / rows
            note = home / "note"
            command = [sys.executable, str(INSIDE), str(note), *arguments]
            # VS Code tells its name, and no size in pixels.
            told = {"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}
            wires.start(browser, command, environ | told, (rows, columns, 0, 0))
            known = awaited_note(note)
            yield Page(columns, rows, cell, note, 0.8, browser, (place["left"], place["top"]))
        finally:
            wires.cut()
            browser.close()
            ended(known)


class Wires:
    """Between the program's pseudo terminal and the page.

    State: the pseudo terminal, the program, and a thread for each direction.
    """

    def __init__(self) -> None:
        self._master: int | None = None
        self._program: subprocess.Popen[bytes] | None = None
        self._browser: Browser | None = None

    def start(
        self,
        browser: Browser,
        command: list[str],
        environ: dict[str, str],
        size: tuple[int, int, int, int],
    ) -> None:
        """A program whose terminal is the page; ``size`` as the kernel keeps it."""
        self._browser = browser
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size))
        self._program = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environ,
        )
        os.close(slave)
        for carry in (self._to_page, self._from_page):
            threading.Thread(target=_until_cut, args=(carry,), daemon=True).start()

    def cut(self) -> None:
        """The terminal goes away, as when its window is closed."""
        if self._master is None or self._program is None or self._browser is None:
            return
        master, self._master = self._master, None
        os.close(master)
        self._browser.heard.put("")
        self._program.terminate()
        self._program.wait(timeout=10)

    def _to_page(self) -> None:
        assert self._browser is not None
        while self._master is not None and (chunk := os.read(self._master, 1 << 16)):
            # One after the other: the page says when it has drawn.
            self._browser.evaluate(f"fed('{base64.b64encode(chunk).decode()}')")

    def _from_page(self) -> None:
        assert self._browser is not None
        while said := self._browser.heard.get():
            if self._master is not None:
                _write(self._master, base64.b64decode(said))


def _until_cut(carry: Callable[[], None]) -> None:
    try:
        carry()
    except (OSError, AssertionError):
        # The program or the browser has ended; the test sees that on the screen.
        return


def _write(fd: int, content: bytes) -> None:
    while content:
        content = content[os.write(fd, content) :]
