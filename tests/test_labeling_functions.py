"""Labelling functions: what they are given, what they may answer, and votes of them."""

import pickle
from copy import deepcopy
from enum import IntEnum, StrEnum
from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from skdataquality.exceptions import LabelingFunctionWarning
from skdataquality.weak_supervision import (
    LabelingFunction,
    LabelingFunctionTransformer,
    labeling_function,
    lf_keywords,
)
from skdataquality.weak_supervision._votes import read_votes

TEXTS = ["free money", "nice song", "song for free", "hello"]
TABLE = {"text": TEXTS, "price": [5.0, np.nan, 200.0, 1.0], "items": [1, 2, 3, 4]}
VOTES = [[1, -1], [-1, 0], [1, 0], [-1, -1]]


@labeling_function
def free(text):
    return "spam" if "free" in text else None


@labeling_function(name="music", resources={"words": ("song", "music")})
def about_music(text, words):
    return "ham" if any(word in text for word in words) else None


def applied(*functions, **options):
    return LabelingFunctionTransformer(list(functions), **options)


def at_once(function, name="whole", **options):
    return labeling_function(function, name=name, vectorized=True, **options)


# -- votes -----------------------------------------------------------------------------


def test_votes_are_numbers_of_sorted_classes():
    model = applied(free, about_music)
    votes = model.fit_transform(TEXTS)
    assert votes.dtype == np.int8
    assert_array_equal(votes, VOTES)
    assert model.classes_.tolist() == ["ham", "spam"]
    assert_array_equal(model.transform(TEXTS[::-1]), votes[::-1])


@pytest.mark.parametrize(
    "container",
    [list, tuple, np.array, partial(np.array, dtype=object), pd.Series, pl.Series],
)
def test_texts_of_any_container_reach_functions_as_they_are(container):
    seen = []

    def look(X):
        seen.append(X)
        return [None] * len(X)

    X = container(TEXTS)
    assert_array_equal(applied(free, about_music).fit_transform(X), VOTES)
    applied(at_once(look), free).fit(X)
    assert type(seen[0]) is type(X)


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_a_row_of_a_frame_has_its_cells_by_attribute_and_by_key(frame):
    X, seen = frame(TABLE), []

    def look(row):
        seen.append(dict(row))
        assert (row.text, row["items"]) == (row["text"], row.get("items"))
        assert "text" in row
        assert not hasattr(row, "size")
        return int(row.price > 100)

    votes = applied(look).fit_transform(X)
    assert_array_equal(votes.ravel(), [0, 0, 1, 0])
    assert [row["text"] for row in seen] == TEXTS
    assert [row["items"] for row in seen] == [1, 2, 3, 4]


def test_cells_are_those_of_the_frame():
    X = pd.DataFrame({"day": pd.to_datetime(["2024-01-06", "2024-01-08"])})
    weekend = applied(lambda row: int(row.day.weekday() > 4))
    assert_array_equal(weekend.fit_transform(X).ravel(), [1, 0])


def test_rows_that_a_function_keeps_stay_what_they_are():
    kept = []
    applied(lambda row: kept.append(row) or 1).fit(pd.DataFrame(TABLE))
    assert [row.text for row in kept] == TEXTS


def test_a_row_of_an_array_is_one_dimensional_and_cannot_be_written_to():
    X = np.arange(6.0).reshape(3, 2)

    def write(row):
        row[0] = 7

    votes = applied(lambda row: int(row.shape == (2,) and row[1] > 2)).fit_transform(X)
    assert_array_equal(votes.ravel(), [0, 1, 1])
    with pytest.raises(ValueError, match=r"'write' failed at row 0.*read-only"):
        applied(write).fit(X)
    with pytest.raises(ValueError, match=r"'whole' failed on X.*read-only"):
        applied(at_once(lambda X: X.fill(0))).fit(X)
    assert_array_equal(X, np.arange(6.0).reshape(3, 2))


