"""Ready-made labelling functions: what they vote for, and what they refuse."""

import pickle
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from skdataquality.weak_supervision import (
    LabelingFunctionTransformer,
    lf_classifier,
    lf_keywords,
    lf_lookup,
    lf_neighbors,
    lf_regex,
    lf_threshold,
)

TEXTS = ["Win a prize", "Windows is fine", "a PRIZE-winner", "", "straße 9", "twin"]
X, y = load_iris(return_X_y=True)
MODEL = LogisticRegression(max_iter=1000).fit(X[::2], y[::2])
ALL = [
    lf_keywords(["win", "prize"], "spam"),
    lf_regex(r"\d", "ham"),
    lf_lookup({"twin": "ham"}),
    lf_classifier(
        make_pipeline(CountVectorizer(), LogisticRegression()).fit(
            TEXTS, ["spam", "ham"] * 3
        ),
        min_confidence=0.6,
    ),
    lf_neighbors(TEXTS[:2], ["spam", "ham"], max_distance=1.2),
]


def votes_of(function, data, **options):
    return (
        LabelingFunctionTransformer([function], **options).fit_transform(data).ravel()
    )


# -- words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "options", "expected"),
    [
        (["win", "prize"], {}, [1, 0, 1, 0, 0, 0]),
        ("win", {}, [1, 0, 0, 0, 0, 0]),
        ("win", {"whole_words": False}, [1, 1, 1, 0, 0, 1]),
        ("Win", {"match_case": True}, [1, 0, 0, 0, 0, 0]),
        ("win", {"match_case": True}, [0] * 6),
        ("STRASSE", {}, [0, 0, 0, 0, 1, 0]),
        ("a prize", {}, [1, 0, 1, 0, 0, 0]),
        ("-winner", {}, [0] * 6),  # a letter stands before
        (["never", "is fine"], {}, [0, 1, 0, 0, 0, 0]),
    ],
)
def test_keywords_are_found(words, options, expected):
    assert_array_equal(lf_keywords(words, "x", **options)(TEXTS), expected)


def test_keywords_are_no_patterns():
    assert_array_equal(lf_keywords("a.b", 1)(["a.b", "axb"]), [1, 0])
    assert_array_equal(lf_keywords("$$$", 1)(["win $$$ now", "win"]), [1, 0])


def test_a_word_is_found_behind_a_part_of_another():
    assert_array_equal(lf_keywords("art", 1)(["party art", "party"]), [1, 0])


def test_keywords_vote_as_their_definition_says():
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("ab -"), size=12)) for _ in range(500)]
    words = ["a", "ab", "b a", "bb"]
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(w)}(?!\w)" for w in words))
    expected = [pattern.search(text) is not None for text in texts]
    assert 0 < sum(expected) < 500
    assert_array_equal(lf_keywords(words, 1)(texts), expected)


def test_a_regex_is_searched_for_anywhere():
    assert_array_equal(lf_regex("^win", 1, flags=re.I)(TEXTS), [1, 1, 0, 0, 0, 0])
    assert_array_equal(lf_regex(re.compile(r"\d$"), 1)(TEXTS), [0, 0, 0, 0, 1, 0])


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_a_column_of_texts_may_have_gaps(frame):
    table = frame({"id": [1, 2, 3], "text": ["win", None, "lose"]})
    for column in ("text", 1):
        spam = lf_keywords("win", "spam", column=column)
        assert votes_of(spam, table).tolist() == [0, -1, -1]
        spam = lf_regex("w.n", "spam", column=column)
        assert votes_of(spam, table).tolist() == [0, -1, -1]


# -- columns ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"above": 2}, [0, 0, 0, 1]),
        ({"below": 2}, [1, 0, 0, 0]),
        ({"above": 1, "below": 3}, [0, 0, 1, 0]),
        ({"above": -np.inf}, [1, 0, 1, 1]),
    ],
)
@pytest.mark.parametrize(
    "cells",
    [
        np.array([[1], [np.nan], [2], [3]]),
        np.array([[1], [None], [2], [3]], dtype=object),
        pd.DataFrame({"a": pd.array([1, None, 2, 3], dtype="Int64")}),
        pl.DataFrame({"a": [1, None, 2, 3]}),
    ],
)
def test_bounds_are_excluded_and_missing_numbers_abstain(cells, bounds, expected):
    rule = lf_threshold(0, "x", **bounds)
    assert_array_equal(votes_of(rule, cells, classes=["x"]), np.array(expected) - 1)


