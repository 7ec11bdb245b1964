"""The check suites of scikit-learn and imbalanced-learn on every public estimator."""

import warnings
from functools import wraps

import pytest
from imblearn.over_sampling import SMOTE
from imblearn.utils.estimator_checks import (
    parametrize_with_checks as parametrize_with_sampler_checks,
)
from sklearn.base import is_classifier
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from skdataquality.active_learning import DiversitySelector
from skdataquality.compose import BaseWrapper, RemedyChain
from skdataquality.imbalance import TunedOffsetClassifierCV
from skdataquality.label_noise import (
    ForwardCorrectedLogisticRegression,
    LabelErrorDetector,
    RegressionErrorDetector,
)
from skdataquality.provenance import TrackedPipeline
from skdataquality.weak_supervision import (
    DawidSkene,
    LabelModel,
    MultiAnnotatorClassifier,
    TripletModel,
)
from tests.catalogue import (
    ATTRIBUTIONS,
    CHAINS,
    CLASSIFIERS,
    DEFAULTS,
    DETECTORS,
    LABEL_MODELS,
    MAKES_ROWS,
    NUMBER_QUERY_STRATEGIES,
    NUMBER_SAMPLERS,
    PIPELINES,
    QUERY_STRATEGIES,
    REVIEW_QUEUES,
    SAMPLER_CHAINS,
    SAMPLERS,
    SHARES,
    TRANSFORMERS,
    WEIGHTERS,
    WRAPPERS,
)

SMALL = {
    RandomForestClassifier: {"n_estimators": 5},
    HistGradientBoostingClassifier: {"max_iter": 5},
    HistGradientBoostingRegressor: {"max_iter": 30},
}
_EQUIVALENCE = (
    "check_sample_weight_equivalence_on_dense_data",
    "check_sample_weight_equivalence_on_sparse_data",
)
_DROPS = "drops repeated rows, so a row passed twice is not a row of weight 2"
_FOLDS = "judges rows by folds, which a row passed twice changes and a weight does not"
_DRAWS = "draws rows at random, so a row passed twice is not a row of weight 2"

_VOTES = "predicts what the columns vote, and these votes are not the labels in y"
_FRACTIONS = "numbers with fractions are no labels, and no votes"
_OWN_VOTES = (
    "check_classifiers_classes",
    "check_classifiers_one_label",
    "check_classifiers_train",
)

_NO_DISTANCES = "an array of text has no distances: a data frame is encoded"
_SPARSE_SCALE = "columns of sparse tables are scaled by their maximum, or these inflate"

_TREES = "the default for sparse tables, randomised trees, draws at random"


_STEPS = "fits the steps that it holds, as scikit-learn's Pipeline does"
_COLUMN = "samplers of imbalanced-learn take a column of labels without a warning"


def expected_failures(estimator):
    if isinstance(estimator, TrackedPipeline):
        names = "check_estimators_overwrite_params", "check_dont_overwrite_parameters"
        return {**dict.fromkeys(names, _STEPS), "check_supervised_y_2d": _COLUMN}
    if isinstance(estimator, LabelErrorDetector | RegressionErrorDetector):
        return dict.fromkeys(_EQUIVALENCE, _FOLDS)
    if any(type(estimator) is type(model) for model in LABEL_MODELS):
        trusts_gold = isinstance(estimator, DawidSkene | LabelModel | TripletModel)
        names = _OWN_VOTES[:1] + _OWN_VOTES[2:] if trusts_gold else _OWN_VOTES
        fractions = {"check_positive_only_tag_during_fit": _FRACTIONS}
        return dict.fromkeys(names, _VOTES) | fractions
    if isinstance(estimator, ForwardCorrectedLogisticRegression):
        estimates = estimator.noise_matrix is None
        return dict.fromkeys(_EQUIVALENCE, _FOLDS) if estimates else {}
    if isinstance(estimator, MultiAnnotatorClassifier | TunedOffsetClassifierCV):
        return dict.fromkeys(_EQUIVALENCE, _FOLDS)
    if getattr(estimator, "estimator", LogisticRegression) is None:
        return {_EQUIVALENCE[1]: _TREES} if isinstance(estimator, BaseWrapper) else {}
    remedy = repr(getattr(estimator, "remedy", None))
    if not is_classifier(estimator):
        return {}
    if "Deduplicator" in remedy:
        return dict.fromkeys(_EQUIVALENCE, _DROPS)
    if getattr(estimator, "strategy", "none") in {"reweight", "soft"}:
        return dict.fromkeys(_EQUIVALENCE, _FOLDS)
    if getattr(estimator, "calibration", None) == 2:
        return dict.fromkeys(_EQUIVALENCE, _FOLDS)
    if "Random" in remedy or "SMOTE" in remedy:
        return dict.fromkeys(_EQUIVALENCE, _DRAWS)
    return {}


def expected_failures_of_samplers(sampler):
    if not isinstance(sampler, DiversitySelector):
        return {}
    return {
        "check_samplers_string": _NO_DISTANCES,
        "check_samplers_sparse": _SPARSE_SCALE,
    }


@pytest.fixture(autouse=True, scope="module")
def small_default_models():
    """The models of the default instances have few trees, and are else as they are."""
    with pytest.MonkeyPatch.context() as patch:
        for model, size in SMALL.items():
            patch.setattr(model, "fit", _fit_small(model.fit, size))
        yield


def _fit_small(fit, size):
    @wraps(fit)
    def fit_small(self, *args, **kwargs):
        return fit(self.set_params(**size), *args, **kwargs)

    return fit_small


@parametrize_with_checks(
    SAMPLERS
    + NUMBER_SAMPLERS
    + WEIGHTERS
    + WRAPPERS
    + [MAKES_ROWS]
    + CHAINS
    + PIPELINES
    + SAMPLER_CHAINS
    + DETECTORS
    + ATTRIBUTIONS
    + SHARES
    + CLASSIFIERS
    + LABEL_MODELS
    + QUERY_STRATEGIES
    + NUMBER_QUERY_STRATEGIES
    + REVIEW_QUEUES
    + TRANSFORMERS
    + DEFAULTS,
    expected_failed_checks=expected_failures,
    xfail_strict=True,
)
def test_scikit_learn_checks(estimator, check):
    with warnings.catch_warnings():
        # The suite fits column vectors and tiny classes on purpose.
        warnings.simplefilter("ignore")
        check(estimator)


@parametrize_with_sampler_checks(
    SAMPLERS
    + NUMBER_SAMPLERS
    + SAMPLER_CHAINS
    + [RemedyChain([SMOTE(random_state=0)])],
    expected_failed_checks=expected_failures_of_samplers,
)
def test_imbalanced_learn_checks(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)
