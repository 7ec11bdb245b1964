"""The default recipe for rare classes, and what it is compared with."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, get_scorer, log_loss, make_scorer
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from skdataquality.imbalance import (
    TunedOffsetClassifierCV,
    recommended_candidates,
    recommended_classifier,
)
from skdataquality.imbalance._adjusters import _offset_choice
from skdataquality.imbalance._adjusters._decision_scores import DecisionScore
from skdataquality.imbalance._adjusters._offset_choice import choose_offsets
from skdataquality.model_selection import compare_remedies

LR = LogisticRegression()


def rare(n=1200, share=0.08, seed=0, n_classes=2):
    weights = [1 - share] if n_classes == 2 else [1 - 2 * share, share, share]
    return make_classification(
        n,
        n_features=6,
        n_informative=4,
        n_classes=n_classes,
        weights=weights,
        class_sep=0.7,
        random_state=seed,
    )


def halves(X, y):
    return X[::2], y[::2], X[1::2], y[1::2]


# -- classifier --------------------------------------------------------------------


@pytest.mark.parametrize("scoring", ["balanced_accuracy", "f1", "matthews_corrcoef"])
def test_it_decides_better_and_its_probabilities_are_no_worse(scoring):
    X, y, X_new, y_new = halves(*rare(2400))
    forest = RandomForestClassifier(30, random_state=0)
    plain = clone(forest).fit(X, y)
    recipe = recommended_classifier(forest, scoring, random_state=0).fit(X, y)
    scorer = get_scorer(scoring)
    assert scorer(recipe, X_new, y_new) > scorer(plain, X_new, y_new) + 0.02
    losses = [log_loss(y_new, m.predict_proba(X_new)) for m in (recipe, plain)]
    assert losses[0] < losses[1]
    assert recipe.predict_proba(X_new)[:, 1].mean() == pytest.approx(y.mean(), rel=0.2)


def test_labels_may_be_strings_and_steps_a_pipeline():
    X, y = rare(600)
    labels = np.array(["usual", "odd"])[y]
    model = make_pipeline(StandardScaler(), LR)
    named = recommended_classifier(model, random_state=0).fit(X, labels)
    assert set(named.predict(X)) == {"usual", "odd"}
    numbered = recommended_classifier(model, random_state=0).fit(X, 1 - y)  # odd first
    assert_array_equal(named.predict(X) == "usual", numbered.predict(X) == 1)
    about_odd = make_scorer(f1_score, pos_label="odd")
    tuned = recommended_classifier(model, about_odd, random_state=0).fit(X, labels)
    assert about_odd(tuned, X, labels) > 0.3


def test_which_class_a_metric_is_about_must_be_said():
    X, y = rare(200)
    labels = np.array(["usual", "odd"])[y]
    with pytest.raises(ValueError, match="pos_label"):
        recommended_classifier(LR, "f1").fit(X, labels)


@pytest.mark.parametrize("scoring", ["balanced_accuracy", "f1_macro"])
def test_there_may_be_more_classes(scoring):
    X, y, X_new, y_new = halves(*rare(2400, n_classes=3))
    recipe = recommended_classifier(LR, scoring, random_state=0).fit(X, y)
    scorer = get_scorer(scoring)
    assert scorer(recipe, X_new, y_new) > scorer(recipe.estimator_, X_new, y_new) + 0.02


def test_none_is_the_default_model_and_a_decision_function_will_do():
    X, y = rare(400, share=0.2)
    for model in (None, LinearSVC()):
        recipe = recommended_classifier(model, random_state=0).fit(X, y)
        assert_allclose(recipe.predict_proba(X).sum(axis=1), 1)


def test_parameters_can_be_searched():
    recipe = recommended_classifier(LR, "f1")
    assert recipe.set_params(estimator__C=0.1, cv=3).estimator.C == 0.1
    assert recipe.get_params()["scoring"] == "f1"


# -- its parts ---------------------------------------------------------------------


def test_an_ensemble_is_the_mean_of_calibrated_models():
    X, y = rare(400, share=0.2)
    recipe = TunedOffsetClassifierCV(LR, ensemble=True, cv=4, random_state=0).fit(X, y)
    models = [recipe.estimator_, *recipe.fold_estimators_]
    assert len(models) == 5
    each = [recipe.calibration_.apply(m.predict_proba(X)) for m in models]
    assert_allclose(recipe.predict_proba(X), np.mean(each, axis=0))
    alone = TunedOffsetClassifierCV(LR, cv=4, random_state=0).fit(X, y)
    assert_allclose(alone.predict_proba(X), each[0])
    assert_allclose(alone.offsets_, recipe.offsets_)
    assert not hasattr(alone, "fold_estimators_")


def test_with_few_rows_balanced_accuracy_decides_at_the_class_shares(monkeypatch):
    X, y = rare(400, share=0.1)
    proba = GaussianNB().fit(X, y).predict_proba(X)
    score = DecisionScore("balanced_accuracy", np.array([0, 1]))
    monkeypatch.setattr(_offset_choice, "EXPECTED_ROWS", 1e12)  # no label counts
    chosen = choose_offsets(proba, y, np.arange(y.size) % 4, score)
    p = np.sort(chosen.calibration.apply(proba)[:, 1])
    threshold = 1 / (1 + np.exp(chosen.values[1]))
    # no row lies between this threshold and the share
    between = np.sort([threshold, y.mean()])
    assert np.subtract(*np.searchsorted(p, between)[::-1]) <= 2


# -- what it is compared with ------------------------------------------------------


def test_candidates_are_compared_on_the_same_rows():
    X, y = rare(500, share=0.15)
    found = compare_remedies(
        LR,
        recommended_candidates("f1", random_state=0),
        X,
        y,
        scoring="f1",
        cv=3,
        random_state=0,
    )
    names = {"class weights", "under-sampling", "SMOTE", "recipe", "nothing"}
    assert set(found.ranking_) == names
    assert isinstance(found.candidates_["recipe"].estimator, LogisticRegression)
    assert found.candidates_["recipe"].scoring == "f1"
    assert found.scores_["f1"]["recipe"].mean() > found.scores_["f1"]["nothing"].mean()
