"""Quotation marks that quote, and marks that are ordinary characters."""

from itertools import product

import pytest

from skdataquality.tables import read_raw, read_table, write_raw

STRAY = [
    ["ham", "hello"],
    ["ham", '"quoted start'],
    ["spam", "win cash"],
    ["spam", 'buy now"'],
    ["ham", "bye"],
]


@pytest.fixture
def put(tmp_path):
    def write(text, name="t.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return write


def in_lines(rows, delimiter, end="\n"):
    return end.join(delimiter.join(row) for row in rows)


def cells(path, **options):
    """Return the rows as raw reading gives them; typed reading must agree."""
    raw = read_raw(path, **options)
    frame = read_table(path, text_columns=raw.column_names, **options)
    rows = [list(row) for row in zip(*raw.to_pydict().values(), strict=True)]
    assert frame.fillna("").to_numpy().tolist() == rows
    return rows, frame.attrs["notes"]


@pytest.mark.parametrize(
    ("delimiter", "end", "header"),
    product(["\t", ",", ";", "|"], ["\n", "\r\n", "\r"], [True, False]),
)
def test_a_stray_mark_swallows_no_row(put, delimiter, end, header):
    rows = [["label", "text"], *STRAY] if header else STRAY
    path = put(in_lines(rows, delimiter, end))
    options = {"delimiter": delimiter, "header": header}
    found, notes = cells(path, **options)
    assert found == STRAY
    first = 2 + header
    assert f"lines {first} to {first + 2}" in notes[0]
    assert "quoting='standard'" in notes[0]
    assert cells(path, quoting="none", **options) == (STRAY, [])
    assert len(cells(path, quoting="standard", **options)[0]) == 3


@pytest.mark.parametrize(
    "strays",
    [
        {3: '"never closed'},
        {3: '"opened', 7: '"opened again', 9: 'and closed"'},
        {3: '"Hi" he said', 5: 'say "x"', 8: '"'},
        {2: '"one"', 4: '"two" and', 6: '""'},
        {9: '"'},
        {3: '";""x', 6: '"""'},
    ],
)
def test_stray_marks_of_many_kinds_swallow_no_row(put, strays):
    rows = [["ham", strays.get(i, f"text {i}")] for i in range(10)]
    found, notes = cells(put(in_lines(rows, "\t"), "t.tsv"), header=False)
    assert found == rows
    assert len(notes) == 1


@pytest.mark.parametrize(
    "text",
    [
        'id,text\n1,"line one\nline two"\n2,x\n',
        'id,text\n1,"line one\nline, two"\n2,x\n',  # as even without quotes
        'name,text\nAnn,"dear all,\nline, two"\nBob,x\n',
        '"id","text"\n"a","b\nc,d"\n"e","f"\n',
        '"id","text"\na,"b\nc,d"\ne,f\n',  # a header in marks
        'id,text\na,"b\nc,d"\ne,"f"\ng,"h"\n',  # a column in marks
        'id,text\na,"b\nc,d"\ne,"say ""f"""\ng,h\n',  # doubled marks
        'text\n"line one\nline two"\nx\n',  # one column
        'id,text\n1,"one\n\ntwo,three"\n2,x\n',  # a paragraph
        'a,b,c\n"1,5",2,"x\ny"\n3,4,5\n',
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_of_several_lines_stay_whole(put, text, end):
    path = put(text.replace("\n", end))
    found, _ = cells(path)
    assert found == cells(path, quoting="standard")[0]
    assert any(end in cell for row in found for cell in row)


def test_marks_inside_of_cells_are_ordinary(put):
    found, notes = cells(put('a,b\n1,5" pipe\n2,6" x "y"\n'))
    assert found == [["1", '5" pipe'], ["2", '6" x "y"']]
    assert notes == []


def test_what_may_be_rows_in_one_cell_is_named(put):
    path = put('a,b,c\n1,2,"stray\n4,5,6\n7,8,end"\n9,"a,b",2\n')
    found, notes = cells(path)
    assert len(found) == 2
    assert "lines 2 to 4" in notes[0]
    assert "quoting='none'" in notes[0]


def test_marks_that_are_lost_are_named(put):
    found, notes = cells(put('a,b\n1,"x" y\n2,"x, y"\n'))
    assert found == [["1", "x y"], ["2", "x, y"]]
    assert "line 2: text follows a closing quotation mark" in notes[0]


def test_a_mark_that_closes_in_the_text_of_another_line_is_refused(put):
    path = put('a,b\n1,"x,\n2,"q"\n3,"m,n"\n')
    for read in (read_table, read_raw):
        with pytest.raises(ValueError, match="line 2 opens .* line 3: close it"):
            read(path)


def test_a_file_without_quotes_is_written_without_them(put, tmp_path):
    text = in_lines(STRAY, "\t") + "\n"
    table = read_raw(put(text, "t.tsv"), header=False)
    again = write_raw(table, tmp_path / "again.tsv", header=False)
    assert again.read_text() == text
    assert cells(again, header=False)[0] == STRAY
    # marks that would look like quotes are quoted
    kept = table.take([0, 1, 4])
    assert cells(write_raw(kept, tmp_path / "k.tsv", header=False), header=False)[
        0
    ] == [STRAY[i] for i in (0, 1, 4)]
    enclosed = [["a", '"x"'], ["b", "y"]]
    table = read_raw(put(in_lines(enclosed, ",")), header=False, quoting="none")
    written = write_raw(table, tmp_path / "e.csv", header=False)
    assert cells(written, header=False)[0] == enclosed


def test_cells_that_would_pass_for_rows_are_written_in_marks(put, tmp_path):
    path = put('"a","b"\n"x","y\nz,w"\n"u","v"\n"u","v"\n')
    written = write_raw(read_raw(path), tmp_path / "again.csv")
    assert cells(written)[0] == [["x", "y\nz,w"], ["u", "v"], ["u", "v"]]


def test_an_unknown_quoting_is_refused(put):
    path = put("a,b\n1,2\n")
    for read in (read_table, read_raw):
        with pytest.raises(ValueError, match="quoting='minimal' must be one of 'auto'"):
            read(path, quoting="minimal")
