"""CSV files as people have them: what is read, what is settled, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.data import DataSettings, Table
from engine.data.csv_file import CsvFile
from engine.data.dataset import prepare
from engine.errors import DataError

Read = Callable[..., Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a file `data.csv` of the content given."""

    def read(content: str | bytes, **settings: object) -> Table:
        path = tmp_path / "data.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return CsvFile(path=str(path), **settings).load()

    return read


def numbers(table: Table, name: str) -> list[float]:
    return list(table.column(name).values.tolist())


def refusal(read: Read, content: str | bytes, **settings: object) -> str:
    with pytest.raises(DataError) as caught:
        read(content, **settings)
    return str(caught.value)


# Bad input: each gives one sentence


@pytest.mark.parametrize("content", [b"", b" \n\n\t\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused(read: Read, content: bytes) -> None:
    assert refusal(read, content) == (
        "data.csv is empty. Choose a file with a header line and rows of values."
    )


def test_a_ragged_line_is_named(read: Read) -> None:
    assert refusal(read, "a,b\n1,2\n\n3\n4,5\n") == (
        "Line 4 of data.csv has 1 value and the first has 2. "
        "Correct that line, or choose another delimiter."
    )


def test_a_ragged_line_after_a_quoted_line_break_is_named_by_its_line_in_the_file(
    read: Read,
) -> None:
    assert refusal(read, 'a,b\n"x\ny",2\n3,4,5\n').startswith(
        "Line 4 of data.csv has 3 values and the first has 2."
    )


def test_a_header_without_rows_is_refused(read: Read) -> None:
    assert refusal(read, "height,width\n") == (
        "data.csv has a header (height, width) and no rows below it. "
        "Add rows, or choose another file."
    )


def test_a_quotation_mark_that_is_never_closed_is_named(read: Read) -> None:
    assert refusal(read, 'a,b\n1,2\n"3,4\n5,6\n') == (
        "Line 3 of data.csv opens a quotation mark that is never closed. "
        "Correct that line, or choose another delimiter."
    )


def test_text_behind_a_closing_quotation_mark_is_named(read: Read) -> None:
    assert refusal(read, 'a,b\n"1"x,2\n') == (
        "Line 2 of data.csv has text behind a closing quotation mark. "
        "Correct that line, or choose another delimiter."
    )


def test_an_excel_workbook_is_recognised(read: Read) -> None:
    assert refusal(read, b"PK\x03\x04" + bytes(50)) == (
        "data.csv must be a text file of values, and it is a ZIP archive or Excel workbook. "
        "Save it as CSV, or choose another file."
    )


def test_a_binary_file_is_refused(read: Read) -> None:
    assert refusal(read, bytes(range(256)) * 4) == (
        "data.csv must be a text file of values, and it holds binary data. "
        "Save it as CSV, or choose another file."
    )


def test_a_missing_file_is_named() -> None:
    with pytest.raises(DataError) as caught:
        CsvFile(path="/nowhere/at all.csv").load()

    assert str(caught.value) == (
        f"There is no file {Path('/nowhere/at all.csv')}. Check the path, or choose the file again."
    )


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"is a folder\. Choose a CSV file in it\.$"):
        CsvFile(path=str(tmp_path)).load()


def test_no_file_chosen_yet_is_a_sentence() -> None:
    with pytest.raises(DataError) as caught:
        CsvFile().load()

    assert str(caught.value) == "No CSV file has been chosen. Choose one with Open file."


def test_an_encoding_that_does_not_fit_is_refused(read: Read) -> None:
    assert refusal(read, "a,b\n1,é\n".encode("latin-1"), encoding="utf-8") == (
        "data.csv is not in UTF-8: byte 6 does not fit. "
        "Set the encoding to automatic, or to the one it was saved in."
    )


def test_one_mark_cannot_part_both_decimals_and_thousands(read: Read) -> None:
    assert refusal(read, "a;b\n1;2\n", decimal="comma", thousands="comma") == (
        "data.csv cannot have a comma both before decimals and between thousands. "
        "Set one of the two to automatic."
    )


def test_a_target_of_one_class_only_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,label\n1,yes\n2,yes\n3,yes\n")

    with pytest.raises(DataError) as caught:
        prepare(DataSettings(source=CsvFile(path=str(path))))

    assert str(caught.value) == (
        "The target 'label' has only one class, 'yes', so there is nothing to tell apart. "
        "Choose another target column, or load rows of other classes."
    )


# Encodings


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("latin-1", "latin-1"),
    ],
)
def test_the_encoding_is_found_and_shown(read: Read, codec: str, found: str) -> None:
    table = read("größe,ort\n1,Köln\n2,Ulm\n".encode(codec))

    assert table.names == ("größe", "ort")
    assert table.column("ort").levels == ("Köln", "Ulm")
    assert table.settled["encoding"] == found


def test_utf_16_with_its_big_end_first_and_a_mark_is_read(read: Read) -> None:
    table = read(b"\xfe\xff" + "a,b\n1,2\n".encode("utf-16-be"))

    assert table.names == ("a", "b")
    assert table.settled["encoding"] == "utf-16-be"


def test_latin_1_from_windows_has_its_euro_sign(read: Read) -> None:
    assert read("price\n5 €\n6 €\n".encode("cp1252")).column("price").levels == ("5 €", "6 €")


# Delimiters, decimals, header


