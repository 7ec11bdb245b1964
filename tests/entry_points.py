"""Every estimator and table function as a call on data, and what may not happen."""

import warnings
from contextlib import contextmanager
from copy import deepcopy
from functools import partial

import joblib
import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline

from skdataquality import diagnose
from skdataquality.active_learning import DiversitySelector
from skdataquality.compose import (
    RemediedClassifier,
    RemediedRegressor,
    RemedyChain,
    UsableColumns,
    apply_remedy,
)
from skdataquality.duplicates import Deduplicator, DuplicateGroupKFold
from skdataquality.exceptions import CopiedRowsWarning
from skdataquality.imbalance import (
    SMOTE,
    ClassBalanceWeighter,
    EditedNearestNeighbours,
    LogitAdjustedClassifier,
    TomekLinks,
    TunedOffsetClassifierCV,
)
from skdataquality.label_noise import (
    ForwardCorrectedLogisticRegression,
    KNNOutlierDetector,
    LabelErrorCorrector,
    LabelErrorDetector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
    RegressionErrorDetector,
    RegressionErrorPruner,
)
from skdataquality.leakage import LeakyColumnSelector, leakage_lens
from skdataquality.model_selection import compare_remedies, out_of_fold
from skdataquality.provenance import TrackedPipeline
from skdataquality.review import LabelReviewQueue, ReviewedLabels
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
from skdataquality.utils._frames import iterate_columns
from skdataquality.weak_supervision import (
    LabelingFunctionTransformer,
    WeaklySupervisedClassifier,
    labeling_function,
    lf_threshold,
)

N = 60
LR = LogisticRegression()
DETECTOR = LabelErrorDetector(LR, cv=3, random_state=0)
TARGET_DETECTOR = RegressionErrorDetector(LinearRegression(), cv=3, random_state=0)
WEIGHTER = DiscriminatorWeighter(LR, cv=3, random_state=0)
KERNEL_WEIGHTERS = (KLIEPWeighter, KMMWeighter, RuLSIFWeighter, ULSIFWeighter)


def plain_data():
    """X with five repeated rows, two wrong labels; target rows beside it."""
    rng = np.random.default_rng(0)
    y = np.arange(N) % 2
    X = rng.normal(size=(N, 3)) + 2 * y[:, None]
    X[-5:] = X[:5]
    y[-5:] = y[:5]
    y[[10, 11]] = y[[11, 10]]
    return X, y, rng.normal(1, 1, size=(40, 3))


# -- every estimator, as a function of the data to numbers that do not hold labels -----


def _resampled(sampler):
    def run(X, y, target, **weight):
        X_new, y_new = sampler.fit_resample(X, y, **weight)
        assert type(X_new) is (np.ndarray if isinstance(X, np.memmap) else type(X))
        assert type(y_new) is (np.ndarray if isinstance(y, np.memmap) else type(y))
        assert getattr(y_new, "dtype", None) == getattr(y, "dtype", None)
        return sampler.sample_indices_

    return run


def _over_sampled(X, y, target, **weight):
    sampler = SMOTE(random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CopiedRowsWarning)  # there are repeated rows
        rows = _resampled(sampler)(X, y, target, **weight)
    return rows, sampler.lineage_.parents.toarray()


def _predicted(clf):
    def run(X, y, target, **weight):
        clf.fit(X, y, **weight)
        known = np.asarray(y).ravel()
        assert set(clf.predict(X).tolist()) <= set(known.tolist())
        assert clf.predict(X).dtype.kind == clf.classes_.dtype.kind
        return clf.predict_proba(X), np.searchsorted(clf.classes_, clf.predict(X))

    return run


def _chain(X, y, target, **weight):
    chain = RemedyChain([Deduplicator(), ClassBalanceWeighter()]).fit(X, y, **weight)
    return chain.lineage_.origin, chain.sample_weight_


def _piped(X, y, target):
    clf = RemediedClassifier(LR, ClassBalanceWeighter())
    pipeline = TrackedPipeline([("twins", Deduplicator()), ("clf", clf)]).fit(X, y)
    return pipeline.lineage_.origin, pipeline.predict_proba(X)


def _balance(X, y, target, **weight):
    weighter = ClassBalanceWeighter().fit(X, y, **weight)
    assert set(weighter.class_weight_) == set(np.asarray(y).ravel().tolist())
    return weighter.sample_weight_, weighter.predict_weight(X, y)


def _discriminate(X, y, target, **weight):
    return _weigh(WEIGHTER, X, y, target, **weight)


def _weigh(weighter, X, y, target, **weight):
    handle = None if target is None else TargetData(target)
    weighter = weighter.fit(X, y, X_target=handle, **weight)
    return weighter.sample_weight_, weighter.predict_weight(X)


def _shares(X, y, target, **weight):
    handle = None if target is None else TargetData(target)
    shares = LabelShiftEstimator(LR, cv=3, random_state=0)
    shares.fit(X, y, X_target=handle, **weight)
    return shares.target_prior_, shares.target_prior_interval_


