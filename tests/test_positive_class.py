"""Metrics of one class say which class that is, or are refused."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import is_regressor
from sklearn.datasets import make_classification
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import f1_score, make_scorer

from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies
from skdataquality.utils._scoring import find_class

METRICS = [
    *("f1", "precision", "recall", "jaccard", "average_precision"),
    *("roc_auc", "neg_brier_score", "accuracy"),
]
REMEDIES = {"weight": ClassBalanceWeighter()}


@pytest.fixture(scope="module")
def data():
    return make_classification(
        300, n_features=4, weights=[0.6], class_sep=0.5, random_state=0
    )


def compare(X, y, model=None, **options):
    model = LogisticRegression() if model is None else model
    return compare_remedies(model, REMEDIES, X, y, cv=4, random_state=0, **options)


@pytest.mark.parametrize("names", [("no", "yes"), ("yes", "no")])
def test_names_of_classes_change_no_score_and_no_test(data, names):
    X, y = data
    numbers = compare(X, y, scoring=METRICS)
    # the positive class is the last of the sorted names in one case, not in the other
    words = compare(X, np.array(names)[y], scoring=METRICS, pos_label=names[1])
    for metric in METRICS:
        for name, scores in numbers.scores_[metric].items():
            np.testing.assert_allclose(words.scores_[metric][name], scores, rtol=1e-12)
        tests, others = numbers.tests_[metric], words.tests_[metric]
        assert tests.keys() == others.keys()
        for name, test in tests.items():
            assert others[name].method == test.method
            if not test.method.endswith("jackknife"):  # whose groups follow the names
                np.testing.assert_allclose(
                    others[name].lower, test.lower, rtol=1e-9, atol=1e-12
                )
    assert f"positive class of {', '.join(METRICS[:5])}: {names[1]}" == words.notes_[-2]


def test_the_other_class_has_other_scores(data):
    X, y = data
    found = compare(X, y, scoring=["f1", "roc_auc"], pos_label=0)
    scorer = make_scorer(f1_score, pos_label=0)
    again = compare(X, y, scoring={"f1": scorer, "roc_auc": "roc_auc"})
    for metric in ("f1", "roc_auc"):
        assert_array_equal(
            found.scores_[metric]["weight"], again.scores_[metric]["weight"]
        )
    one = compare(X, y, scoring="f1")
    assert (one.scores_["f1"]["weight"] != found.scores_["f1"]["weight"]).any()


def test_a_scorer_that_knows_its_class_keeps_it(data):
    X, y = data
    scorer = make_scorer(f1_score, pos_label=0)
    found = compare(X, y, scoring=scorer, pos_label=1)
    assert_array_equal(
        found.scores_["score"]["weight"],
        compare(X, y, scoring=scorer).scores_["score"]["weight"],
    )
    assert "no metric is about one class" in found.notes_[-2]


@pytest.mark.parametrize(
    ("names", "options", "said"),
    [
        (("no", "yes"), {"scoring": "f1"}, "'no' and 'yes': say which.*='yes'"),
        (("no", "yes"), {"scoring": ["roc_auc", "recall"]}, "scoring='recall'"),
        (("no", "yes"), {"scoring": make_scorer(f1_score)}, "say which"),
        ((0, 2), {"scoring": "precision"}, "0 and 2: say which"),
        (("no", "yes"), {"scoring": "f1", "pos_label": "yess"}, "nearest is 'yes'"),
        (("no", "yes"), {"scoring": "f1", "pos_label": 1}, r"none of .*'no', 'yes'\]"),
        ((0, 1, 2), {"scoring": "f1"}, "y has 3: use .* f1_macro"),
        ((0, 1, 2), {"scoring": "f1_macro", "pos_label": 1}, "is for two classes"),
    ],
)
def test_what_is_unclear_is_refused_before_any_fit(names, options, said):
    X = np.arange(30.0).reshape(-1, 1)
    y = np.array(names)[np.arange(30) % len(names)]

    class Unfit(LogisticRegression):
        def fit(self, X, y, sample_weight=None):
            raise AssertionError("fitted")

    with pytest.raises(ValueError, match=said) as caught:
        compare(X, y, Unfit(), **options)
    assert str(caught.value).count("\n") == 0


def test_a_quantity_has_no_positive_class(data):
    model = LinearRegression()
    assert is_regressor(model)
    with pytest.raises(ValueError, match="y is a quantity"):
        compare_remedies(model, {}, data[0], data[0][:, 0], cv=3, pos_label=1)


@pytest.mark.parametrize(
    ("classes", "given", "expected"),
    [
        ([1.0, 2.0], "1", 1.0),
        ([1, 2], "2", 2),
        (["1", "2"], 2, "2"),
        ([False, True], "True", True),
        ([False, True], 1, True),
        (["1", "1.0"], "1", "1"),
    ],
)
def test_a_class_may_be_given_as_its_text(classes, given, expected):
    assert find_class(given, np.array(classes)) == expected
