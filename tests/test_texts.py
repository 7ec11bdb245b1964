"""Texts that are no table reach every entry point, and the estimator, as they are."""

from functools import cache

import numpy as np
import pandas as pd
import polars as pl
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from skdataquality import diagnose
from skdataquality.compose import (
    RemediedClassifier,
    RemediedRegressor,
    RemedyChain,
    apply_remedy,
)
from skdataquality.duplicates import (
    Deduplicator,
    DuplicateGroupKFold,
    duplicate_groups,
    duplicate_lens,
)
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import (
    ForwardCorrectedLogisticRegression,
    KNNOutlierDetector,
    LabelErrorCorrector,
    LabelErrorDetector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
    RegressionErrorDetector,
)
from skdataquality.leakage import leakage_lens
from skdataquality.model_selection import (
    compare_remedies,
    out_of_fold,
    prefer_nothing,
)
from skdataquality.shift import (
    DiscriminatorWeighter,
    ShiftWeightedClassifier,
    TargetData,
    shift_lens,
)

N = 60
PIPE = make_pipeline(TfidfVectorizer(), LogisticRegression())
DETECTOR = LabelErrorDetector(PIPE, cv=3, random_state=0)
WEIGHTER = DiscriminatorWeighter(PIPE, cv=3, random_state=0)
WORDS = {0: "red green cold winter snow", 1: "hot summer sun beach sand"}


def write(classes, seed):
    rng = np.random.default_rng(seed)
    both = ["the", "of", "and", "to", "in", "is"]
    return [" ".join(rng.choice(WORDS[c].split() + both, 6)) for c in classes]


Y = np.arange(N) % 2
TEXTS = write(Y, 0)
TEXTS[-5:], Y[-5:] = TEXTS[:5], Y[:5]
Y[[10, 11]] = Y[[11, 10]]
TARGET = write(np.arange(40) % 4 > 0, 1)

CONTAINERS = {
    "list": list,
    "tuple": tuple,
    "Series": lambda texts: pd.Series(texts, index=range(7, 7 + len(texts))),
    "categories": lambda texts: pd.Series(texts, dtype="category"),
    "polars": pl.Series,
    "objects": lambda texts: np.array(texts, dtype=object),
    "characters": np.array,
    "strings": lambda texts: np.array(texts, dtype=np.dtypes.StringDType()),
}


def _resampled(sampler):
    def run(X, target):
        X_new, y_new = sampler.fit_resample(X, Y)
        assert type(X_new) is (list if isinstance(X, tuple) else type(X))
        assert list(X_new) == [list(X)[i] for i in sampler.lineage_.origin]
        assert len(y_new) == len(X_new)
        return sampler.lineage_.origin

    return run


def _predicted(clf):
    return lambda X, target: clf.fit(X, Y).predict_proba(X)


def _shifted(estimator, weighter):
    def run(X, target):
        handle = TargetData(target)
        clf = ShiftWeightedClassifier(
            estimator, weighter=weighter, X_target=handle, random_state=0
        )
        return clf.fit(X, Y).predict_proba(X)

    return run


def _graded(weighter):
    def run(X, target):
        weighter.fit(X, Y)
        return weighter.sample_weight_, weighter.predict_weight(X, Y)

    return run


def _discriminated(X, target):
    weighter = WEIGHTER.fit(X, X_target=TargetData(target))
    return weighter.sample_weight_, weighter.predict_weight(X)


def _detected(X, target):
    found = DETECTOR.fit(X, Y)
    return found.sample_scores_, found.issue_mask_


def _compared(estimator):
    def run(X, target):
        remedies = {"dedup": Deduplicator()}
        compared = compare_remedies(estimator, remedies, X, Y, cv=3, random_state=0)
        return tuple(next(iter(compared.scores_.values())).values())

    return run


def _diagnosed(estimator):
    def run(X, target):
        report = diagnose(X, Y, X_target=target, estimator=estimator, cv=3)
        assert report.n_columns == 1
        return [lens.severity for lens in report.lenses.values()]

    return run


def _folds(X, target):
    folds = DuplicateGroupKFold(3, random_state=0).split(X, Y)
    return np.concatenate([test for _, test in folds])