def _weigh_classes(X, y, target, **weight):
    handle = None if target is None else TargetData(target)
    weighter = LabelShiftWeighter(LR, cv=3, random_state=0)
    weighter.fit(X, y, X_target=handle, **weight)
    return weighter.sample_weight_, weighter.predict_weight(X, y)


def _move_shares(X, y, target, **weight):
    clf = LabelShiftClassifier(LR, X_target=TargetData(target), cv=3, random_state=0)
    return _predicted(clf)(X, y, target, **weight)


def _shift(X, y, target, **weight):
    clf = ShiftWeightedClassifier(LR, weighter=WEIGHTER, X_target=TargetData(target))
    return _predicted(clf)(X, y, target, **weight)


def _importance(X, y, target, **weight):
    # the order of y decides between draws, so weights of rows are what must not move
    sampler = ImportanceResampler(WEIGHTER, random_state=0)
    sampler.set_params(X_target=TargetData(target))
    _resampled(sampler)(X, y, target, **weight)
    return sampler.weighter_.sample_weight_


def _regress(X, y, target, **weight):
    numbers = np.arange(len(y)) % 7 / 3.0
    reg = RemediedRegressor(LinearRegression(), Deduplicator())
    return reg.fit(X, numbers, **weight).predict(X)


def _shift_numbers(X, y, target, **weight):
    handle = TargetData(target)
    reg = ShiftWeightedRegressor(LinearRegression(), weighter=WEIGHTER, X_target=handle)
    return reg.fit(X, _numbers_like(y), **weight).predict(X)


def _detect(X, y, target, **weight):
    found = DETECTOR.fit(X, y, **weight)
    assert set(found.suggested_labels_.tolist()) <= set(np.asarray(y).ravel().tolist())
    return found.sample_scores_, found.issue_mask_


def _grade(X, y, target, **weight):
    weighter = LabelQualityWeighter(DETECTOR).fit(X, y, **weight)
    return weighter.sample_weight_, weighter.predict_weight(X, y)


def _numbers_like(y):
    """Targets of a regression, one of them far off."""
    numbers = np.arange(len(y)) % 7 / 3.0
    numbers[3:4] = 50.0
    return numbers


def _detect_targets(X, y, target, **weight):
    found = TARGET_DETECTOR.fit(X, _numbers_like(y), **weight)
    return found.sample_scores_, found.issue_mask_


def _prune_targets(X, y, target, **weight):
    sampler = RegressionErrorPruner(TARGET_DETECTOR, target_type="continuous")
    _, y_new = sampler.fit_resample(X, _numbers_like(y), **weight)
    assert len(y_new) == len(sampler.sample_indices_)
    return sampler.sample_indices_


def _outlying(X, y, target):
    found = KNNOutlierDetector().fit(X, y)
    return found.sample_scores_, found.issue_mask_


def _drifting(X, y, target):
    handle = None if target is None else TargetData(target)
    found = ShiftDetector(LR, cv=3, random_state=0).fit(X, y, X_target=handle)
    return found.sample_scores_, found.issue_mask_, found.score_samples(X)


def _folds(X, y, target):
    folds = DuplicateGroupKFold(3, random_state=0).split(X, y)
    return np.concatenate([np.r_[train, -1, test] for train, test in folds])


def _select_columns(X, y, target):
    selector = LeakyColumnSelector().fit(X, y)
    out = selector.transform(X)
    assert type(out) is (np.ndarray if isinstance(X, list | np.memmap) else type(X))
    assert getattr(out, "format", None) == getattr(X, "format", None)
    return selector.support_


def _usable_columns(X, y, target):
    usable = UsableColumns().fit(X, y)
    out = usable.transform(X)
    return np.asarray(out.todense() if hasattr(out, "todense") else out, dtype=float)


@labeling_function(vectorized=True, label=0)
def _is_low(X):
    return next(iterate_columns(X))[1] < 1


def _vote(X, y, target):
    functions = [lf_threshold(0, 1, above=0), _is_low]
    return LabelingFunctionTransformer(functions, classes=[0, 1]).fit_transform(X, y)


def _leakage(X, y, target):
    result = leakage_lens(X, y, X_target=target).to_dict()
    strongest = result["evidence"].get("strongest columns alone", [])
    shared = result["numbers"]["target_overlap_share"]["estimate"]
    return np.array([row["auc_alone"]["estimate"] for row in strongest]), shared


def _diagnose(X, y, target):
    report = diagnose(X, y, X_target=target, estimator=LR, cv=3, random_state=0)
    whole = report.to_dict()["lenses"]
    return np.array([whole[name]["severity"] for name in sorted(whole)])


def _compare(X, y, target):
    remedies = {"deduplicate": Deduplicator()}
    result = compare_remedies(LR, remedies, X, y, cv=3, random_state=0)
    (scores,) = result.scores_.values()
    return scores["nothing"], scores["deduplicate"]


def _predict(X, y, target):
    result = out_of_fold(LR, X, y, cv=3, X_new=target, random_state=0)
    assert result.classes.tolist() == sorted(set(np.asarray(y).ravel().tolist()))
    return result.proba, result.new_proba, result.n_predictions


