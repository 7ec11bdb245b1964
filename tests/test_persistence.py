"""What is saved is small, names its version, and comes back by pickle and skops."""

import pickle
import warnings
from functools import cache

import numpy as np
import pandas as pd
import pytest
import skops.io
from imblearn.over_sampling import RandomOverSampler
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, LogisticRegression

import skdataquality
from skdataquality.active_learning import DiversitySelector
from skdataquality.base import SKOPS_TYPES
from skdataquality.compose import (
    RemediedClassifier,
    RemediedRegressor,
    RemedyChain,
)
from skdataquality.duplicates import (
    Deduplicator,
    DuplicateDetector,
    DuplicateGroupKFold,
)
from skdataquality.exceptions import VersionMismatchWarning
from skdataquality.imbalance import (
    SMOTE,
    ClassBalanceWeighter,
    EditedNearestNeighbours,
    LogitAdjustedClassifier,
    TomekLinks,
    TunedOffsetClassifierCV,
)
from skdataquality.label_noise import (
    KNNOutlierDetector,
    LabelAudit,
    LabelErrorCorrector,
    LabelErrorDetector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
    RegressionErrorDetector,
    RegressionErrorPruner,
)
from skdataquality.leakage import LeakyColumnSelector
from skdataquality.review import LabelReviewQueue, ReviewedLabels, ReviewedRows
from skdataquality.shift import (
    DiscriminatorWeighter,
    ImportanceResampler,
    KLIEPWeighter,
    KMMWeighter,
    LabelShiftClassifier,
    LabelShiftEstimator,
    LabelShiftWeighter,
    RuLSIFWeighter,
    ShiftDetector,
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
    TargetData,
    ULSIFWeighter,
)
from skdataquality.verified import VerifiedLabels
from tests.catalogue import (
    ATTRIBUTIONS,
    CLASSIFIERS,
    NUMBER_QUERY_STRATEGIES,
    PIPELINES,
    QUERY_STRATEGIES,
)

LR = LogisticRegression()
DETECTOR = LabelErrorDetector(LR, cv=3, random_state=0)
VALUES = RegressionErrorDetector(LinearRegression(), cv=3, random_state=0)
TARGET = TargetData(np.random.default_rng(0).normal(0.5, 1, size=(80, 4)))
SHIFT = DiscriminatorWeighter(LR, cv=3, X_target=TARGET, random_state=0)
REVIEWED = ReviewedRows(np.eye(4), list("aabb"), VerifiedLabels([0], ["b"]))

WRAPPERS = [
    RemediedClassifier(LR, RandomOverSampler(random_state=0)),
    RemediedClassifier(LR, RemedyChain([Deduplicator(), ClassBalanceWeighter()])),
    RemediedRegressor(LinearRegression(), Deduplicator()),
    *(
        NoisePruningClassifier(LR, detector=DETECTOR, strategy=strategy)
        for strategy in ("prune", "relabel", "reweight", "soft", "none")
    ),
    ShiftWeightedClassifier(LR, weighter=SHIFT),
    LabelShiftClassifier(LR, cv=3, X_target=TARGET, random_state=0),
    ShiftWeightedRegressor(LinearRegression(), weighter=SHIFT),
]
SAMPLERS = [
    (Deduplicator(), 2),
    (LabelErrorPruner(DETECTOR), 60),
    (LabelErrorCorrector(DETECTOR), 60),
    (RegressionErrorPruner(VALUES, target_type="continuous"), 45),
    (RemedyChain([Deduplicator(), LabelErrorPruner(DETECTOR)]), 60),
    (ImportanceResampler(SHIFT, random_state=0), 20),
    (DiversitySelector(), 20),
    (TomekLinks(), 20),
    (EditedNearestNeighbours(), 20),
    (ReviewedLabels(REVIEWED), 1),
    (SMOTE(random_state=0), 3),  # its new rows are few
]
OTHERS = [
    (DETECTOR, 60),
    (VALUES, 45),
    (DuplicateDetector(), 25),  # two groups, a score and a flag
    (KNNOutlierDetector(), 9 + 2 * 8 * 4),  # the index is of the rows themselves
    (ClassBalanceWeighter(), 9),
    (LabelShiftWeighter(LR, cv=3, X_target=TARGET, random_state=0), 9),
    (LabelShiftEstimator(LR, cv=3, X_target=TARGET, random_state=0), 1),
    (SHIFT, 17),  # weights, and the ratios that they were made of
    (DiscriminatorWeighter(X_target=TARGET, random_state=0), 17),
    *(
        (weighter(X_target=TARGET, random_state=0), 17)
        for weighter in (KLIEPWeighter, RuLSIFWeighter, ULSIFWeighter)
    ),
    (KMMWeighter(X_target=TARGET, random_state=0), 25 + 8 * 4),  # and the rows
    (ShiftDetector(LR, cv=3, X_target=TARGET, random_state=0), 10),
    (LabelQualityWeighter(DETECTOR), 69),
    (LogitAdjustedClassifier(LR), 60),
    (TunedOffsetClassifierCV(LR, cv=3, random_state=0), 60),
    (LeakyColumnSelector(), 1),
    (CLASSIFIERS[0], 1),
]
EVERY = WRAPPERS + [estimator for estimator, _ in SAMPLERS + OTHERS]


