"""Weights follow the rows of a sampler that gives back as many as it takes."""

import numpy as np
import pytest
from imblearn.base import BaseSampler
from imblearn.pipeline import Pipeline
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.utils import check_random_state

from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.imbalance import ClassBalanceWeighter


class Shuffler(BaseSampler):
    """Put all rows in another order, and say in which."""

    _sampling_type = "bypass"
    _parameter_constraints = {"random_state": ["random_state"]}

    def __init__(self, random_state=0):
        self.random_state = random_state

    @property
    def sampling_strategy(self):
        return "auto"

    def _fit_resample(self, X, y, **params):
        order = check_random_state(self.random_state).permutation(len(y))
        self.sample_indices_ = order
        return X[order], y[order]


class Bootstrap(Shuffler):
    """Draw as many rows as there are, with replacement."""

    def _fit_resample(self, X, y, **params):
        drawn = check_random_state(self.random_state).randint(0, len(y), len(y))
        self.sample_indices_ = drawn
        return X[drawn], y[drawn]


X, Y = make_classification(300, 4, weights=[0.8], flip_y=0.1, random_state=0)
W = np.random.default_rng(0).exponential(size=300) * (1 + 3 * (X[:, 0] > 0))
EXACT = LogisticRegression(tol=1e-10, max_iter=1000)


def weighted(rows=slice(None), w=W):
    return EXACT.fit(X[rows], Y[rows], sample_weight=w[rows]).coef_.copy()


@pytest.mark.parametrize("routing", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_permutation_changes_no_weighted_fit(seed, routing):
    with config_context(enable_metadata_routing=routing):
        model = clone(EXACT).set_fit_request(sample_weight=True) if routing else EXACT
        clf = RemediedClassifier(model, Shuffler(seed)).fit(X, Y, sample_weight=W)
    assert_array_equal(clf.lineage_.origin, clf.remedy_.sample_indices_)
    assert_allclose(clf.estimator_.coef_, weighted(), rtol=1e-6)


def test_nor_does_one_before_a_weighter_or_another_permutation():
    chain = RemedyChain([Shuffler(0), Shuffler(1), ClassBalanceWeighter()])
    clf = RemediedClassifier(EXACT, chain).fit(X, Y, sample_weight=W)
    plain = RemediedClassifier(EXACT, ClassBalanceWeighter())
    plain.fit(X, Y, sample_weight=W)
    assert_allclose(clf.estimator_.coef_, plain.estimator_.coef_, rtol=1e-6)


def test_a_bootstrap_carries_the_weight_of_each_row_drawn():
    clf = RemediedClassifier(EXACT, Bootstrap()).fit(X, Y, sample_weight=W)
    rows = clf.remedy_.sample_indices_
    assert_allclose(clf.estimator_.coef_, weighted(rows), rtol=1e-6)


def test_the_pipeline_of_imbalanced_learn_gives_weights_to_other_rows():
    """Why the wrapper exists: no error there, and another model."""
    pipe = Pipeline([("shuffle", Shuffler()), ("clf", EXACT)])
    coef = pipe.fit(X, Y, clf__sample_weight=W)[-1].coef_.copy()
    assert np.abs(coef - weighted()).max() > 0.05
    order = np.random.RandomState(0).permutation(len(Y))
    misaligned = np.empty_like(W)
    misaligned[order] = W  # the row put first got the first weight
    assert_allclose(coef, weighted(w=misaligned), rtol=1e-6)