@pytest.mark.parametrize("kind", [sp.csr_array, sp.csc_array, sp.csr_matrix])
def test_a_row_of_a_sparse_matrix_is_sparse(kind):
    X = kind(np.diag([1.0, -1.0, 2.0]))
    row_wise = applied(lambda row: int(row.shape == (1, 3) and row.sum() > 0))
    assert_array_equal(row_wise.fit_transform(X).ravel(), [1, 0, 1])
    whole = applied(at_once(lambda X: X[:, [2]] > 0, label=1), classes=[0, 1])
    assert_array_equal(whole.fit_transform(X).ravel(), [-1, -1, 1])


@pytest.mark.parametrize(
    "answer",
    [
        ["a", None, "b", np.nan],
        np.array(["a", None, "b", None], dtype=object),
        pd.Series(["a", None, "b", pd.NA]),
        pd.Series(["a", None, "b", None], dtype="category"),
        pl.Series(["a", None, "b", None]),
        [1, None, 2, None],
        np.array([1.0, np.nan, 2.0, np.nan]),
        pd.Series([1, None, 2, None], dtype="Int64"),
        pl.Series([1, None, 2, None]),
        np.array([1, -1, 2, -1]),
        [True, None, False, None],
    ],
)
def test_vectorised_answers_of_any_container_and_dtype(answer):
    model = applied(at_once(lambda X: answer))
    votes = model.fit_transform(TEXTS).ravel()
    expected = [1, -1, 0, -1] if answer[0] is True else [0, -1, 1, -1]
    assert votes.tolist() == expected


@pytest.mark.parametrize("mask", [np.array, pd.Series, pl.Series, list])
def test_a_mask_votes_for_its_label(mask):
    whole = at_once(lambda X: mask([len(t) > 5 for t in X]), label="long")
    by_row = labeling_function(lambda t: len(t) > 5, name="row", label="long")
    votes = applied(whole, by_row, classes=["short", "long"]).fit_transform(TEXTS)
    assert_array_equal(votes, [[0, 0], [0, 0], [0, 0], [-1, -1]])


def test_votes_do_not_depend_on_the_order_of_rows_and_functions():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 3))
    functions = [
        labeling_function(
            lambda x, j=j: int(x[j] > 0) if abs(x[j]) > 1 else None, name=n
        )
        for j, n in enumerate("abc")
    ]
    votes = applied(*functions).fit_transform(X)
    order, turned = rng.permutation(50), [2, 0, 1]
    other = applied(*(functions[j] for j in turned)).fit_transform(X[order])
    assert_array_equal(other, votes[order][:, turned])


def test_jobs_in_other_processes_give_the_same_votes():
    options = {"on_error": "abstain", "classes": ["ham", "spam"]}
    functions = [free, about_music, lambda text: _raise_odd(text) or "ham"]
    for X in (TEXTS, pd.Series(TEXTS)):
        with pytest.warns(LabelingFunctionWarning, match=r"'lambda_2' failed on 1 row"):
            one = applied(*functions, **options).fit(X)
        with pytest.warns(LabelingFunctionWarning, match="OddError: a b"):
            two = applied(*functions, n_jobs=2, **options).fit(X)
        assert one.errors_["lambda_2"]["first_row"] == 2
        assert two.errors_["lambda_2"]["n_rows"] == 1
        with pytest.warns(LabelingFunctionWarning):
            assert_array_equal(one.transform(X), two.transform(X))


class OddError(Exception):
    """It pickles, and does not come back."""

    def __init__(self, a, b):
        super().__init__(f"{a} {b}")


def _raise_odd(text):
    if text == TEXTS[2]:
        raise OddError("a", "b")


# -- dense or sparse, and named --------------------------------------------------------


def test_sparse_votes_are_the_same_votes():
    dense = applied(free, about_music).fit_transform(TEXTS)
    sparse = applied(free, about_music, sparse_output=True).fit_transform(TEXTS)
    assert sparse.format == "csr"
    assert sparse.dtype == np.int8
    assert_array_equal(sparse.toarray() - 1, dense)
    for name in ("row", "source", "code"):
        read = [getattr(read_votes(v, missing_label=-1), name) for v in (dense, sparse)]
        assert_array_equal(*read)


