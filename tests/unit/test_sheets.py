"""Tables for spreadsheets: nothing in them runs (rule 22)."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.integrations.sheets import csv_lines, neutral, to_csv


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://evil.example","click")',
        "+1+1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1:A9)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u3000=1",
        "＝1+1",
        "＠x",
        "|calc",
    ],
)
def test_rule_22_formulas_are_neutralised(cell):
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Mina", "3 = 3", "a-b", "", "2026-11-23", "邻里"])
def test_rule_22_words_stay_as_they_are(cell):
    assert neutral(cell) == cell


def test_rule_22_numbers_stay_numbers():
    assert [neutral(-3), neutral(0), neutral(2.5), neutral(None)] == [-3, 0, 2.5, ""]


def test_rule_22_file_starts_with_a_byte_order_mark():
    body = to_csv(["姓名", "n"], [["=1", 2]])
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.decode("utf-8-sig") == "姓名,n\r\n'=1,2\r\n"


def test_rule_22_mark_stands_once():
    assert sum("\ufeff" in line for line in csv_lines(["a"], [["b"], ["c"]])) == 1


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_rule_22_no_cell_that_is_read_back_is_a_formula(rows):
    rows = [[c.replace("\0", "") for c in row] for row in rows]
    text = to_csv(["a", "b"], rows).decode("utf-8-sig")
    back = list(csv.reader(StringIO(text, newline="")))[1:]
    assert len(back) == len(rows)
    for row in back:
        assert all(cell[:1] not in tuple("=+-@\t\r\n") or cell == "" for cell in row)
