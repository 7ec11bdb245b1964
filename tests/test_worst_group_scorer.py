"""The lowest score over groups: by hand, wherever scikit-learn takes a scorer."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import config_context
from sklearn.cluster import KMeans
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    log_loss,
    make_scorer,
    mean_absolute_error,
    roc_auc_score,
)
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, cross_validate
from sklearn.naive_bayes import GaussianNB

from skdataquality.compose import RemediedClassifier
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies, worst_group_scorer

N = 300
RNG = np.random.default_rng(0)
GROUPS = RNG.choice(list("nsw"), N, p=[0.5, 0.3, 0.2])
Y = RNG.integers(0, 2, N)
SPREAD = np.array([0.8, 1.6, 2.5])[np.searchsorted(list("nsw"), GROUPS)]
X = RNG.normal(size=(N, 3)) * SPREAD[:, None] + Y[:, None]
FRAME = pd.DataFrame(X, columns=list("abc"), index=RNG.permutation(N) + 7)
SERIES = pd.Series(GROUPS, index=FRAME.index)
CV = KFold(3, shuffle=True, random_state=0)
MODEL = GaussianNB().fit(X, Y)
ROUNDED = (FRAME / 4).round()
MODEL_OF_FRAME = GaussianNB().fit(ROUNDED, Y)
W = RNG.integers(0, 4, N).astype(float)
routing = config_context


def per_group(metric, groups=GROUPS, rows=slice(None)):
    found = {}
    for group in np.unique(groups[rows]).tolist():
        chosen = np.flatnonzero(groups[rows] == group)
        found[group] = metric(np.arange(N)[rows][chosen])
    return found


# -- the score -------------------------------------------------------------------------

BY_HAND = {
    "accuracy": lambda r: accuracy_score(Y[r], MODEL.predict(X[r])),
    "f1": lambda r: f1_score(Y[r], MODEL.predict(X[r])),
    "neg_log_loss": lambda r: -log_loss(Y[r], MODEL.predict_proba(X[r])),
    "roc_auc": lambda r: roc_auc_score(Y[r], MODEL.predict_proba(X[r])[:, 1]),
}


@pytest.mark.parametrize("scoring", BY_HAND)
def test_it_is_the_minimum_over_groups_of_the_metric(scoring):
    expected = per_group(BY_HAND[scoring])
    scorer = worst_group_scorer(scoring)
    assert scorer.by_group(MODEL, X, Y, groups=GROUPS) == pytest.approx(expected)
    assert scorer(MODEL, X, Y, groups=GROUPS) == pytest.approx(min(expected.values()))


def test_less_is_better_stays_so_with_its_sign():
    loss = make_scorer(mean_absolute_error, greater_is_better=False)
    model = LinearRegression().fit(X, X[:, 0] ** 2)
    worst = worst_group_scorer(loss)(model, X, X[:, 0] ** 2, groups=GROUPS)
    errors = np.abs(model.predict(X) - X[:, 0] ** 2)
    assert worst == pytest.approx(-max(errors[g == GROUPS].mean() for g in "nsw"))


def test_by_default_it_is_accuracy_or_r2():
    scorer = worst_group_scorer()
    expected = worst_group_scorer("accuracy")(MODEL, X, Y, groups=GROUPS)
    assert scorer(MODEL, X, Y, groups=GROUPS) == expected
    line = LinearRegression().fit(X, X[:, 0])
    assert scorer(line, X, X[:, 0], groups=GROUPS) == pytest.approx(1)
    with pytest.raises(ValueError, match="no classifier or regressor: name a metric"):
        scorer(KMeans(2).fit(X), X, Y, groups=GROUPS)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999), n_groups=st.integers(1, 8))
def test_one_group_is_the_metric_and_more_are_never_above_it(seed, n_groups):
    """The accuracy of all rows is a mean of those of groups."""
    groups = np.random.default_rng(seed).integers(0, n_groups, N)
    scorer = worst_group_scorer("accuracy", min_rows=1)
    by_group = scorer.by_group(MODEL, X, Y, groups=groups)
    whole = accuracy_score(Y, MODEL.predict(X))
    assert min(by_group.values()) <= whole + 1e-12
    finer = scorer(MODEL, X, Y, groups=np.c_[groups, GROUPS])
    assert n_groups > 1 or by_group == {0: pytest.approx(whole)}
    assert finer <= min(by_group.values()) + 1e-12


def test_a_weight_is_a_repetition():
    scorer = worst_group_scorer("f1")
    rows = np.repeat(np.arange(N), W.astype(int))
    repeated = scorer(MODEL, X[rows], Y[rows], groups=GROUPS[rows])
    assert scorer(MODEL, X, Y, sample_weight=W, groups=GROUPS) == pytest.approx(
        repeated
    )
    plain = make_scorer(lambda y, p: (y == p).mean())
    with pytest.raises(
        ValueError, match="got sample_weight, and its metric takes none"
    ):
        worst_group_scorer(plain)(MODEL, X, Y, sample_weight=W, groups=GROUPS)


def test_small_groups_and_those_of_one_class_are_left_out():
    groups = GROUPS.astype(object).copy()
    groups[:9] = None
    groups[np.flatnonzero(Y == 1)[20:40]] = "one class"
    scorer = worst_group_scorer("accuracy")
    assert scorer.by_group(MODEL, X, Y, groups=groups).keys() == set("nsw")
    few = worst_group_scorer("accuracy", min_rows=9)
    assert few.by_group(MODEL, X, Y, groups=groups).keys() == {*"nsw", "missing"}
    light = np.where(groups == "n", 0.0, 1.0)  # rows of weight 0 are none
    said = scorer.by_group(MODEL, X, Y, sample_weight=light, groups=groups)
    assert said.keys() == set("sw")
    with pytest.raises(ValueError, match="none of 300 group"):
        scorer(MODEL, X, Y, groups=np.arange(N))
    line = LinearRegression().fit(X, Y)  # numbers have no classes
    numbers = worst_group_scorer("neg_mean_squared_error")
    assert "one class" in numbers.by_group(line, X, Y, groups=groups)


def test_a_group_that_lacks_a_class_is_scored_on_the_others():
    y = np.where((GROUPS != "s") & (X[:, 0] > 1), 2, Y)
    model = GaussianNB().fit(X, y)
    in_s = GROUPS == "s"
    said = model.predict(X[in_s])
    assert (said == 2).any()
    recalls = [np.mean(said[y[in_s] == k] == k) for k in (0, 1)]
    found = worst_group_scorer("balanced_accuracy").by_group(model, X, y, groups=GROUPS)
    assert found["s"] == pytest.approx(np.mean(recalls))


def test_a_metric_of_other_labels_is_not_explained_by_missing_classes():
    words = np.array(["no", "yes"])[Y]
    model = GaussianNB().fit(X, words)
    with pytest.raises(ValueError, match="holds all classes: does the metric fit"):
        worst_group_scorer("f1")(model, X, words, groups=GROUPS)


def test_a_metric_that_misses_a_class_is_explained():
    y = np.where(GROUPS == "n", Y, Y + 1)
    model = GaussianNB().fit(X, y)
    with pytest.raises(ValueError, match="no score for the group n of .* class may be"):
        worst_group_scorer("neg_log_loss")(model, X, y, groups=GROUPS)


# -- where groups come from ------------------------------------------------------------

CODES = np.searchsorted(list("nsw"), GROUPS)
WITH = FRAME.assign(site=CODES, odd=np.arange(N) % 2)
SITE_MODEL = GaussianNB().fit(WITH, Y)


@pytest.mark.parametrize("kind", ["pandas", "polars", "array", "sparse"])
def test_groups_are_columns_of_the_table(kind):
    as_array = WITH.to_numpy()
    table, one, two = {
        "pandas": (WITH, "site", ["site", "odd"]),
        "polars": (pl.from_pandas(WITH), "site", ["site", "odd"]),
        "array": (as_array, 3, [3, 4]),
        "sparse": (sp.csr_array(as_array), 3, (3, 4)),
    }[kind]

    model = LogisticRegression().fit(table, Y)
    for groups, crossed in [(one, CODES), (two, np.c_[CODES, np.arange(N) % 2])]:
        by_column = worst_group_scorer("f1", groups=groups)(model, table, Y)
        by_hand = worst_group_scorer("f1")(model, table, Y, groups=crossed)
        assert by_column == by_hand


def test_groups_are_looked_up_by_the_index():
    rows = RNG.permutation(N)[:150]
    scorer = worst_group_scorer("f1", groups=SERIES)
    model = GaussianNB().fit(FRAME, Y)
    expected = worst_group_scorer("f1")(
        model, FRAME.iloc[rows], Y[rows], groups=GROUPS[rows]
    )
    assert scorer(model, FRAME.iloc[rows], Y[rows]) == expected
    both = worst_group_scorer("f1", groups=SERIES.to_frame("g").assign(odd=CODES % 2))
    assert both(model, FRAME, Y) <= scorer(model, FRAME, Y) + 0.05
    with pytest.raises(ValueError, match="X is a ndarray: pass X as a pandas"):
        scorer(MODEL, X, Y)
    with pytest.raises(ValueError, match="groups lacks 1 of 300 labels"):
        worst_group_scorer("f1", groups=SERIES.iloc[1:])(model, FRAME, Y)
    with pytest.raises(ValueError, match="index with repeats"):
        worst_group_scorer("f1", groups=SERIES.set_axis([0] * N))(model, FRAME, Y)


@pytest.mark.parametrize(
    ("given", "at_call", "message"),
    [
        (None, None, "got no groups: name a column of X"),
        ("sex", None, r"no column 'sex': its columns are a, b, c, site, odd"),
        ("site", GROUPS, "got groups as metadata, too"),
        (None, GROUPS[:-1], "groups has 299"),
        (None, "n", "groups='n' is a str"),
    ],
)
def test_groups_that_are_missing_or_wrong_are_named(given, at_call, message):
    with pytest.raises(ValueError, match=message):
        worst_group_scorer("f1", groups=given)(SITE_MODEL, WITH, Y, groups=at_call)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scoring": ["f1", "accuracy"]}, "several metrics: make a scorer of each"),
        ({"scoring": "f2"}, "'f2'"),
        ({"min_rows": 0}, "min_rows=0: pass a whole number"),
        ({"min_rows": 2.5}, "min_rows=2.5: pass a whole number"),
        ({"groups": []}, r"groups=\[\]: name a column"),
        ({"groups": ["a", "a"]}, "each once"),
        ({"groups": 1.5}, "groups=1.5: name a column"),
        ({"groups": GROUPS}, "groups=array.*: name a column"),
    ],
)
def test_wrong_arguments_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        worst_group_scorer(**options)


# -- where it is used ------------------------------------------------------------------


def folds(metric, groups=GROUPS, table=X):
    for train, test in CV.split(table):
        model = LogisticRegression().fit(X[train], Y[train])
        yield min(
            metric(Y[rows], model.predict(X[rows]))
            for rows in (test[groups[test] == g] for g in np.unique(groups))
        )


def test_cross_validate_routes_groups_to_it():
    expected = list(folds(f1_score))
    scorer = worst_group_scorer("f1")
    with routing(enable_metadata_routing=True):
        several = {"worst": scorer, "all": "f1"}
        found = cross_validate(
            LogisticRegression(),
            X,
            Y,
            scoring=several,
            cv=CV,
            params={"groups": GROUPS},
        )
        np.testing.assert_allclose(found["test_worst"], expected)
        assert (found["test_worst"] < found["test_all"]).all()
        named = worst_group_scorer("f1").set_score_request(groups="site")
        found = cross_validate(
            LogisticRegression(),
            X,
            Y,
            scoring=named,
            cv=GroupKFold(3),
            params={"groups": np.arange(N) // 2, "site": GROUPS},
        )
        assert np.isfinite(found["test_score"]).all()
        with pytest.raises(UnsetMetadataPassedError):
            cross_validate(
                LogisticRegression(),
                X,
                Y,
                scoring=scorer,
                cv=CV,
                params={"groups": GROUPS, "sample_weight": W},
            )
    with pytest.raises(TypeError, match=r"set_score_request got \['site'\]"):
        scorer.set_score_request(site=True)


@pytest.mark.parametrize("enabled", [False, True])
def test_a_column_needs_no_routing(enabled):
    scorer = worst_group_scorer("f1", groups=SERIES)
    with routing(enable_metadata_routing=enabled):
        found = cross_validate(LogisticRegression(), FRAME, Y, scoring=scorer, cv=CV)
    np.testing.assert_allclose(found["test_score"], list(folds(f1_score)))


def test_a_search_chooses_by_it():
    grid = {"remedy__strength": [0, 0.5, 1]}
    weigh_scores = worst_group_scorer("f1").set_score_request(sample_weight=True)
    with routing(enable_metadata_routing=True):
        model = RemediedClassifier(
            LogisticRegression().set_fit_request(sample_weight=True),
            ClassBalanceWeighter(by="both"),
        )
        model.set_fit_request(groups=True, sample_weight=True)
        search = GridSearchCV(model, grid, scoring=weigh_scores, cv=CV)
        search.fit(X, Y, groups=GROUPS, sample_weight=W)
        train, test = next(CV.split(X))
        model.fit(X[train], Y[train], groups=GROUPS[train], sample_weight=W[train])
    expected = weigh_scores(model, X[test], Y[test], W[test], GROUPS[test])
    assert search.cv_results_["split0_test_score"][-1] == expected
    assert search.best_score_ == search.cv_results_["mean_test_score"].max()


def test_remedies_are_compared_by_it():
    table = FRAME.assign(site=CODES)
    scorers = {
        "column": worst_group_scorer("f1", groups="site"),
        "index": worst_group_scorer("f1", groups=SERIES),
    }
    remedies = {"weigh": ClassBalanceWeighter()}
    found = compare_remedies(
        LogisticRegression(), remedies, table, Y, cv=CV, scoring=scorers
    )
    search = GridSearchCV(
        RemediedClassifier(LogisticRegression()),
        {"remedy": [None, ClassBalanceWeighter()]},
        cv=found.splits_,
        scoring=scorers["column"],
    ).fit(table, Y)
    for k, name in enumerate(["nothing", "weigh"]):
        same = [search.cv_results_[f"split{i}_test_score"][k] for i in range(3)]
        assert found.scores_["column"][name].tolist() == same
        assert found.scores_["index"][name].tolist() == same


def test_it_says_what_it_is_and_can_be_saved():
    scorer = worst_group_scorer("f1", groups=["a", "b"], min_rows=5)
    assert repr(scorer) == "worst_group_scorer('f1', groups=['a', 'b'], min_rows=5)"
    said = repr(worst_group_scorer(groups=SERIES))
    assert said == "worst_group_scorer(groups=Series of 300 rows)"
    loaded = pickle.loads(pickle.dumps(scorer))
    assert loaded(MODEL_OF_FRAME, ROUNDED, Y) == scorer(MODEL_OF_FRAME, ROUNDED, Y)