def test_large_tables_of_few_votes_are_sparse():
    X = np.arange(250_000).reshape(-1, 1)
    rare = [
        at_once(lambda X, k=k: X[:, 0] % 50 == k, str(k), label=k) for k in range(4)
    ]
    votes = applied(*rare).fit_transform(X)
    assert sp.issparse(votes)
    assert votes.nnz == X.size * 4 // 50
    assert isinstance(applied(*rare).fit_transform(X[:-1]), np.ndarray)
    often = at_once(lambda X: X[:, 0] > 9, label=0)
    assert isinstance(applied(*rare[:3], often).fit_transform(X), np.ndarray)
    framed = applied(*rare).set_output(transform="polars").fit_transform(X)
    assert framed.shape == votes.shape


def test_more_classes_than_a_byte_holds():
    X = np.arange(128).reshape(-1, 1)
    own = labeling_function(lambda row: int(row[0]), name="own")
    for n_rows, dtype in ((127, np.int8), (128, np.int16)):
        for sparse in (False, True):
            votes = applied(own, sparse_output=sparse).fit_transform(X[:n_rows])
            assert votes.dtype == dtype
            codes = votes.toarray() - 1 if sparse else votes
            assert_array_equal(codes, X[:n_rows])


def test_frames_of_votes_have_the_names_of_functions_and_the_index():
    X = pd.Series(TEXTS, index=[3, 5, 7, 9])
    out = applied(free, about_music).set_output(transform="pandas").fit_transform(X)
    assert out.columns.tolist() == ["free", "music"]
    assert out.index.tolist() == [3, 5, 7, 9]
    with pytest.raises(ValueError, match="sparse_output=True and set_output exclude"):
        applied(free, sparse_output=True).set_output(transform="pandas").fit_transform(
            X
        )


# -- classes ---------------------------------------------------------------------------


def test_classes_come_from_the_parameter_then_y_then_the_votes():
    y = ["spam", "eggs", "ham", "ham"]
    assert applied(free).fit(TEXTS).classes_.tolist() == ["spam"]
    assert applied(free).fit(TEXTS, y).classes_.tolist() == ["eggs", "ham", "spam"]
    named = applied(free, classes=["spam", "b"]).fit(TEXTS, y)
    assert named.classes_.tolist() == ["b", "spam"]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_y_with_gaps_adds_its_classes_to_those_voted_for(missing):
    y = [missing, "eggs", missing, "ham"]
    assert applied(free).fit(TEXTS, y).classes_.tolist() == ["eggs", "ham", "spam"]
    assert applied(free).fit(TEXTS, [missing] * 4).classes_.tolist() == ["spam"]


def test_minus_one_abstains_unless_it_is_a_class():
    def snorkel_like(x):
        return -1 if x[0] < 2 else int(x[0])

    X = np.arange(4).reshape(-1, 1)
    votes = applied(snorkel_like).fit_transform(X)
    assert_array_equal(votes.ravel(), [-1, -1, 0, 1])
    votes = applied(snorkel_like, classes=[-1, 2, 3]).fit_transform(X)
    assert_array_equal(votes.ravel(), [0, 0, 1, 2])
    assert applied(snorkel_like).fit(X, [-1, 3, 4, 2]).classes_.tolist() == [2, 3, 4]


def test_minus_one_beside_nothing_but_one_must_be_explained():
    sign = labeling_function(lambda x: int(np.sign(x[0])), name="sign")
    X = np.array([[-1.0], [1.0]])
    with pytest.raises(ValueError, match=r"-1 and 1 alone.*classes=\[-1, 1\]"):
        applied(sign).fit(X)
    with pytest.raises(ValueError, match=r"^y holds the labels -1 and 1 alone"):
        applied(sign).fit(X, [-1, 1])
    assert_array_equal(applied(sign, classes=[-1, 1]).fit_transform(X), [[0], [1]])
    assert_array_equal(applied(sign, classes=[0, 1]).fit_transform(X), [[-1], [1]])


