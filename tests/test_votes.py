"""Votes of any form are read into one, or refused in words."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp

from skdataquality.exceptions import RepeatedVoteWarning, UnknownSourceWarning
from skdataquality.weak_supervision import DawidSkene, LongVotes
from skdataquality.weak_supervision._votes import read_votes

CODES = np.array([[0, -1, 1], [-1, -1, -1], [2, 2, 0]])
NAMES = np.array(["ant", "bee", "cat"])


def forms():
    text = np.where(CODES < 0, None, NAMES[CODES].astype(object))
    floats = np.where(CODES < 0, np.nan, CODES)
    yield "int8", CODES.astype(np.int8), {}
    yield "fortran", np.asfortranarray(CODES), {}
    yield "float", floats, {}
    yield "list", [[None if c < 0 else int(c) for c in r] for r in CODES], {}
    yield "text", text, {}
    yield "text list", text.tolist(), {}
    yield "pandas text", pd.DataFrame(text), {}
    yield "pandas Int64", pd.DataFrame(floats).astype("Int64"), {}
    yield "pandas string", pd.DataFrame(text).astype("string"), {}
    yield "pandas category", pd.DataFrame(text).astype("category"), {}
    yield "polars", pl.DataFrame(text.T.tolist(), schema=["0", "1", "2"]), {}
    yield "polars int", pl.DataFrame(CODES, schema=["0", "1", "2"]), {}
    yield "csr", sp.csr_array(CODES + 1), {"classes": NAMES}
    yield "csc", sp.csc_matrix(CODES + 1), {}
    yield "masked", np.ma.masked_less(CODES, 0), {}
    yield "other label", np.where(CODES < 0, 9, CODES), {"missing_label": 9}


@pytest.mark.parametrize(
    ("form", "options"), [pytest.param(f, o, id=n) for n, f, o in forms()]
)
def test_every_form_gives_the_same_votes(form, options):
    votes = read_votes(form, **options)
    assert votes.row.tolist() == [0, 0, 2, 2, 2]
    assert votes.source.tolist() == [0, 2, 0, 1, 2]
    assert votes.code.tolist() == [0, 1, 2, 2, 0]
    assert votes.classes.tolist() in ([0, 1, 2], NAMES.tolist())
    assert (votes.n_rows, votes.n_sources, votes.n_votes) == (3, 3, 5)
    assert votes.covered.tolist() == [True, False, True]
    assert votes.row.dtype == votes.source.dtype == votes.code.dtype == np.int32


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int64", "uint64"])
@pytest.mark.parametrize("step", [1, 3, 11])  # bytes; bytes with gaps; too far apart
def test_whole_numbers_anywhere_keep_their_order(dtype, step):
    lowest = np.iinfo(dtype).min if step > 1 else np.iinfo(dtype).max - 3
    cells = np.random.default_rng(0).integers(0, 4, (50, 5))
    labels = lowest + step * cells.astype(object)
    votes = read_votes(np.array(labels.tolist(), dtype=dtype), missing_label=None)
    assert votes.classes.tolist() == [lowest + step * k for k in range(4)]
    np.testing.assert_array_equal(votes.code, cells.ravel())


@pytest.mark.parametrize("form", ["int8", "float", "pandas Int64", "csr"])
def test_classes_of_text_name_numbers(form):
    (matrix,) = (matrix for name, matrix, _ in forms() if name == form)
    votes = read_votes(matrix, classes=NAMES)
    assert votes.classes[votes.code].tolist() == NAMES[[0, 1, 2, 2, 0]].tolist()
    with pytest.raises(ValueError, match=r"classes=\['ant', 'cat'\]"):
        read_votes(matrix, classes=["ant", "cat"])
    other = np.array(["cat", "ant", "bee"])
    with pytest.raises(ValueError, match="0 may be 'cat' or 'ant'"):
        read_votes(matrix, classes=other)


def test_lines_in_any_order_give_the_votes_of_their_matrix():
    rng = np.random.default_rng(0)
    rows, sources = np.nonzero(CODES >= 0)
    order = rng.permutation(rows.size)
    rows, sources = rows[order], sources[order]
    lines = LongVotes(rows * 10, NAMES[sources], CODES[rows, sources])
    assert lines.row_names.tolist() == [0, 20]
    assert lines.annotator_names.tolist() == NAMES.tolist()
    np.testing.assert_array_equal(lines.to_matrix(), CODES[[0, 2]])
    frame = lines.to_frame()
    assert frame.index.tolist() == [0, 20]
    long, wide = read_votes(lines), read_votes(frame)
    for name in ("row", "source", "code", "sources", "classes"):
        np.testing.assert_array_equal(getattr(long, name), getattr(wide, name))


def test_the_last_vote_of_an_annotator_counts():
    votes = LongVotes(["q", "q", "q"], ["ann", "bob", "ann"], ["no", "no", "yes"])
    with pytest.warns(RepeatedVoteWarning, match="1 vote.* first ann on q"):
        read = read_votes(votes)
    assert read.classes[read.code].tolist() == ["yes", "no"]
    assert votes.to_matrix().tolist() == [["yes", "no"]]


def test_missing_labels_are_no_votes_in_lines():
    votes = LongVotes([0, 1, 1], ["a", "a", "b"], ["x", None, "y"])
    assert read_votes(votes).row.tolist() == [0, 1]


def test_minus_one_and_one_alone_are_ambiguous():
    signs = np.array([[-1, 1], [1, -1]])
    with pytest.raises(ValueError, match="missing_label=-1 .* missing_label=None"):
        read_votes(signs)
    assert read_votes(signs, missing_label=-1).n_votes == 2
    assert read_votes(signs, missing_label=None).classes.tolist() == [-1, 1]
    assert read_votes(signs, classes=[-1, 1]).n_votes == 4
    assert read_votes(signs, classes=[0, 1]).n_votes == 2
    assert read_votes(np.array([[-1, 0, 1]])).n_votes == 2
    assert read_votes([["-1", "1"]]).n_votes == 2


@pytest.mark.parametrize(
    ("votes", "options", "message"),
    [
        (np.full((3, 2), -1), {}, "every cell abstains"),
        (np.full((3, 2), np.nan), {}, "every cell abstains"),
        ([["a", "b"]], {"classes": ["a", "c"]}, r"\['b'\] that are not in"),
        ([["a", 1]], {}, "mixes labels of different types"),
        ([[0.5, 1.0]], {}, r"fractions such as \[0.5\]"),
        ([[np.inf, 1.0]], {}, "infinity"),
        ([[1j]], {}, "Complex data not supported"),
        ([[1, 2], [1]], {}, "differ in length"),
        ([0, 1], {}, "Reshape your data"),
        (np.zeros((0, 2), dtype=int), {}, "minimum of 1 is required"),
        (np.zeros((2, 0), dtype=int), {}, r"0 feature\(s\) \(shape=\(2, 0\)\)"),
        (sp.csr_array([[1, -1]]), {}, r"stores -1 .* Negative"),
        (sp.csr_array([[1.5, 1]]), {}, "stores 1.5"),
        (sp.csr_array([[1, 4]]), {"classes": ["a", "b"]}, "class number 4"),
        ([[0, 1]], {"sources": ["a"]}, "2 features, but 1 features are expected"),
        ([[0, 1]], {"classes": [0, 1, 1]}, "each class once"),
        ([[0, 1]], {"classes": [0, np.nan]}, "each class once"),
        ([["a"]], {"classes": ["a", None]}, "each class once"),
        ([["a"]], {"classes": ["a", 1]}, "classes mixes labels of different types"),
        ([["a"]], {"classes": [["a"]]}, "each class once"),
        ([[0, 1]], {"missing_label": [-1]}, r"missing_label=\[-1\] is no label"),
        ([[0, 1]], {"missing_label": np.zeros(2)}, "is no label"),
        ([[1e19, np.nan]], {}, "too large for whole numbers"),
        ([[2**70, None]], {}, "too large for whole numbers"),
        ([[[0], [1]]], {}, "3D array"),
        ("text", {}, "Reshape your data"),
        ([[b"a", b"b"]], {}, "one label, text or a whole number"),
        (pd.DataFrame([[0, 1]], columns=["a", "a"]), {}, r"repeated .* \['a'\]"),
    ],
)
def test_bad_votes_are_refused_in_words(votes, options, message):
    with pytest.raises(ValueError, match=message):
        read_votes(votes, **options)


def test_large_whole_numbers_are_not_rounded():
    labels = [2**62, 2**62 + 1]
    for votes in ([labels, [labels[0], None]], pd.DataFrame([labels], dtype="Int64")):
        assert read_votes(votes).classes.tolist() == labels


def test_half_floats_are_votes():
    votes = read_votes(np.array([[0, 1], [np.nan, 1]], dtype=np.float16))
    assert votes.classes.tolist() == [0, 1]


def test_lines_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="rows has 2, annotators has 1"):
        LongVotes([0, 1], ["a"], ["x", "y"])
    with pytest.raises(ValueError, match=r"annotators is missing at position\(s\) 1"):
        LongVotes([0, 1], ["a", None], ["x", "y"])


def test_sources_are_matched_by_name():
    frame = pd.DataFrame({"b": [0, -1], "new": [0, 0], "a": [1, 1]})
    with pytest.warns(UnknownSourceWarning, match="first .*new"):
        votes = read_votes(frame, sources=["a", "b", "c"], classes=[0, 1])
    assert votes.sources.tolist() == ["a", "b", "c"]
    assert votes.source.tolist() == [0, 1, 0]
    assert votes.code.tolist() == [1, 0, 1]
    lines = LongVotes([0, 0], ["b", "z"], [0, 1])
    with pytest.warns(UnknownSourceWarning, match="z"):
        assert read_votes(lines, sources=["a", "b"]).source.tolist() == [1]


def test_sources_in_another_order_stay_abstaining_where_minus_one_is_a_class():
    frame = pd.DataFrame({"b": [-1, 1], "a": [1, 1]})
    votes = read_votes(frame, sources=["a", "b", "c"], missing_label=None)
    assert votes.source.tolist() == [0, 1, 0, 1]


def test_counts_and_one_hot_agree():
    votes = read_votes(CODES)
    counts = votes.one_hot.toarray().reshape(3, 3, 3).sum(axis=1)
    np.testing.assert_array_equal(votes.counts(), counts)


def test_votes_are_not_changed_by_reading():
    matrix = sp.csr_array((np.ones(2), [1, 0], [0, 2]), shape=(1, 2))
    before = matrix.indices.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_votes(matrix)
    np.testing.assert_array_equal(matrix.indices, before)


def test_votes_that_are_read_are_taken_for_other_classes():
    votes = read_votes([["b", "d"]])
    assert read_votes(votes) is votes
    more = read_votes(votes, classes=["a", "b", "c", "d"])
    assert more.classes[more.code].tolist() == ["b", "d"]
    with pytest.raises(ValueError, match="'d'"):
        read_votes(votes, classes=["a", "b"])


def test_blank_texts_abstain_unless_they_are_named():
    votes = [["ham", ""], [" ", "spam"], ["", None]]
    read = read_votes(votes)
    assert read.classes.tolist() == ["ham", "spam"]
    assert read.covered.tolist() == [True, True, False]
    assert read_votes(votes, classes=["", " ", "ham", "spam"]).n_votes == 5
    assert read_votes(votes, missing_label=None).n_votes == 5
    model = DawidSkene().fit(votes, ["", "spam", None])
    assert model.classes_.tolist() == ["ham", "spam"]