@pytest.mark.parametrize(
    ("mark", "found"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "pipe")]
)
def test_the_delimiter_is_found_and_shown(read: Read, mark: str, found: str) -> None:
    table = read(f"a{mark}b\n1{mark}2\n3{mark}4\n")

    assert numbers(table, "b") == [2, 4]
    assert table.settled["delimiter"] == found


def test_semicolons_with_decimal_commas_are_numbers(read: Read) -> None:
    table = read("a;b\n1,5;-2,25\n,5;1e3\n")

    assert numbers(table, "a") == [1.5, 0.5]
    assert numbers(table, "b") == [-2.25, 1000]
    assert table.settled["decimal"] == "comma"


def test_semicolons_with_decimal_commas_and_no_header_are_numbers(read: Read) -> None:
    table = read("1,5;2,5\n3,5;4,5\n")

    assert table.names == ("column 1", "column 2")
    assert numbers(table, "column 2") == [2.5, 4.5]


@pytest.mark.parametrize(
    ("content", "settled", "values"),
    [
        ("a;b\n1.234,5;1\n2.000,25;2\n", ("comma", "point"), [1234.5, 2000.25]),
        ('a,b\n"1,234",1\n"2,000,000",2\n', ("point", "comma"), [1234, 2000000]),
        ("a;b\n1 234,5;1\n12,25;2\n", ("comma", "space"), [1234.5, 12.25]),
        ("a,b\n1'234.5,1\n12.25,2\n", ("point", "apostrophe"), [1234.5, 12.25]),
        ("a;b\n1,234;1\n5,678;2\n", ("comma", "none"), [1.234, 5.678]),
        ("a,b\n1.234,1\n5.678,2\n", ("point", "none"), [1.234, 5.678]),
    ],
)
def test_decimal_and_thousands_marks_are_found_and_shown(
    read: Read, content: str, settled: tuple[str, str], values: list[float]
) -> None:
    table = read(content)

    assert numbers(table, "a") == values
    assert (table.settled["decimal"], table.settled["thousands"]) == settled


def test_what_was_guessed_can_be_overridden(read: Read) -> None:
    table = read("a;b\n1,234;1\n", decimal="point", thousands="comma", header="no")

    assert table.names == ("column 1", "column 2")
    assert table.settled == {
        "encoding": "utf-8",
        "delimiter": "semicolon",
        "decimal": "point",
        "thousands": "comma",
        "header": "no",
    }


def test_a_first_line_with_a_number_is_no_header(read: Read) -> None:
    table = read("5.1,setosa\n4.9,virginica\n")

    assert table.names == ("column 1", "column 2")
    assert table.settled["header"] == "no"


def test_words_that_occur_again_below_are_no_header(read: Read) -> None:
    assert read("red,small\nblue,large\nred,large\n").settled["header"] == "no"


def test_columns_of_the_same_name_are_told_apart_and_noted(read: Read) -> None:
    table = read("a,a,\n1,2,3\n")

    assert table.names == ("a", "a 2", "column 3")
    assert table.notes == ("Two columns are named 'a'; the later one is now 'a 2'.",)


def test_the_first_line_that_excel_writes_for_itself_is_understood(read: Read) -> None:
    table = read("sep=|\na|b\n1|2\n")

    assert table.names == ("a", "b")
    assert table.settled["delimiter"] == "pipe"


def test_quoted_values_keep_delimiters_and_doubled_quotation_marks(read: Read) -> None:
    table = read('name,v\n"Doe, Jane",1\n"the ""other""\nline",2\n')

    assert table.column("name").levels == ("Doe, Jane", 'the "other" line')


def test_one_column_alone_is_a_table(read: Read) -> None:
    assert numbers(read("x\n1\n2\n"), "x") == [1, 2]


def test_windows_line_ends_and_blank_lines_do_not_matter(read: Read) -> None:
    assert numbers(read("a,b\r\n1,2\r\n\r\n3,4\r\n"), "a") == [1, 3]


# Types and gaps


def test_missing_values_are_gaps_in_columns_of_their_type(read: Read) -> None:
    table = read("a,b\n1,red\nNA,?\n nan ,\n4,blue\nNULL,None\n")

    assert table.column("a").kind == "number"
    assert table.column("a").missing.tolist() == [False, True, True, False, True]
    assert table.column("b").levels == ("blue", "red")
    assert table.column("b").missing.tolist() == [False, True, True, False, True]


def test_the_words_for_a_gap_can_be_set(read: Read) -> None:
    table = read("a,b\n1,-\n-99,x\n", missing=["-99"])

    assert table.column("a").missing.tolist() == [False, True]
    assert table.column("b").levels == ("-", "x")


def test_infinite_numbers_count_as_missing(read: Read) -> None:
    assert np.isnan(read("a,b\n1,2\ninf,3\n").column("a").values[1])


def test_one_word_among_many_numbers_is_pointed_out(read: Read) -> None:
    values = "\n".join(str(n) for n in range(30))
    table = read(f"a,b\n{values.replace(chr(10), ',1' + chr(10))},1\nabout 7,1\n")

    assert table.column("a").kind == "text"
    assert table.notes == ("Column 'a' was read as text: 'about 7' in row 31 is not a number.",)


def test_loading_stops_where_progress_raises(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,2\n")

    def cancel(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        CsvFile(path=str(path)).load(cancel)


def test_progress_rises_to_one(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    shares: list[float] = []
    CsvFile(path=str(path)).load(shares.append)

    assert shares == sorted(shares)
    assert shares[-1] == 1.0
