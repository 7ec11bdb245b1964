""" "move the threshold" competes where the classes are unequal."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, get_scorer
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality import diagnose
from skdataquality.base import SKOPS_TYPES
from skdataquality.compose import apply_remedy
from skdataquality.duplicates import DuplicateGroupKFold
from skdataquality.imbalance import TunedOffsetClassifierCV, imbalance_lens
from skdataquality.imbalance._declared import LENS, MOVE
from skdataquality.model_selection import compare_remedies
from skdataquality.utils._code import as_code
from skdataquality.workflows import _compare_table, candidate_remedies

MODEL = make_pipeline(StandardScaler(), LogisticRegression())


def table(n, weights, n_classes=2):
    X, y = make_classification(
        n,
        n_features=5,
        n_informative=4,
        n_redundant=0,
        n_classes=n_classes,
        weights=weights,
        class_sep=0.5,
        random_state=0,
    )
    return X, np.array(["no", "yes", "other"])[y]


def candidates(sizes, proba=None, scoring="balanced_accuracy"):
    y = np.repeat(np.arange(len(sizes)), sizes)
    if proba is None:
        proba = np.random.default_rng(0).dirichlet(np.ones(len(sizes)), size=y.size)
    lens = imbalance_lens(y, proba)
    return LENS.candidates(
        lens,
        estimator=None,
        label_kind="classes",
        random_state=0,
        scoring=scoring,
        folds=DuplicateGroupKFold(random_state=0),
    )


def test_it_is_a_candidate_for_unequal_classes_with_rows_to_tune_between():
    assert MOVE in candidates([90, 60])
    assert MOVE not in candidates([89, 60])  # less than 1.5 times the rows
    assert MOVE not in candidates([200, 49])
    assert MOVE in candidates([200, 100, 60])
    assert MOVE not in candidates([200, 100, 49])
    one = np.tile([0.9, 0.1], (200, 1))  # the model tells no row from another
    assert MOVE not in candidates([140, 60], one)


@pytest.mark.parametrize(
    ("scoring", "tuned_for"),
    [
        ("roc_auc", "balanced_accuracy"),
        ("neg_log_loss", "balanced_accuracy"),
        ("f1_macro", "f1_macro"),
        ("accuracy", "accuracy"),
        (len, "balanced_accuracy"),
    ],
)
def test_it_is_tuned_for_a_metric_of_decisions(scoring, tuned_for):
    assert candidates([90, 60], scoring=scoring)[MOVE].scoring == tuned_for


def test_it_gets_the_estimator_and_can_be_cloned_without_one():
    remedy = candidates([90, 60])[MOVE]
    assert clone(remedy).estimator is None
    bound = apply_remedy(MODEL, remedy)
    assert bound.estimator is MODEL
    assert remedy.estimator is None
    code = as_code(bound)
    names = {}
    exec("\n".join(code["imports"]), names)
    assert repr(eval(code["expression"], names)) == repr(bound)


def test_a_fitted_one_is_saved_and_loaded():
    skops_io = pytest.importorskip("skops.io")
    X, y = table(300, [0.7])
    fitted = apply_remedy(MODEL, candidates([90, 60])[MOVE]).fit(X, y)
    again = skops_io.loads(skops_io.dumps(fitted), trusted=SKOPS_TYPES)
    assert_array_equal(again.predict(X), fitted.predict(X))


def test_its_folds_keep_equal_rows_together():
    X, y = table(400, [0.7])
    X, y = np.r_[X, X[:80]], np.r_[y, y[:80]]
    report = diagnose(X, y, estimator=MODEL)
    folds = candidate_remedies(report, estimator=MODEL)[MOVE].cv
    twins = np.r_[np.arange(400), np.arange(80)]
    for train, test in folds.split(X, y):
        assert np.intersect1d(twins[train], twins[test]).size == 0


def test_on_names_of_classes_it_gains_decisions_and_no_ranking():
    X, y = table(1200, [0.9])
    remedy = candidates([90, 60])[MOVE]
    found = compare_remedies(
        MODEL,
        {MOVE: remedy},
        X,
        y,
        cv=4,
        scoring=["balanced_accuracy", "roc_auc"],
        random_state=0,
    )
    scores = found.scores_["balanced_accuracy"]
    moved = np.mean(scores[MOVE] - scores["nothing"])
    assert moved > 0.05
    assert_allclose(  # calibration keeps the order
        found.scores_["roc_auc"][MOVE], found.scores_["roc_auc"]["nothing"]
    )
    assert_array_equal(
        found.scores_["balanced_accuracy"][MOVE],
        cross_val_score(
            TunedOffsetClassifierCV(MODEL, cv=DuplicateGroupKFold(random_state=0)),
            X,
            y,
            cv=found.splits_,
            scoring="balanced_accuracy",
        ),
    )


def test_of_three_classes_the_rarest_is_found_more_often():
    X, y = table(2000, [0.8, 0.15], n_classes=3)
    report = diagnose(X, y, estimator=MODEL)
    remedies = candidate_remedies(report, estimator=MODEL)
    found = compare_remedies(
        MODEL,
        {MOVE: remedies[MOVE]},
        X,
        y,
        cv=3,
        scoring=["balanced_accuracy", "roc_auc_ovr"],
        random_state=0,
    )
    scores = found.scores_["balanced_accuracy"]
    assert np.mean(scores[MOVE] - scores["nothing"]) > 0.05
    assert found.remarks_ == ()  # it says itself that it moves the threshold


def test_the_recipe_is_recommended_first_and_gets_the_model():
    X, y = table(1200, [0.9])
    report = diagnose(X, y, estimator=MODEL)
    recipe, weights, _ = report.lenses["imbalance"].remedies
    assert isinstance(recipe, TunedOffsetClassifierCV)
    assert recipe.ensemble
    assert repr(recipe.estimator) == repr(weights.estimator) == repr(MODEL)
    (step,) = [step for step in report.plan if step["lens"] == "imbalance"]
    names = {}
    exec("\n".join(step["code"]["imports"]), names)
    assert repr(eval(step["code"]["expression"], names)) == repr(recipe)


def test_compare_table_tunes_it_for_the_class_that_is_asked_for(monkeypatch):
    X, y = table(300, [0.7])
    frame = pd.DataFrame(X).rename(columns=str).assign(y=y)
    seen = {}

    def compare(model, remedies, X, y, **options):
        seen.update(remedies)
        return REAL(model, {}, X, y, **options)

    REAL = _compare_table.compare_remedies
    monkeypatch.setattr(_compare_table, "compare_remedies", compare)
    result = _compare_table.compare_table(
        frame, "y", estimator=MODEL, scoring="f1", pos_label="no", cv=3
    )
    scorer = seen[MOVE].scoring
    fitted = clone(MODEL).fit(X, y)
    assert scorer(fitted, X, y) == f1_score(y, fitted.predict(X), pos_label="no")
    assert scorer is result.scorer
    code = as_code(scorer)
    names = {}
    exec("\n".join(code["imports"]), names)
    again = eval(code["expression"], names)
    assert again(fitted, X, y) == scorer(fitted, X, y)


@pytest.mark.parametrize("name", ["neg_log_loss", "roc_auc", "f1_macro", "r2"])
def test_a_scorer_is_written_as_code(name):
    code = as_code(get_scorer(name))
    names = {}
    exec("\n".join(code["imports"]), names)
    assert repr(eval(code["expression"], names)) == repr(get_scorer(name))
