"""Every remedy and wrapper passes our checks, and the checks find broken ones."""

import sys
from doctest import DocTestParser
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler
from numpy.testing import assert_array_equal
from sklearn.base import BaseEstimator, clone
from sklearn.linear_model import LinearRegression, LogisticRegression

from skdataquality.compose import (
    BaseWrapper,
    Edit,
    RegressorWrapper,
    RemediedClassifier,
)
from skdataquality.estimator_checks import (
    check_row_sampler,
    check_weighter,
    check_wrapper,
)
from skdataquality.lineage import Lineage, Reason
from tests.catalogue import SAMPLERS, WEIGHTERS, WRAPPERS, WRAPPERS_WITH_TARGET

FOREIGN_SAMPLERS = [
    RandomOverSampler(random_state=0),
    RandomUnderSampler(random_state=0),
    SMOTE(random_state=0),
]


@pytest.mark.parametrize("sampler", SAMPLERS + FOREIGN_SAMPLERS, ids=repr)
def test_row_samplers_keep_their_contract(sampler):
    check_row_sampler(sampler)


@pytest.mark.parametrize("weighter", WEIGHTERS, ids=repr)
def test_weighters_keep_their_contract(weighter):
    check_weighter(weighter)


@pytest.mark.filterwarnings("ignore:the rarest class has:UserWarning")
@pytest.mark.filterwarnings("ignore:label noise looks:UserWarning")
@pytest.mark.filterwarnings("ignore::skdataquality.exceptions.WeakModelWarning")
@pytest.mark.filterwarnings("ignore::skdataquality.exceptions.CopiedRowsWarning")
@pytest.mark.parametrize(
    "wrapper",
    [
        *WRAPPERS,
        *(pytest.param(one, marks=pytest.mark.slow) for one in WRAPPERS_WITH_TARGET),
    ],
    ids=repr,
)
def test_wrappers_work_in_every_host(wrapper):
    check_wrapper(wrapper)


class _Broken(BaseEstimator):
    """A sampler with one planted defect."""

    def __init__(self, defect):
        self.defect = defect

    def fit_resample(self, X, y):
        rows = np.arange(len(X))
        if self.defect == "mutates":
            X[0] = 0
        if self.defect == "lengths":
            return X, y[1:]
        if self.defect == "class":
            rows = rows[y == y[0]]
        if self.defect == "indices":
            self.sample_indices_ = rows[::-1]
        return X[rows], y[rows]


@pytest.mark.parametrize(
    ("defect", "message"),
    [
        ("mutates", "changed its input"),
        ("lengths", "120 rows but 119 labels"),
        ("class", "deleted or invented a class"),
        ("indices", "sample_indices_ does not give the rows"),
    ],
)
def test_a_broken_sampler_is_found(defect, message):
    with pytest.raises(AssertionError, match=message):
        check_row_sampler(_Broken(defect))


class _WrongScale(BaseEstimator):
    def fit(self, X, y=None, *, sample_weight=None):
        self.sample_weight_ = np.full(len(X), 2.0)
        return self

    def predict_weight(self, X, y=None):
        return np.full(len(X), 2.0)


def test_a_broken_weighter_is_found():
    with pytest.raises(AssertionError, match="the weighted mean is 2"):
        check_weighter(_WrongScale())


@pytest.fixture
def example_wrapper(monkeypatch):
    """The wrapper of the docstring, in a module of its own, as pickle wants it."""
    module = ModuleType("a_third_party")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for example in DocTestParser().get_examples(BaseWrapper.__doc__):
        exec(example.source, module.__dict__)
    return module.LastRowsClassifier


@pytest.mark.parametrize("n_rows", [70, None])
def test_the_wrapper_of_the_docstring_keeps_its_contract(example_wrapper, n_rows):
    check_wrapper(example_wrapper(LogisticRegression(), n_rows=n_rows))


def test_the_wrapper_of_the_docstring_takes_rows_of_any_container(example_wrapper):
    X, y = np.arange(60.0).reshape(30, 2), np.arange(30) % 2
    weight = np.r_[np.ones(25), np.zeros(5)]
    wrapper = example_wrapper(LogisticRegression(), n_rows=10)
    for table in (X, pd.DataFrame(X, columns=["a", "b"]), sp.csr_array(X)):
        fitted = clone(wrapper).fit(table, y, sample_weight=weight)
        assert fitted.lineage_.origin.tolist() == list(range(15, 25))
        assert set(fitted.lineage_.drop_reason[25:]) == {Reason.ZERO_WEIGHT}
        alone = LogisticRegression().fit(X[15:25], y[15:25])
        assert_array_equal(fitted.predict(table), alone.predict(X))


class _LaterCountMore(RegressorWrapper):
    """The last row counts twice the first."""

    def __init__(self, estimator=None):
        self.estimator = estimator

    def _is_nothing(self, context):
        return False

    def _edit(self, X, y, context, progress):
        weight = np.linspace(1, 2, len(y))
        return Edit(X, y, Lineage.identity(len(y)), weight=weight)


def test_a_wrapper_that_weights_keeps_its_contract():
    check_wrapper(_LaterCountMore(LinearRegression()))
    X, y = np.random.default_rng(0).normal(size=(2, 50, 1))
    fitted = _LaterCountMore(LinearRegression()).fit(X, y.ravel())
    alone = LinearRegression().fit(X, y.ravel(), np.linspace(1, 2, 50))
    assert_array_equal(fitted.predict(X), alone.predict(X))


class _RemembersData(RemediedClassifier):
    def fit(self, X, y, **params):
        self.estimator = clone(self.estimator)
        return super().fit(X, y, **params)


class _FitsTheOriginal(RemediedClassifier):
    def fit(self, X, y, **params):
        super().fit(X, y, **params)
        self.estimator.fit(X, y)
        return self


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (_RemembersData, "replaced a constructor argument"),
        (_FitsTheOriginal, "fitted the user's estimator"),
    ],
)
def test_a_broken_wrapper_is_found(broken, message):
    with pytest.raises(AssertionError, match=message):
        check_wrapper(broken(LogisticRegression()))
