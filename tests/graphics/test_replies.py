"""What a terminal answers is read, and what a person types is never eaten."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_label.graphics.replies import ReplyFilter, parse_replies
from tui_label.graphics.viewport import CellSize

KITTY = (
    b"\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t"
    b"\x1b[?1016;2$y\x1b[?2026;2$y\x1b[?62;52;c"
)
OURS = [
    "\x1bP>|kitty(0.41.1)\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b_Gi=31;EINVAL:no such thing\x1b\\",
    "\x1b[6;18;9t",
    "\x1b[?1016;2$y",
    "\x1b[?62;4;22c",
]
KEYS = [
    "a", "é", "\r", "\x03", "\x1b[A", "\x1b[1;5C", "\x1b[6~", "\x1b[6;5~", "\x1bOP", "\x1bx",
    "\x1b[<0;12;34M", "\x1b[<35;1016;20m", "\x1b[200~c;t\x1b[201~", "\x1b[97;5u", "\x1b[I",
    "\x1b[?2026;2$y", "\x1b[?2048;2$y", "\x1b[?1u", "\x1b[48;50;160;800;1280t",
]  # fmt: skip


def test_everything_that_kitty_says_is_understood():
    replies = parse_replies(KITTY)
    assert (replies.brand, replies.version) == ("kitty", "0.41.1")
    assert replies.kitty and not replies.sixel
    assert replies.cell == CellSize(9, 18)
    assert replies.pixel_mouse and replies.sync and replies.complete
    assert replies.typed == b"" and replies.pending == b""


@pytest.mark.parametrize(
    ("said", "brand", "version"),
    [
        ("XTerm(379)", "xterm", "379"),
        ("foot(1.21.0)", "foot", "1.21.0"),
        ("tmux 3.5a", "tmux", "3.5a"),
        ("WezTerm 20240203-110809-5046fc22", "wezterm", "20240203-110809-5046fc22"),
        ("ghostty 1.1.3", "ghostty", "1.1.3"),
        ("iTerm2 3.5.10", "iterm2", "3.5.10"),
        ("Konsole 23.08.1", "konsole", "23.08.1"),
        ("something", "something", ""),
        ("", "", ""),
    ],
)
def test_brands_as_terminals_write_them(said, brand, version):
    replies = parse_replies(f"\x1bP>|{said}\x1b\\".encode())
    assert (replies.brand, replies.version) == (brand, version)


def test_a_refusal_or_an_answer_to_somebody_else_is_no_consent():
    assert not parse_replies(b"\x1b_Gi=31;ENOTSUPPORTED\x1b\\").kitty
    assert not parse_replies(b"\x1b_Gi=32;OK\x1b\\").kitty


def test_the_class_of_a_terminal_is_not_sixel():
    assert not parse_replies(b"\x1b[?4;6c").sixel
    assert parse_replies(b"\x1b[?62;4;22c").sixel


@pytest.mark.parametrize("state", [0, 4])
def test_a_mode_that_is_unknown_or_always_off_is_no_mode(state):
    assert not parse_replies(f"\x1b[?1016;{state}$y".encode()).pixel_mouse


def test_keys_between_answers_are_what_was_typed():
    replies = parse_replies(b"q" + KITTY[:19] + b"\x1b[A" + KITTY[19:] + b"\x1b[?6")
    assert replies.typed == b"q\x1b[A" and replies.pending == b"\x1b[?6"
    assert replies.kitty and replies.complete


@given(st.binary(max_size=60))
def test_garbage_is_never_an_error(received):
    replies = parse_replies(received)
    assert len(replies.typed) + len(replies.pending) <= len(received)


@given(st.permutations(OURS))
def test_order_does_not_matter(order):
    replies = parse_replies("".join(order).encode())
    assert (replies.brand, replies.kitty, replies.complete) == ("kitty", True, True)


def cut(text: str, places: list[int]) -> list[str]:
    marks = sorted({0, len(text), *(place % (len(text) + 1) for place in places)})
    return [text[start:stop] for start, stop in itertools.pairwise(marks)]


@st.composite
def streams(draw):
    """Keys and answers, torn into pieces; no answer right after its first two characters."""
    parts = draw(st.lists(st.sampled_from(KEYS + OURS), max_size=8))
    keys = "".join(part for part in parts if part in KEYS)
    pieces = [""]
    for part in parts:
        rest = part
        if part in OURS:
            head = 4 if part.startswith("\x1b[6;") else 3
            pieces[-1] += part[:head]
            rest = part[head:]
        first, *more = cut(rest, draw(st.lists(st.integers(0, 40), max_size=3))) or [""]
        if draw(st.booleans()):
            pieces[-1] += first
        elif part in OURS:
            pieces.append(first)
        else:
            pieces += [first]
        pieces += more
    return keys, pieces


@given(streams())
def test_late_replies_are_taken_out_of_any_stream_of_keys(stream):
    keys, pieces = stream
    replies = ReplyFilter()
    assert "".join(replies.feed(piece) for piece in pieces) + replies.flush() == keys


@pytest.mark.parametrize("key", [*KEYS, "\x1b", "\x1b[", "\x1bP", "\x1b_", "\x1b\x1b"])
def test_a_key_passes_at_once(key):
    assert ReplyFilter().feed(key) == key


@given(st.text(alphabet="\x1b[]P_G?;6c0$y|>\\aM~", max_size=20), st.lists(st.integers(0, 20)))
def test_nothing_that_is_not_a_reply_is_lost(text, places):
    replies = parse_replies(text.encode())
    if replies.complete or replies.brand or replies.cell or "\x1b\\" in text or "$y" in text:
        return
    stream = ReplyFilter()
    assert "".join(stream.feed(piece) for piece in cut(text, places)) + stream.flush() == text


def test_the_rest_of_a_reply_that_was_torn_after_its_escape_is_taken_out():
    replies = ReplyFilter()
    assert replies.feed("\x1b") == "\x1b"
    assert replies.feed("[?62;4") + replies.feed("cx") == "x"


def test_a_person_typing_after_escape_loses_nothing():
    replies = ReplyFilter()
    assert replies.feed("\x1b") == "\x1b"
    assert replies.feed("[") == "["
    assert replies.feed("?") + replies.feed("x") == "?x"


def test_the_beginning_that_the_probe_saw_is_continued():
    assert ReplyFilter(pending=b"\x1b_Gi=3").feed("1;OK\x1b\\n") == "n"


def test_silence_gives_back_what_was_held():
    replies = ReplyFilter()
    assert replies.feed("\x1b[?6") == ""
    assert replies.flush() == "\x1b[?6"
    assert replies.flush() == ""


def test_a_reply_without_an_end_is_given_back():
    replies = ReplyFilter()
    given_back = "".join(replies.feed("\x1b_G" if n == 0 else "x") for n in range(1000))
    assert given_back.startswith("\x1b_G") and len(given_back) == 1002