ENTRY = {
    "LabelErrorDetector": _detected,
    "LabelErrorPruner": _resampled(LabelErrorPruner(DETECTOR)),
    "LabelErrorCorrector": _resampled(LabelErrorCorrector(DETECTOR)),
    "Deduplicator": _resampled(Deduplicator()),
    "RemedyChain": _resampled(RemedyChain([Deduplicator(), None])),
    "DuplicateGroupKFold": _folds,
    "NoisePruningClassifier": _predicted(
        NoisePruningClassifier(PIPE, detector=DETECTOR, random_state=0)
    ),
    "RemediedClassifier": _predicted(
        RemediedClassifier(PIPE, RemedyChain([Deduplicator(), ClassBalanceWeighter()]))
    ),
    "a foreign sampler": _predicted(
        RemediedClassifier(PIPE, RandomOverSampler(random_state=0))
    ),
    "apply_remedy": _predicted(apply_remedy(PIPE, LabelErrorPruner(DETECTOR))),
    "ClassBalanceWeighter": _graded(ClassBalanceWeighter()),
    "LabelQualityWeighter": _graded(LabelQualityWeighter(DETECTOR)),
    "DiscriminatorWeighter": _discriminated,
    "ShiftWeightedClassifier": _shifted(PIPE, WEIGHTER),
    "compare_remedies": _compared(PIPE),
    "diagnose": _diagnosed(PIPE),
    "out_of_fold": lambda X, target: (
        out_of_fold(PIPE, X, Y, cv=3, random_state=0).proba
    ),
    "duplicate_lens": lambda X, target: [duplicate_lens(X, Y).severity],
    "leakage_lens": lambda X, target: [leakage_lens(X, Y, X_target=target).severity],
    "shift_lens": lambda X, target: [shift_lens(X, X_target=target).severity],
}


@cache
def of_a_list(name):
    return ENTRY[name](TEXTS, TARGET)


@pytest.mark.parametrize("container", [c for c in CONTAINERS if c != "list"])
@pytest.mark.parametrize("name", ENTRY)
def test_every_container_of_texts_gives_what_a_list_gives(name, container):
    wrap = CONTAINERS[container]
    expected = of_a_list(name)
    found = ENTRY[name](wrap(TEXTS), wrap(TARGET))
    np.testing.assert_array_equal(np.hstack(found), np.hstack(expected))


def test_a_series_of_texts_keeps_its_index():
    texts = pd.Series(TEXTS, index=range(100, 100 + N))
    kept, _ = Deduplicator().fit_resample(texts, Y)
    assert kept.index.tolist() == list(range(100, 100 + N - 5))


class Recorder(ClassifierMixin, BaseEstimator):
    """A classifier that knows what it was given."""

    seen: list = []

    def fit(self, X, y, sample_weight=None):
        self.seen.append(type(X))
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        self.seen.append(type(X))
        return np.full((len(X), self.classes_.size), 1 / self.classes_.size)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


@pytest.mark.filterwarnings("ignore::skdataquality.exceptions.DataQualityWarning")
@pytest.mark.parametrize("container", ["list", "Series", "polars", "objects"])
def test_the_estimator_gets_the_container_it_was_given(container):
    texts = CONTAINERS[container](TEXTS)
    Recorder.seen.clear()
    detector = LabelErrorDetector(Recorder(), cv=3)
    NoisePruningClassifier(Recorder(), detector=detector).fit(texts, Y).predict(texts)
    RemediedClassifier(Recorder(), Deduplicator()).fit(texts, Y).predict(texts)
    LabelErrorPruner(detector).fit_resample(texts, Y)
    assert set(Recorder.seen) == {type(texts)}