@pytest.mark.parametrize(
    ("options", "y", "said"),
    [
        ({"classes": ["ham"]}, None, r"'free' voted for 'spam' at row 2 .* \['ham'\]"),
        ({}, ["a", "b"], r"'free' voted for 'spam' at row 2 .* \['a', 'b'\]"),
        ({"classes": ["a", "a"]}, None, r"classes must list each class once"),
        ({"classes": []}, None, r"classes is empty"),
        ({"classes": [0.5, 1.5]}, None, r"classes holds values such as"),
    ],
)
def test_labels_outside_the_classes_are_refused(options, y, said):
    X = ["hello", "you", "free"]
    y = None if y is None else [*y, "a"]
    with pytest.raises(ValueError, match=said):
        applied(free, **options).fit(X, y)


def test_a_new_label_after_fit_is_refused():
    own = labeling_function(lambda text: text, name="own")
    model = applied(own).fit(["a", "b"])
    with pytest.raises(ValueError, match=r"'own' voted for 'c' at row 1 \(from 0\)"):
        model.transform(["a", "c"])


class Kind(StrEnum):
    HAM = "ham"


class Level(IntEnum):
    HIGH = 3


@pytest.mark.parametrize("label", [Kind.HAM, Level.HIGH])
def test_members_of_enumerations_are_their_values(label):
    value = label.value
    for function in (
        labeling_function(lambda text: label, name="row"),
        labeling_function(lambda text: True, name="row", label=label),
        at_once(lambda X: [label, None, value, None]),
    ):
        assert applied(function).fit(TEXTS).classes_.tolist() == [value]
        assert applied(function, classes=[value]).fit_transform(TEXTS)[0] == 0


def test_labels_of_different_types_name_their_functions():
    number = labeling_function(lambda text: 1, name="number")
    with pytest.raises(ValueError, match=r"'spam' of function 'free', 1 of .*'number'"):
        applied(free, number).fit(TEXTS)


def test_without_a_vote_the_classes_must_be_passed():
    with pytest.raises(ValueError, match=r"voted for no row of X.*classes="):
        applied(lambda text: None).fit(TEXTS)
    silent = applied(lambda text: None, classes=["a"])
    assert_array_equal(silent.fit_transform(TEXTS), np.full((4, 1), -1))


# -- functions that fail or answer amiss -----------------------------------------------


def _fails(text):
    return {"hello": "ham"}[text]


def test_an_error_names_function_and_row_and_is_chained():
    with pytest.raises(
        ValueError, match=r"'_fails' failed at row 1.*KeyError"
    ) as found:
        applied(_fails).fit(["hello", "you"])
    assert isinstance(found.value.__cause__, KeyError)
    with pytest.raises(ValueError, match=r"'whole' failed on X: .*'price'") as found:
        applied(at_once(lambda X: X["price"])).fit(pd.DataFrame({"cost": [1]}))
    assert isinstance(found.value.__cause__, KeyError)


def test_no_function_is_asked_after_one_that_failed():
    asked = []
    with pytest.raises(ValueError, match="'_fails' failed"):
        applied(_fails, lambda text: asked.append(text)).fit(TEXTS)
    assert asked == []


def test_functions_that_fail_may_abstain_there():
    model = applied(_fails, at_once(lambda X: {}["a"]), free, on_error="abstain")
    with pytest.warns(LabelingFunctionWarning) as warned:
        votes = model.fit_transform(TEXTS)
    assert_array_equal(votes, [[-1, -1, 1], [-1, -1, -1], [-1, -1, 1], [0, -1, -1]])
    assert model.errors_ == {
        "_fails": {
            "n_rows": 3,
            "first_row": 0,
            "first_error": "KeyError: 'free money'",
        },
        "whole": {
            "n_rows": 4,
            "first_row": None,
            "first_error": "KeyError: 'a'",
        },
    }
    assert len(warned) == 2
    assert "'_fails' failed on 3 row(s)" in str(warned[0].message)


@pytest.mark.parametrize("method", ["fit", "fit_transform", "transform"])
def test_a_warning_names_the_line_of_the_call(method):
    model = applied(_fails, on_error="abstain", classes=["ham"]).fit(["hello"])
    with pytest.warns(LabelingFunctionWarning) as warned:
        getattr(model, method)(TEXTS)
    assert warned[0].filename == __file__


