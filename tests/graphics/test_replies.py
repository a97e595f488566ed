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
    "\x1b[?1;0;256S",
    "\x1b[?2;3;0S",
    "\x1b]1337;ReportCellSize=18.0;8.0;2.0\x1b\\",
    "\x1b]1337;ReportCellSize=18;8\x07",
    "\x1b[0n",
]
KEYS = [
    "a", "é", "\r", "\x03", "\x1b[A", "\x1b[1;5C", "\x1b[6~", "\x1b[6;5~", "\x1bOP", "\x1bx",
    "\x1b[<0;12;34M", "\x1b[<35;1016;20m", "\x1b[200~c;t\x1b[201~", "\x1b[97;5u", "\x1b[I",
    "\x1b]", "\x1b]x", "\x1b[3~", "\x1b[<35;-10;0M", "\x1b[?2026;2$y",
    "\x1b[?2048;2$y", "\x1b[48;50;160;800;1280t",
]  # fmt: skip


def test_everything_that_kitty_says_is_understood():
    replies = parse_replies(KITTY)
    assert (replies.brand, replies.version) == ("kitty", "0.41.1")
    assert replies.kitty and not replies.sixel
    assert replies.cell == CellSize(9, 18)
    assert replies.knows(1016) and replies.knows(2026) and replies.complete
    assert replies.said == KITTY
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
        ("xterm.js(5.6.0-beta.1)", "xterm.js", "5.6.0-beta.1"),
        ("VTE(7802)", "vte", "7802"),
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
    assert not parse_replies(f"\x1b[?1016;{state}$y".encode()).knows(1016)


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
            head = 4 if part.startswith(("\x1b[6;", "\x1b]")) else 3
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


@given(st.text(alphabet="\x1b[]P_G?;6c0$y|>\\aM~n13S", max_size=20), st.lists(st.integers(0, 20)))
def test_nothing_that_is_not_a_reply_is_lost(text, places):
    replies = parse_replies(text.encode())
    if replies.said or "\x1b\\" in text:
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


def test_sixel_is_known_by_its_colours_and_its_largest_picture():
    replies = parse_replies(b"\x1b[?1;0;256S\x1b[?2;0;480;312S\x1b[?2;0;1000;1000S")
    assert (replies.sixel_colours, replies.sixel_largest) == (256, (1000, 1000))


@pytest.mark.parametrize(
    "said",
    [b"\x1b[?1;3S", b"\x1b[?2;3;0S", b"\x1b[?1;3;0S", b"\x1b[?2;0;0;0S", b"\x1b[?2;0;5S"],
)
def test_an_error_is_no_number(said):
    replies = parse_replies(said)
    assert (replies.sixel_colours, replies.sixel_largest) == (0, None)
    assert replies.typed == b""


def test_points_of_an_inline_cell_times_their_scale_are_pixels():
    said = b"\x1b]1337;ReportCellSize=18.0;8.5;2.0\x1b\\"
    assert parse_replies(said).inline_cell == CellSize(17, 36)
    assert parse_replies(b"\x1b]1337;ReportCellSize=18;8\x07").inline_cell == CellSize(8, 18)


@pytest.mark.parametrize(
    "said", [b"\x1b[6;0;8t", b"\x1b[6;16;" + b"9" * 400 + b"t", b"\x1b[6;2000;8t"]
)
def test_a_cell_that_cannot_be_is_none(said):
    assert parse_replies(said).cell is None


class TestAcknowledgements:
    def test_they_are_counted_and_taken_once(self):
        replies = ReplyFilter()
        assert replies.feed("a\x1b[0nb\x1b[0n\x1b_Gi=32;OK\x1b\\c") == "abc"
        assert replies.take_acknowledged() == 3
        assert replies.take_acknowledged() == 0

    def test_a_refusal_acknowledges_too(self):
        replies = ReplyFilter()
        replies.feed("\x1b_Gi=32;EINVAL:no\x1b\\")
        assert replies.take_acknowledged() == 1

    def test_a_torn_one_counts_when_it_is_whole(self):
        replies = ReplyFilter()
        assert replies.feed("x\x1b[0") == "x"
        assert replies.take_acknowledged() == 0
        assert replies.feed("ny") == "y"
        assert replies.take_acknowledged() == 1

    @given(st.lists(st.sampled_from(["\x1b[0n", "a", "\x1b[A", "\x1b[6;5~"]), max_size=12))
    def test_keys_around_them_stay(self, parts):
        replies = ReplyFilter()
        keys = replies.feed("".join(parts))
        assert keys == "".join(part for part in parts if part != "\x1b[0n")
        assert replies.take_acknowledged() == parts.count("\x1b[0n")


def test_other_replies_wait_for_whoever_asked():
    replies = ReplyFilter()
    assert replies.feed("\x1b[6;18;9tq\x1b[?62;4c\x1b[0n") == "q"
    assert replies.take_replies() == b"\x1b[6;18;9t\x1b[?62;4c"
    assert replies.take_replies() == b""


def test_modes_that_textual_asks_for_are_left_to_it():
    replies = ReplyFilter()
    said = "\x1b[?2048;2$y\x1b[?2026;2$y"
    assert replies.feed(said + "\x1b[?1016;2$y") == said


@pytest.mark.parametrize(
    "said",
    [
        "\x1b]11;rgb:dddd/dddd/dddd\x07",
        "\x1b]11;rgb:dddd/dddd/dddd\x1b\\",
        "\x1b]52;c;" + "ZGRk" * 500 + "\x07",
        "\x1b[>0;276;0c",
        "\x1b[?1u",
        "\x1b[?997;1n",
        "\x1b[4;576;960t",
        "\x1bP1$r0m\x1b\\",
        "\x1bP1+r544e=78\x1b\\",
    ],
)
class TestAnswersThatNobodyHereHasAskedFor:
    def test_they_are_no_keys(self, said: str) -> None:
        replies = ReplyFilter()
        assert replies.feed(f"a{said}b") == "ab"
        assert replies.take_replies() == b"" and replies.take_acknowledged() == 0

    def test_not_even_in_pieces(self, said: str) -> None:
        replies = ReplyFilter()
        middle = max(4, len(said) // 2)
        assert replies.feed(said[:middle]) + replies.feed(said[middle:] + "q") == "q"


@pytest.mark.parametrize(
    "said", ["\x1b[48;24;80;480;800t", "\x1b[?2026;2$y", "\x1b[<0;3;4M", "\x1b[1;2R", "\x1b[6;5~"]
)
def test_what_textual_reads_goes_on_to_it(said: str) -> None:
    assert ReplyFilter().feed(said) == said


def test_an_acknowledgement_torn_before_its_last_character() -> None:
    replies = ReplyFilter()
    assert replies.feed("\x1b[0") == ""
    assert replies.feed("nx") == "x"
    assert replies.take_acknowledged() == 1