def test_a_threshold_of_a_sparse_column():
    table = sp.csr_array(np.array([[0, 1.0], [0, -1], [3, 0]]))
    for container in (table, table.tocsc()):
        assert_array_equal(lf_threshold(1, 1, below=1)(container), [0, 1, 1])


def test_a_lookup_votes_for_the_label_of_a_cell():
    table = pd.DataFrame({"id": [3, 4, 5, 6], "city": ["Rome", None, "Bonn", "Oslo"]})
    known = {"Rome": "it", "Bonn": "de", "Oslo": None, None: "de"}
    model = LabelingFunctionTransformer(
        [lf_lookup(known, column="city"), lf_lookup({3: "it"}, column="id")]
    )
    assert_array_equal(
        model.fit_transform(table), [[1, 1], [-1, -1], [0, -1], [-1, -1]]
    )


# -- models ----------------------------------------------------------------------------


def test_a_classifier_votes_where_it_is_sure():
    proba = MODEL.predict_proba(X)
    for confidence in (0.5, 0.9, 0.99):
        rule = lf_classifier(MODEL, min_confidence=confidence)
        votes = votes_of(rule, X, classes=[0, 1, 2])
        sure = proba.max(axis=1) >= confidence
        assert_array_equal(votes, np.where(sure, proba.argmax(axis=1), -1))
        one = lf_classifier(MODEL, min_confidence=confidence, label=2)
        votes = votes_of(one, X, classes=[0, 1, 2])
        assert_array_equal(votes, np.where(sure & (proba.argmax(axis=1) == 2), 2, -1))


def test_a_clone_holds_the_fitted_classifier():
    model = clone(LabelingFunctionTransformer([lf_classifier(MODEL)]))
    assert (model.fit_transform(X) >= 0).sum() > 50


def test_neighbours_vote_where_all_within_reach_agree():
    seeds, labels = np.array([[0.0], [1.0], [3.0]]), ["a", "a", "b"]
    rows = np.array([[0.5], [1.9], [2.1], [3.0], [9.0]])
    for reach, expected in [
        (0.6, ["a", None, None, "b", None]),
        (1.0, ["a", "a", "b", "b", None]),
        (1.5, ["a", None, None, "b", None]),
        (2.4, ["a", None, None, None, None]),
        (99.0, [None] * 5),
    ]:
        near = lf_neighbors(seeds, labels, max_distance=reach)
        assert near(rows).tolist() == expected
    nearest = lf_neighbors(seeds, labels, max_distance=99, n_neighbors=1)
    assert nearest(rows).tolist() == ["a", "a", "b", "b", "b"]


def test_neighbours_do_not_depend_on_the_order_of_seeds():
    rng = np.random.default_rng(0)
    seeds, labels = X[::10], y[::10]
    order = rng.permutation(seeds.shape[0])
    first = lf_neighbors(seeds, labels, max_distance=0.8)(X)
    second = lf_neighbors(seeds[order], labels[order], max_distance=0.8)(X)
    assert_array_equal(first == None, second == None)  # noqa: E711
    assert_array_equal(first[first != None], second[second != None])  # noqa: E711
    assert np.mean(first[first != None] == y[first != None]) > 0.9  # noqa: E711


# -- all of them -----------------------------------------------------------------------