def _review(X, y, target):
    queue = LabelReviewQueue(LR, cv=3, n_rounds=1, random_state=0).fit(X, y)
    assert queue.labels_.tolist() == np.asarray(y).ravel().tolist()
    return queue.sample_scores_, queue.next_batch(10).rows


ENTRY = {
    "LabelReviewQueue": _review,
    "ReviewedLabels": _resampled(ReviewedLabels()),
    "Deduplicator": _resampled(Deduplicator()),
    "DiversitySelector": _resampled(
        # sparse or dense alike
        DiversitySelector(
            0.5, embedding=make_pipeline(UsableColumns(), SimpleImputer())
        )
    ),
    "TomekLinks": _resampled(TomekLinks()),
    "EditedNearestNeighbours": _resampled(EditedNearestNeighbours()),
    "LabelErrorPruner": _resampled(LabelErrorPruner(DETECTOR)),
    "RemedyChain": _chain,
    "TrackedPipeline": _piped,
    "ClassBalanceWeighter": _balance,
    "DiscriminatorWeighter": _discriminate,
    "ImportanceResampler": _importance,
    "SMOTE": _over_sampled,
    **{
        kernel.__name__: partial(_weigh, kernel(random_state=0))
        for kernel in KERNEL_WEIGHTERS
    },
    "RemediedClassifier": _predicted(RemediedClassifier(LR, ClassBalanceWeighter())),
    "LogitAdjustedClassifier": _predicted(LogitAdjustedClassifier(LR)),
    "TunedOffsetClassifierCV": _predicted(
        TunedOffsetClassifierCV(LR, cv=3, random_state=0)
    ),
    "RemediedRegressor": _regress,
    "LabelErrorCorrector": _resampled(LabelErrorCorrector(DETECTOR)),
    "LabelQualityWeighter": _grade,
    **{
        f"NoisePruningClassifier, {strategy}": _predicted(
            NoisePruningClassifier(LR, detector=DETECTOR, strategy=strategy)
        )
        for strategy in ("prune", "relabel", "reweight", "soft")
    },
    "ForwardCorrectedLogisticRegression": _predicted(
        ForwardCorrectedLogisticRegression(cv=3, random_state=0)
    ),
    "RegressionErrorDetector": _detect_targets,
    "RegressionErrorPruner": _prune_targets,
    "KNNOutlierDetector": _outlying,
    "LabelShiftEstimator": _shares,
    "LabelShiftWeighter": _weigh_classes,
    "LabelShiftClassifier": _move_shares,
    "ShiftDetector": _drifting,
    "ShiftWeightedClassifier": _shift,
    "ShiftWeightedRegressor": _shift_numbers,
    "LabelErrorDetector": _detect,
    "WeaklySupervisedClassifier": _predicted(
        WeaklySupervisedClassifier(None, estimator=LR)
    ),
    "apply_remedy": _predicted(apply_remedy(LR, LabelErrorPruner(DETECTOR))),
    "DuplicateGroupKFold": _folds,
    "LeakyColumnSelector": _select_columns,
    "UsableColumns": _usable_columns,
    "LabelingFunctionTransformer": _vote,
    "leakage_lens": _leakage,
    "diagnose": _diagnose,
    "compare_remedies": _compare,
    "out_of_fold": _predict,
}
WEIGHTLESS = {
    "TrackedPipeline",
    "LabelReviewQueue",
    "KNNOutlierDetector",
    "ShiftDetector",
    "DuplicateGroupKFold",
    "LeakyColumnSelector",
    "UsableColumns",
    "LabelingFunctionTransformer",
    "leakage_lens",
    "diagnose",
    "compare_remedies",
    "out_of_fold",
}
NO_LABELS = {
    "UsableColumns",
    "LabelingFunctionTransformer",
    "DiscriminatorWeighter",
    *(kernel.__name__ for kernel in KERNEL_WEIGHTERS),
    "KNNOutlierDetector",
    "ShiftDetector",
    "RemediedRegressor",
    "ShiftWeightedRegressor",
    "RegressionErrorDetector",
    "RegressionErrorPruner",
}
FITS_NO_MODEL = {
    "DiversitySelector",
    "ReviewedLabels",
    *(kernel.__name__ for kernel in KERNEL_WEIGHTERS),
    "Deduplicator",
    "RemedyChain",
    "ClassBalanceWeighter",
    "DuplicateGroupKFold",
    "LeakyColumnSelector",
    "UsableColumns",
    "LabelingFunctionTransformer",
    "leakage_lens",
}


@contextmanager
def only_our_warnings(*expected):
    """Fail on any warning but the expected ones."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    strange = [w for w in caught if not issubclass(w.category, expected)]
    assert not strange, [f"{w.category.__name__}: {w.message}" for w in strange]


@contextmanager
def unchanged(*inputs):
    """Fail if an input is not what it was."""
    before = [_digest(value) for value in inputs]
    yield
    assert [_digest(value) for value in inputs] == before


def _digest(value):
    if isinstance(value, np.ma.MaskedArray):
        value = (value.data, np.ma.getmaskarray(value))
    return joblib.hash(deepcopy(value))  # a copy has no caches