def by_name(estimator):
    return type(estimator).__name__


def data(estimator, n=120):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 4))
    X[-n // 10 :] = X[: n // 10]
    if "Regress" in by_name(estimator) and "Logistic" not in by_name(estimator):
        return X, X[:, 0] + rng.normal(size=n)
    y = np.array(["ham", "salted spam"])[(X[:, 0] > 0).astype(int)]
    y[-n // 10 :] = y[: n // 10]
    y[5:n:12] = y[6:n:12][: len(y[5:n:12])]
    return X, y


@cache
def fitted(estimator, n=120):
    estimator = clone(estimator)
    fit = getattr(estimator, "fit_resample", estimator.fit)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit(*data(estimator, n))
    return estimator


def bytes_per_row(estimator):
    """From two sizes, so that what does not grow with the rows does not count."""
    few, many = (len(pickle.dumps(fitted(estimator, n))) for n in (1000, 3000))
    return (many - few) / 2000


def assert_same(loaded, saved):
    X, y = data(saved)
    for method in ("predict", "predict_proba", "transform"):
        if hasattr(saved, method):
            expected = getattr(saved, method)(X)
            np.testing.assert_array_equal(getattr(loaded, method)(X), expected)
    if hasattr(saved, "predict_weight"):
        expected = saved.predict_weight(X, y)
        np.testing.assert_array_equal(loaded.predict_weight(X, y), expected)
    assert vars(loaded).keys() == vars(saved).keys()
    for name, value in vars(saved).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(loaded, name), value)
            assert getattr(loaded, name).dtype == value.dtype
    for name in ("lineage_", "sample_indices_", "splits_"):
        if hasattr(saved, name):
            assert repr(getattr(loaded, name)) == repr(getattr(saved, name))


@pytest.mark.parametrize("estimator", EVERY, ids=by_name)
def test_a_pickle_is_the_same_and_names_the_version(estimator, monkeypatch):
    saved = fitted(estimator)
    dumped = pickle.dumps(saved)
    assert_same(pickle.loads(dumped), saved)
    assert skdataquality.__version__.encode() in dumped

    monkeypatch.setattr(skdataquality, "__version__", "99.0")
    said = r"was saved by skdataquality 0\.1.* loaded by 99\.0.*fit it again"
    with pytest.warns(VersionMismatchWarning, match=said):
        pickle.loads(dumped)


@pytest.mark.parametrize("estimator", EVERY, ids=by_name)
def test_an_unfitted_one_pickles_too(estimator):
    loaded = pickle.loads(pickle.dumps(clone(estimator)))
    assert repr(loaded) == repr(estimator)


@pytest.mark.parametrize(
    ("estimator", "most"), SAMPLERS + OTHERS, ids=lambda e: getattr(e, "id", None)
)
def test_a_pickle_holds_few_bytes_for_each_row(estimator, most):
    assert bytes_per_row(estimator) < most


@pytest.mark.parametrize("wrapper", WRAPPERS, ids=by_name)
def test_a_wrapper_without_lineage_keeps_nothing_of_its_rows(wrapper):
    with_rows = fitted(wrapper)
    without = fitted(clone(wrapper).set_params(keep_lineage=False))
    X, _ = data(wrapper)
    np.testing.assert_array_equal(without.predict(X), with_rows.predict(X))
    if hasattr(wrapper, "predict_proba"):
        expected = with_rows.predict_proba(X)
        np.testing.assert_array_equal(without.predict_proba(X), expected)
    gone = vars(with_rows).keys() - vars(without).keys()
    assert "lineage_" in gone
    kept = {"remedy_", "detector_", "weighter_", "_cross_fitted", "_edit_weight"}
    assert gone < {"lineage_", *kept}
    assert bytes_per_row(without) < 0.1
    assert_same(pickle.loads(pickle.dumps(without)), without)


# -- skops -----------------------------------------------------------------------------


def untrusted(dumped):
    return set(skops.io.get_untrusted_types(data=dumped))


@pytest.mark.parametrize("estimator", EVERY, ids=by_name)
def test_skops_loads_what_it_is_told_to_trust(estimator):
    saved = fitted(estimator)
    dumped = skops.io.dumps(saved)
    others = untrusted(dumped) - set(SKOPS_TYPES)
    assert not [name for name in others if name.startswith("skdataquality")]
    assert_same(skops.io.loads(dumped, trusted=[*SKOPS_TYPES, *others]), saved)


def _too_sure():
    """A classifier without the rows that contradict it, whose surety is mended."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 2))
    y = (X[:, 0] + rng.normal(size=400) > 0).astype(int)
    detector = clone(DETECTOR).set_params(prunable="flagged")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return NoisePruningClassifier(LR, detector=detector).fit(X, y)


MIXED = pd.DataFrame({"size": np.arange(60.0), "town": ["Ulm", "Bonn", None] * 20})


@pytest.mark.parametrize(
    "wrapper",
    [
        RemediedClassifier(None, ClassBalanceWeighter()),
        ShiftWeightedClassifier(X_target=TargetData(MIXED)),
    ],
    ids=by_name,
)
def test_skops_loads_the_default_model_of_mixed_frames(wrapper):
    y = np.arange(60) % 2
    saved = wrapper.fit(MIXED, y)
    if isinstance(wrapper, ShiftWeightedClassifier):
        saved.set_params(X_target=None)  # skops stores no frames
    dumped = skops.io.dumps(saved)
    others = untrusted(dumped) - set(SKOPS_TYPES)
    assert not [name for name in others if name.startswith("skdataquality")]
    loaded = skops.io.loads(dumped, trusted=[*SKOPS_TYPES, *others])
    np.testing.assert_array_equal(loaded.predict(MIXED), saved.predict(MIXED))


def test_the_types_to_trust_are_types_of_ours_that_are_saved():
    audit = LabelAudit(20, random_state=0)
    queue = fitted(LabelReviewQueue(LR, cv=3, n_rounds=1, random_state=0))
    queue.next_batch(10)
    proba = np.full((100, 2), 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        audit.plan(np.arange(100) % 2, proba)
    default = fitted(LabelQualityWeighter(LabelErrorDetector(n_rounds=1, cv=2)))
    calibrated = _too_sure()
    assert calibrated.calibration_ is not None
    needed = set()
    narrow = TargetData(np.random.default_rng(0).normal(0, 0.3, size=(80, 4)))
    squares = fitted(DiscriminatorWeighter(X_target=narrow, random_state=0))
    mixed = RemediedClassifier(None).fit(MIXED, np.arange(60) % 2)
    folds = TunedOffsetClassifierCV(LR, cv=DuplicateGroupKFold(2, random_state=0))
    others = map(fitted, [*EVERY, folds, *QUERY_STRATEGIES, *PIPELINES])
    numbers = [clone(q).fit(np.eye(9), np.arange(9.0)) for q in NUMBER_QUERY_STRATEGIES]
    sources = np.arange(120).reshape(60, 2) % 3
    by_source = [clone(each).fit(sources, np.arange(60) % 2) for each in ATTRIBUTIONS]
    saved_ones = [*others, *numbers, *by_source, audit, queue, default]
    saved_ones += [calibrated, squares, mixed]
    for saved in saved_ones:
        needed |= untrusted(skops.io.dumps(saved))
    ours = {name for name in needed if name.startswith("skdataquality")}
    assert ours == set(SKOPS_TYPES)
    assert len(set(SKOPS_TYPES)) == len(SKOPS_TYPES)