DEFAULTS = {
    "LabelErrorDetector": lambda: LabelErrorDetector(cv=3).fit(TEXTS, Y),
    "LabelErrorPruner": lambda: LabelErrorPruner().fit_resample(TEXTS, Y),
    "NoisePruningClassifier": lambda: NoisePruningClassifier().fit(TEXTS, Y),
    "LabelQualityWeighter": lambda: LabelQualityWeighter().fit(TEXTS, Y),
    "RemediedClassifier": lambda: RemediedClassifier().fit(TEXTS, Y).predict(TEXTS),
    "RemediedRegressor": lambda: RemediedRegressor().fit(TEXTS, 1.5 * Y).predict(TEXTS),
    "RegressionErrorDetector": lambda: RegressionErrorDetector().fit(
        TEXTS, np.arange(N) / 7
    ),
    "shift": lambda: _shifted(None, None)(TEXTS, TARGET),
    "compare_remedies": lambda: _compared(None)(TEXTS, TARGET),
    "diagnose": lambda: _diagnosed(None)(TEXTS, TARGET),
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_texts_have_a_default_model(name):
    DEFAULTS[name]()


def test_the_default_finds_a_wrong_label_of_texts():
    classes = np.arange(200) % 2
    y = classes.copy()
    y[:10] = 1 - y[:10]
    found = LabelErrorDetector(random_state=0).fit(write(classes, 2), y)
    assert found.issue_mask_[:10].mean() > 0.7
    assert found.issue_mask_[10:].mean() < 0.05


def test_searches_and_cross_validation_take_texts():
    clf = RemediedClassifier(PIPE, Deduplicator())
    assert cross_val_score(clf, TEXTS, Y, cv=DuplicateGroupKFold(3)).mean() > 0.5
    grid = {"remedy": [None, Deduplicator(), LabelErrorPruner(DETECTOR)]}
    search = GridSearchCV(clf, grid, cv=3, refit=prefer_nothing)
    assert search.fit(TEXTS, Y).predict(TEXTS).shape == (N,)


def test_dicts_are_documents_too():
    bags = [dict.fromkeys(text.split(), 1) for text in TEXTS]
    pipe = make_pipeline(DictVectorizer(), LogisticRegression())
    LabelErrorDetector(pipe, cv=3).fit(bags, Y)
    kept, _ = Deduplicator().fit_resample(bags, Y)
    assert kept == bags[:-5]
    with pytest.raises(ValueError, match=r"dicts or bytes.*DictVectorizer"):
        RemediedClassifier().fit(bags, Y)


def test_equal_texts_are_one_group():
    assert duplicate_groups(["a b", "c", "a b"]).tolist() == [0, 1, 0]


@pytest.mark.parametrize("name", [*ENTRY])
@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.arange(60.0), "reshape"),
        (list(range(60)), "reshape"),
        (pd.Series(np.arange(60)), "reshape"),
        (
            [*TEXTS[:3], None, *TEXTS[4:]],
            r"1 missing text.* position\(s\) 3 \(from 0\): .*fill",
        ),
        (
            [*TEXTS[:3], 5, *TEXTS[4:]],
            r"mixes texts with 1 cell.*int.* 3 \(from 0\): make all",
        ),
        ("one text", "is one text"),
    ],
    ids=["numbers", "list of numbers", "Series of numbers", "missing", "mixed", "one"],
)
def test_what_is_no_sequence_of_texts_is_refused_in_words(name, X, message):
    with pytest.raises(ValueError, match=message) as error:
        ENTRY[name](X, TARGET)
    assert str(error.value).count("\n") < 3


@pytest.mark.parametrize(
    "estimator", [KNNOutlierDetector(), ForwardCorrectedLogisticRegression()]
)
def test_what_needs_numbers_says_so_of_texts(estimator):
    with pytest.raises(ValueError, match="holds texts"):
        estimator.fit(TEXTS, Y)


def test_a_sampler_that_mixes_rows_says_so_of_texts():
    with pytest.raises(ValueError, match="SMOTE computes with numbers"):
        RemediedClassifier(PIPE, SMOTE()).fit(TEXTS, Y)


def test_target_data_of_texts_is_a_handle_like_any_other():
    target = TargetData(TARGET)
    assert repr(target) == "TargetData(40 texts)"
    assert target == TargetData(pd.Series(TARGET))
    assert hash(target) == hash(TargetData(np.array(TARGET)))
    assert target != TargetData(TARGET[::-1])
    assert target != TargetData(np.array(TARGET, dtype=object)[:, None])


def test_a_table_beside_texts_is_refused():
    with pytest.raises(ValueError, match="X is a sequence of texts or dicts but"):
        shift_lens(TEXTS, X_target=np.ones((40, 1)))
