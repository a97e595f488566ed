"""Label files keep every byte that nobody changed."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_label.geometry.boxes import Box, Size
from tui_label.geometry.normalised import NormalisedBox, NormalisedPolygon
from tui_label.labels.annotation import Annotation, Task
from tui_label.labels.yolo import (
    Row,
    content_of,
    file_shape,
    merged_rows,
    parse_rows,
    relabelled,
    row_key,
    row_of,
)

BOX = b"0 0.5 0.5 0.2 0.1\n"
OTHER_BOX = b"1 0.25 0.25 0.1 0.1\n"
POLYGON = b"2 0.1 0.1 0.9 0.1 0.5 0.9\n"

a_box_row = st.builds(
    lambda c, x, y, end: f"{c} {x} {y} 0.1 0.1{end}".encode(),
    st.integers(0, 3),
    st.sampled_from(["0.2", "0.4", "0.60"]),
    st.sampled_from(["0.3", ".5"]),
    st.just("\n"),
)
box_files = st.lists(a_box_row, max_size=8).map(lambda rows: parse_rows(b"".join(rows)))


def annotation_in(raw: bytes) -> Annotation:
    (row,) = parse_rows(raw)
    assert row.annotation is not None, row.problem
    return row.annotation


def problem_of(raw: bytes) -> str:
    (row,) = parse_rows(raw)
    assert row.annotation is None
    return row.problem


@given(st.binary())
@example(b"0 .5 .5 .2 .2\r\n\r\n\n\r1 .5 .5 .1 .1")
@example(b"\xef\xbb\xbf0 .5 .5 .2 .2\n\xef\xbb\xbf0 .5 .5 .2 .2\n")
@example(b"0 .5 .5 .2 .2\x0c\n\x85\x1c\n")
def test_any_bytes_are_read_and_given_back_unchanged(content: bytes) -> None:
    rows = parse_rows(content)
    assert b"".join(row.raw for row in rows) == content
    assert content_of(rows) == content


@given(st.text(alphabet="0123456789.-e \t\n\rnaif_", max_size=80))
def test_number_like_junk_is_read_without_an_exception(text: str) -> None:
    assert content_of(parse_rows(text.encode())) == text.encode()


def test_five_columns_are_a_box() -> None:
    assert annotation_in(b"3 0.5 0.25 0.2 0.1") == Annotation(3, NormalisedBox(0.5, 0.25, 0.2, 0.1))


def test_seven_columns_are_a_polygon_of_three_points() -> None:
    shape = annotation_in(POLYGON).shape
    assert isinstance(shape, NormalisedPolygon)
    assert shape.points.tolist() == [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]]


def test_nine_columns_of_an_oriented_box_are_a_polygon_of_four_points() -> None:
    shape = annotation_in(b"0 .1 .1 .2 .1 .2 .2 .1 .2").shape
    assert isinstance(shape, NormalisedPolygon)
    assert len(shape.points) == 4


@pytest.mark.parametrize(
    "raw",
    [
        b"1.0 .5 .5 .2 .2\n",
        b"\t1   .5 .5 .2 .2   \r\n",
        b"\xef\xbb\xbf1 .5 .5 .2 .2\n",
        b"1 .95 .5 .3 .2\n",
        b"1 1.005 .5 0 0\n",
        b"1 -0.005 .5 .1 .1\n",
        b"1 1.015 .1 .5 .1 .5 .5\n",
    ],
    ids=["class 1.0", "spaces", "BOM", "overflow", "1 % over", "1 % under", "vertex outside"],
)
def test_what_ultralytics_accepts_is_an_annotation(raw: bytes) -> None:
    assert annotation_in(raw).class_id == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"cat .5 .5 .2 .2", "holds 'cat' where a number belongs"),
        (b"0,.5,.5,.2,.2", "where a number belongs"),
        (b"0 \x1b[2J .5 .2 .2", r"holds '\x1b[2J'"),
        (b"0 nan .5 .2 .2", "not finite"),
        (b"0 .5 .5 inf .2", "not finite"),
        (b"inf .5 .5 .2 .2", "not finite"),
        (b"-1 .5 .5 .2 .2", "negative class -1"),
        (b"1.5 .5 .5 .2 .2", "class 1.5, which is not a whole number"),
        (b"1e39 .5 .5 .2 .2", "more than a class list can hold"),
        (b"0", "too few columns (1)"),
        (b"0 .5 .5 .2", "too few columns (4)"),
        (b"0 .5 .5 .2 .2 .9", "confidence"),
        (b"0 .1 .1 .2 .2 .3 .3 .4", "has 7 coordinates"),
        (b"0 .5 .5 -.005 .2", "negative width or height"),
        (b"0 1.02 .5 .2 .2", "1.02 is more than 1"),
        (b"0 -.02 .5 .2 .2", "-0.02 is less than 0"),
        (b"0 1e300 .5 .2 .2", "more than 1"),
        (b"0 1e300 .5 -1e300 .2 .1 .1", "more than 1"),
        (b"0 .5 .5 .2 .2 \xff", "not text in UTF-8"),
        ("0 .5 .5\u2028.2 .2".encode(), "unusual line break"),
        (b"0 .5 .5 .2\x0c .2", "unusual line break"),
    ],
)
def test_what_ultralytics_rejects_is_kept_with_the_reason(raw: bytes, words: str) -> None:
    assert words in problem_of(raw)


@pytest.mark.parametrize("raw", [b"\n", b" \t\r\n", b"   ", b"\xef\xbb\xbf\n"])
def test_blank_lines_are_rows_without_a_problem(raw: bytes) -> None:
    (row,) = parse_rows(raw)
    assert row == Row(raw, None, "")
    assert row.is_blank


def test_a_byte_order_mark_counts_only_at_the_beginning() -> None:
    rows = parse_rows(BOX + b"\xef\xbb\xbf" + BOX)
    assert rows[0].annotation is not None
    assert rows[1].problem


@given(
    st.integers(0, 999),
    *[st.floats(0, 1) for _ in range(4)],
)
def test_a_written_box_stays_inside_the_photo_and_within_a_millionth(
    class_id: int, ax: float, ay: float, bx: float, by: float
) -> None:
    box = Box.from_corners(ax, ay, bx, by)
    row = row_of(Annotation(class_id, NormalisedBox.of(box, Size(1, 1))))
    centre_x, centre_y, width, height = (round(float(v) * 1e6) for v in row.raw.split()[1:])
    for centre, extent in [(centre_x, width), (centre_y, height)]:
        assert 2 * centre - extent >= 0 and 2 * centre + extent <= 2_000_000
    assert row.annotation is not None
    read = row.annotation.shape.box(Size(1, 1))
    for written, wanted in zip(
        (read.x1, read.y1, read.x2, read.y2), (box.x1, box.y1, box.x2, box.y2), strict=True
    ):
        assert written == pytest.approx(wanted, abs=1.6e-6)
    assert row_of(row.annotation) == row


@given(st.lists(st.tuples(st.floats(-0.4, 1.4), st.floats(-0.4, 1.4)), min_size=3, max_size=20))
def test_a_written_polygon_is_clamped_and_reads_as_itself(
    points: list[tuple[float, float]],
) -> None:
    row = row_of(Annotation(7, NormalisedPolygon(np.array(points))))
    assert row.annotation is not None
    shape = row.annotation.shape
    assert isinstance(shape, NormalisedPolygon)
    np.testing.assert_allclose(shape.points, np.clip(points, 0, 1), atol=5.1e-7)
    assert row_of(row.annotation) == row


def test_rows_are_written_with_six_decimals() -> None:
    row = row_of(Annotation(4, NormalisedBox(0.5, 1 / 3, 0.2, 0.1)))
    assert row.raw == b"4 0.500000 0.333333 0.200000 0.100000\n"


def test_a_box_over_the_edge_is_cut_at_the_edge() -> None:
    row = row_of(Annotation(0, NormalisedBox(0.95, 0.5, 0.3, 0.2)))
    assert row.raw == b"0 0.900000 0.500000 0.200000 0.200000\n"


@pytest.mark.parametrize(
    "annotation",
    [
        Annotation(-1, NormalisedBox(0.5, 0.5, 0.1, 0.1)),
        Annotation(0, NormalisedBox(math.nan, 0.5, 0.1, 0.1)),
        Annotation(0, NormalisedBox(0.5, 0.5, -0.1, 0.1)),
        Annotation(0, NormalisedPolygon(np.array([[0.1, 0.1], [0.2, 0.2]]))),
        Annotation(0, NormalisedPolygon(np.array([[0.1, 0.1], [0.2, math.inf], [0.3, 0.1]]))),
    ],
)
def test_no_row_is_written_that_would_not_be_read(annotation: Annotation) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        row_of(annotation)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"0  .5\t.50 .2  .2 \r\n", b"12  .5\t.50 .2  .2 \r\n"),
        (b" 3.0 .5 .5 .2 .2", b" 12 .5 .5 .2 .2"),
        (b"\xef\xbb\xbf0 .5 .5 .2 .2\n", b"\xef\xbb\xbf12 .5 .5 .2 .2\n"),
        ("\u00a00\u00a0.5 .5 .2 .2\n".encode(), "\u00a012\u00a0.5 .5 .2 .2\n".encode()),
    ],
)
def test_another_class_changes_no_other_byte(raw: bytes, expected: bytes) -> None:
    (row,) = parse_rows(raw)
    changed = relabelled(row, 12)
    assert changed.raw == expected
    assert changed.annotation == Annotation(12, annotation_in(raw).shape)


def test_rows_without_an_annotation_have_no_class() -> None:
    with pytest.raises(ValueError, match="annotation"):
        relabelled(parse_rows(b"junk")[0], 1)


def test_an_appended_row_starts_on_its_own_line() -> None:
    rows = (*parse_rows(BOX.rstrip()), row_of(annotation_in(POLYGON)))
    assert content_of(rows).startswith(BOX + b"2 0.1")


def test_the_missing_line_end_is_that_of_the_file() -> None:
    rows = (*parse_rows(b"\r\n0 .5 .5 .2 .2"), *parse_rows(OTHER_BOX))
    assert content_of(rows) == b"\r\n0 .5 .5 .2 .2\r\n" + OTHER_BOX


def test_a_byte_order_mark_does_not_wander_into_the_file() -> None:
    (marked,) = parse_rows(b"\xef\xbb\xbf" + BOX)
    assert content_of([*parse_rows(OTHER_BOX), marked]) == OTHER_BOX + BOX


@pytest.mark.parametrize(
    ("content", "shape"),
    [
        (b"", None),
        (b"\njunk\n", None),
        (BOX + b"junk\n", Task.DETECT),
        (POLYGON + b"\n", Task.SEGMENT),
        (b"0 .1 .1 .2 .1 .2 .2 .1 .2\n", Task.SEGMENT),
        (BOX + POLYGON, None),
    ],
)
def test_a_file_is_of_one_task_or_of_none(content: bytes, shape: Task | None) -> None:
    assert file_shape(parse_rows(content)) is shape


def test_merging_keeps_their_rows_and_applies_our_changes() -> None:
    theirs = b"# by hand\n" + POLYGON + BOX + b"\n"
    merged = merged_rows(parse_rows(BOX), parse_rows(theirs), parse_rows(OTHER_BOX))
    assert content_of(merged) == b"# by hand\n" + POLYGON + b"\n" + OTHER_BOX


def test_a_row_that_both_added_is_added_once() -> None:
    merged = merged_rows((), parse_rows(BOX), parse_rows(BOX + OTHER_BOX))
    assert content_of(merged) == BOX + OTHER_BOX


def test_line_ends_and_byte_order_marks_are_no_changes() -> None:
    base, ours = parse_rows(b"\xef\xbb\xbf" + BOX.rstrip()), parse_rows(BOX + OTHER_BOX)
    theirs = parse_rows(BOX.replace(b"\n", b"\r\n"))
    assert content_of(merged_rows(base, theirs, ours)) == BOX.replace(b"\n", b"\r\n") + OTHER_BOX


def test_the_key_of_a_row_is_its_bytes_without_line_end_and_byte_order_mark() -> None:
    (marked,), (plain,) = parse_rows(b"\xef\xbb\xbf" + BOX.rstrip() + b"\r\n"), parse_rows(BOX)
    assert row_key(marked) == row_key(plain) == BOX.rstrip()
    assert row_key(marked) != row_key(parse_rows(OTHER_BOX)[0])


@given(box_files, box_files)
def test_merging_with_a_side_that_did_nothing_is_the_other_side(
    base: tuple[Row, ...], changed: tuple[Row, ...]
) -> None:
    assert merged_rows(base, changed, base) == changed
    assert sorted(row.raw for row in merged_rows(base, base, changed)) == sorted(
        row.raw for row in changed
    )


@given(box_files, box_files)
def test_the_same_change_on_both_sides_is_merged_to_itself(
    base: tuple[Row, ...], changed: tuple[Row, ...]
) -> None:
    assert merged_rows(base, changed, changed) == changed


@given(box_files, box_files, box_files)
def test_merging_loses_no_row_that_anyone_added(
    base: tuple[Row, ...], theirs: tuple[Row, ...], ours: tuple[Row, ...]
) -> None:
    merged = set(merged_rows(base, theirs, ours))
    assert (set(theirs) | set(ours)) - set(base) <= merged
