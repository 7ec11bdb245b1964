"""The check suites of scikit-learn and imbalanced-learn, over every public estimator."""

import warnings

from imblearn.under_sampling import RandomUnderSampler
from imblearn.utils.estimator_checks import (
    parametrize_with_checks as parametrize_with_sampler_checks,
)
from sklearn.base import is_classifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from skdataquality.compose import RemediedClassifier, RemediedRegressor, RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter

SAMPLERS = [Deduplicator()]
WEIGHTERS = [ClassBalanceWeighter()]
WRAPPERS = [
    RemediedClassifier(LogisticRegression()),
    RemediedClassifier(LogisticRegression(), ClassBalanceWeighter()),
    RemediedClassifier(LogisticRegression(), Deduplicator()),
    RemediedClassifier(LogisticRegression(), RandomUnderSampler(random_state=0)),
    RemediedRegressor(LinearRegression()),
    RemediedRegressor(LinearRegression(), Deduplicator()),
]
OTHERS = [RemedyChain([ClassBalanceWeighter()])]

_EQUIVALENCE = (
    "check_sample_weight_equivalence_on_dense_data",
    "check_sample_weight_equivalence_on_sparse_data",
)
_DROPS = "drops repeated rows, so a row passed twice is not a row of weight 2"
_DRAWS = "draws rows at random, so a row passed twice is not a row of weight 2"


def expected_failures(estimator):
    remedy = getattr(estimator, "remedy", None)
    reason = {"Deduplicator": _DROPS, "RandomUnderSampler": _DRAWS}.get(
        type(remedy).__name__
    )
    drops = reason is not None and is_classifier(estimator)
    return dict.fromkeys(_EQUIVALENCE, reason) if drops else {}


@parametrize_with_checks(
    SAMPLERS + WEIGHTERS + WRAPPERS + OTHERS,
    expected_failed_checks=expected_failures,
    xfail_strict=True,
)
def test_scikit_learn_checks(estimator, check):
    with warnings.catch_warnings():
        # The suite fits column vectors and tiny classes on purpose.
        warnings.simplefilter("ignore")
        check(estimator)


@parametrize_with_sampler_checks(SAMPLERS)
def test_imbalanced_learn_checks(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)