def test_the_errors_are_told_if_nothing_is_left_to_learn_classes_from():
    model = applied(_fails, on_error="abstain")
    with (
        pytest.warns(LabelingFunctionWarning, match="'_fails' failed on 1 row"),
        pytest.raises(ValueError, match="voted for no row"),
    ):
        model.fit(["free"])
    assert not hasattr(model, "classes_")


def test_the_end_of_an_iterator_is_an_error_like_any_other():
    def first_long(text):
        return next("long" for word in text.split() if len(word) > 4)

    with pytest.raises(
        ValueError, match=r"'first_long' failed at row 1.*StopIteration"
    ):
        applied(first_long).fit(TEXTS)
    with pytest.warns(LabelingFunctionWarning):
        votes = applied(first_long, on_error="abstain").fit_transform(
            ["a", "hello", "b", "c", "money", "d"]
        )
    assert votes.ravel().tolist() == [-1, 0, -1, -1, 0, -1]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (["spam"], r"returned \['spam'\], a list, at row 1 \(from 0\)"),
        ({"a": 1}, r"a dict, at row 1"),
        (("a",), r"a tuple, at row 1"),
        (0.7, r"returned 0.7, a float, at row 1"),
        (1j, r"a complex, at row 1"),
        (np.zeros(2), r"a ndarray, at row 1"),
        (object, r"a type, at row 1"),
    ],
)
@pytest.mark.parametrize("on_error", ["raise", "abstain"])
def test_what_is_no_label_is_refused(answer, said, on_error):
    own = labeling_function(lambda text: answer if text == "b" else None, name="own")
    whole = at_once(lambda X: [None, answer])
    for name, function in (("own", own), ("whole", whole)):
        with pytest.raises(ValueError, match=rf"'{name}' returned.*{said}|{said}"):
            applied(function, on_error=on_error).fit(["a", "b"])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (["a"], r"shape \(1,\), expected \(2,\)"),
        (np.zeros((2, 1)), r"shape \(2, 1\), expected \(2,\)"),
        (pd.DataFrame({"a": [1, 2]}), r"shape \(2, 1\)"),
        (None, r"returned None, a NoneType: return an array"),
        ("spam", r"returned 'spam', a str"),
        (np.float64(1), r"a float64: return an array"),
        (np.array([True, False]), r"returned a mask: say what True means by label="),
        (np.array([1.0, 0.5]), r"returned 0.5, a float, at row 1"),
    ],
)
def test_what_is_no_answer_for_every_row_is_refused(answer, said):
    with pytest.raises(ValueError, match=rf"'whole'.*{said}"):
        applied(at_once(lambda X: answer)).fit(["a", "b"])


def test_with_a_label_only_yes_and_no_are_answers():
    own = labeling_function(lambda text: "spam", name="own", label="spam")
    with pytest.raises(ValueError, match=r"with label='spam' return True"):
        applied(own).fit(["a"])


# -- what is given as functions --------------------------------------------------------


def test_plain_functions_keep_their_names():
    def plain(text):
        return "a"

    functions = [plain, lambda text: "b", str.upper, partial(str.split, sep="x")]
    with pytest.raises(ValueError, match=r"'split' returned \['a'\], a list"):
        applied(*functions).fit(["a"])
    model = applied(*functions[:3]).fit(["a"])
    assert model.get_feature_names_out().tolist() == ["plain", "lambda_1", "upper"]
    assert [type(f) for f in model.functions_] == [LabelingFunction] * 3
    assert model.functions == functions[:3]
    assert labeling_function(functions[1]).name == "lambda"