def test_all_pickle_and_show_how_they_were_made():
    model = LabelingFunctionTransformer(ALL).fit(TEXTS)
    votes = model.transform(TEXTS)
    assert (votes >= 0).any(axis=0).all()
    assert_array_equal(pickle.loads(pickle.dumps(model)).transform(TEXTS), votes)
    assert_array_equal(model.transform(np.array(TEXTS)), votes)
    assert model.get_feature_names_out().tolist() == [
        *("keywords_spam", "regex_ham", "lookup", "pipeline", "neighbors")
    ]
    assert [repr(function).split("(")[0] for function in ALL] == [
        *("lf_keywords", "lf_regex", "lf_lookup", "lf_classifier", "lf_neighbors")
    ]
    assert repr(ALL[0]) == "lf_keywords(words=['win', 'prize'], label='spam')"


def test_names_are_made_of_what_they_look_for():
    assert lf_threshold("net price", 1, above=2).name == "net_price_above_2"
    assert lf_threshold(0, 1, above=2, below=3.5).name == "0_above_2_below_3.5"
    assert lf_lookup({"a": 1}, column="city").name == "lookup_city"
    assert lf_classifier(MODEL, label=1).name == "logisticregression_1"
    assert lf_keywords("a", 1, name="own").name == "own"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: lf_keywords([], 1), r"words=\[\] must be at least one text"),
        (lambda: lf_keywords(["a", " "], 1), r"none of them empty"),
        (lambda: lf_keywords(5, 1), r"words=5 must"),
        (lambda: lf_keywords("a", None), r"label=None is a NoneType"),
        (lambda: lf_regex("(", 1), r"pattern='\(' is no regular expression"),
        (lambda: lf_regex(b"a", 1), r"is of bytes"),
        (lambda: lf_regex("a", [1]), r"label=\[1\] is a list"),
        (lambda: lf_threshold(0, 1), r"above=None and below=None: pass a bound"),
        (lambda: lf_threshold(0, 1, above=2, below=2), r"leave no number between"),
        (lambda: lf_threshold(0, 1, above="2"), r"above='2' must be a number"),
        (lambda: lf_threshold(0, 1, below=np.nan), r"below=nan must be a number"),
        (lambda: lf_lookup({}), r"table is a dict of 0 entries"),
        (lambda: lf_lookup("a"), r"table is a str"),
        (lambda: lf_lookup({"a": [1]}), r"table\['a'\]=\[1\] is a list"),
        (lambda: lf_classifier(LinearSVC()), r"has no predict_proba"),
        (lambda: lf_classifier(DummyClassifier()), r"is not fitted"),
        (lambda: lf_classifier(MODEL, label=9), r"label=9 is none of the classes"),
        (lambda: lf_classifier(MODEL, min_confidence=2), r"min_confidence=2 must lie"),
        (lambda: lf_neighbors(X, y[:5], max_distance=1), r"150 rows and labels has 5"),
        (lambda: lf_neighbors(X, y, max_distance=0), r"max_distance=0 must be"),
        (
            lambda: lf_neighbors(X, y, max_distance=1, n_neighbors=0),
            r"n_neighbors=0 must be",
        ),
    ],
)
def test_wrong_arguments_are_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


TABLE = pd.DataFrame({"text": ["win"], "size": [1], "many": [[1, 2]]})


@pytest.mark.parametrize(
    ("rule", "data", "said"),
    [
        (lf_keywords("a", 1), TABLE, r"3 columns and .* names none: pass column="),
        (lf_keywords("a", 1, column="txt"), TABLE, r"column='txt' .* is not in X"),
        (lf_keywords("a", 1, column="size"), TABLE, r"needs texts, and row 0"),
        (lf_keywords("a", 1, column="text"), ["win"], r"texts, which have no columns"),
        (lf_regex("a", 1, column=3), TABLE, r"column=3 .* is not in X"),
        (lf_threshold("text", 1, above=0), TABLE, r"needs numbers, .* 'win'"),
        (lf_lookup({1: "a"}, column="many"), TABLE, r"holds lists or records"),
        (lf_classifier(MODEL), X[:, :2], r"4 features"),
    ],
)
def test_wrong_data_are_refused_and_the_function_named(rule, data, said):
    with pytest.raises(ValueError, match=rf"(?s)labelling function '.*{said}"):
        LabelingFunctionTransformer([rule]).fit(data)