@pytest.mark.parametrize(
    ("functions", "said"),
    [
        ([], r"functions is empty"),
        (None, r"functions is a NoneType: pass a list"),
        ("free", r"functions is a str: pass a list"),
        (free, r"is one function: pass a list"),
        ([free, 3], r"functions\[1\] is 3, not a function"),
        ([str], r"functions\[0\] is <class 'str'>, not a function"),
        ([labeling_function(name="a")], r"functions\[0\] .* without a function"),
        ([free, free], r"functions\[0\] and functions\[1\] are both named 'free'"),
    ],
)
def test_wrong_functions_are_refused(functions, said):
    with pytest.raises(ValueError, match=said):
        LabelingFunctionTransformer(functions).fit(TEXTS)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: labeling_function("free"), r"@labeling_function\(name='free'\)"),
        (lambda: labeling_function(3), r"function=3 is a int"),
        (lambda: labeling_function([*range(99)]), r"function=\[0, 1, 2, .*\.\.\.\]"),
        (lambda: labeling_function(len, name=3), r"name=3 .* must be text"),
        (lambda: labeling_function(len, name=""), r"must be text that is not empty"),
        (
            lambda: labeling_function(len, resources=[1]),
            r"resources of 'len' is a list",
        ),
        (lambda: labeling_function(len, label=[1]), r"label=\[1\] is a list"),
        (lambda: labeling_function(len, label=np.nan), r"label=nan"),
    ],
)
def test_wrong_arguments_of_the_decorator_are_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


@pytest.mark.parametrize(
    "X", [[], (), pd.Series([], dtype=str), np.empty((0, 2)), pd.DataFrame({"a": []})]
)
def test_no_rows_are_refused(X):
    with pytest.raises(ValueError, match=r"0 rows|0 sample"):
        applied(free).fit(X)


def test_y_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"X has 4, y has 3 rows"):
        applied(free).fit(TEXTS, ["a"] * 3)


# -- as an estimator -------------------------------------------------------------------


def test_a_function_is_called_like_the_one_it_was_made_of():
    assert free("free") == "spam"
    assert about_music("a song") == "ham"
    assert repr(about_music) == "LabelingFunction('music', resources=['words'])"


def test_clones_and_copies_hold_the_same_functions():
    model = clone(applied(free, about_music))
    assert model.functions[0] is free
    assert deepcopy(about_music) is about_music


def test_decorated_functions_of_a_module_pickle():
    model = applied(free, about_music, lf_keywords("hello", "ham")).fit(TEXTS)
    again = pickle.loads(pickle.dumps(model))
    assert_array_equal(again.transform(TEXTS), model.transform(TEXTS))
    assert again.get_feature_names_out().tolist() == ["free", "music", "keywords_ham"]
    twice = pickle.loads(pickle.dumps(again))
    assert_array_equal(twice.transform(TEXTS), model.transform(TEXTS))


def test_a_search_tries_sets_of_functions():
    X, y = TEXTS * 5, ["spam", "ham", "spam", "ham"] * 5
    pipe = make_pipeline(
        applied(about_music, classes=["ham", "spam"]), LogisticRegression()
    )
    grid = {
        "labelingfunctiontransformer__functions": [[about_music], [free, about_music]]
    }
    search = GridSearchCV(pipe, grid, cv=2).fit(X, y)
    assert search.best_index_ == 1
    assert search.best_score_ == 1


class Steps:
    """A callback that writes down which steps begin and end."""

    def __init__(self):
        self.said = []

    def setup(self, estimator, context):
        self.said.append("setup")

    def on_fit_task_begin(self, estimator, context):
        self.said.append(f"begin {context.task_name}")

    def on_fit_task_end(self, estimator, context):
        self.said.append(f"end {context.task_name}")

    def teardown(self, estimator, context):
        self.said.append("teardown")


def test_callbacks_see_one_step_for_each_function():
    for method in ("fit", "fit_transform"):
        steps = Steps()
        getattr(applied(free, about_music).set_callbacks(steps), method)(TEXTS)
        assert steps.said == [
            *("setup", "begin fit", "begin free", "end free"),
            *("begin music", "end music", "end fit", "teardown"),
        ]


def test_fit_transform_asks_each_function_once():
    asked = []
    applied(lambda text: asked.append(text) or 1).fit_transform(TEXTS)
    assert asked == TEXTS


def test_a_blank_answer_abstains_unless_it_is_a_class():
    def tag(text):
        return "free" if "free" in text else ""

    texts = ["free money", "nice song"]
    applied = LabelingFunctionTransformer([tag])
    assert applied.fit_transform(texts).ravel().tolist() == [0, -1]
    assert applied.classes_.tolist() == ["free"]
    applied = LabelingFunctionTransformer([tag], classes=["", "free"])
    assert applied.fit_transform(texts).ravel().tolist() == [1, 0]
