"""Groups that are columns of X: weighted wherever X goes, and kept out of folds."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from imblearn.under_sampling import RandomUnderSampler
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit
from sklearn import config_context
from sklearn.base import BaseEstimator, clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold

from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.imbalance import SMOTE, ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies

LR = LogisticRegression()
FOREST = RandomForestClassifier(20, min_samples_leaf=5, random_state=0)
CV = KFold(3, shuffle=True, random_state=0)


def draw(n, seed=0):
    """Rows, groups among their columns, labels, and how probable the label 1 was."""
    rng = np.random.default_rng(seed)
    site, odd = rng.choice(3, n, p=[0.7, 0.2, 0.1]), rng.integers(0, 2, n)
    X = rng.normal(size=(n, 2))
    p = expit(-1.5 + X @ [1, -0.7] + 0.8 * site)
    frame = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "site": site, "odd": odd})
    return frame, (rng.random(n) < p).astype(int), p


X, Y, _ = draw(240)
SITE, TWO = X["site"].to_numpy(), X[["site", "odd"]].to_numpy()
ROWS_TOGETHER = np.arange(len(Y)) // 4


def weigh(groups, by="both", **options):
    return ClassBalanceWeighter(by=by, groups=groups, **options)


# -- the weights -----------------------------------------------------------------------


@pytest.mark.parametrize("by", ["group", "both"])
@pytest.mark.parametrize("kind", ["pandas", "polars", "array", "list", "sparse"])
def test_a_column_weighs_as_its_values_do(kind, by):
    table, one, two = {
        "pandas": (X, "site", ["site", "odd"]),
        "polars": (pl.from_pandas(X), "site", ("site", "odd")),
        "array": (X.to_numpy(), 2, [2, 3]),
        "list": (X.to_numpy().tolist(), np.int64(2), [2, 3]),
        "sparse": (sp.csr_array(X.to_numpy()), 2, (2, 3)),
    }[kind]
    for named, values in [(one, SITE), (two, TWO)]:
        of_columns = weigh(named, by).fit(table, Y)
        passed = ClassBalanceWeighter(by=by).fit(table, Y, groups=values)
        assert_array_equal(of_columns.sample_weight_, passed.sample_weight_)
        assert of_columns.cell_weight_ == passed.cell_weight_
        again = of_columns.predict_weight(table, Y)
        assert_array_equal(again, of_columns.sample_weight_)


def test_columns_of_text_with_missing_cells_are_groups():
    table = pd.DataFrame({"site": ["n", "n", None], "x": [0, 1, 2]})
    weight = weigh("site", "group").fit(table).cell_weight_
    assert weight == pytest.approx({"n": 0.75, "missing": 1.5})


@pytest.mark.parametrize(
    ("weighter", "given", "message"),
    [
        (weigh("sex"), {}, r"no column 'sex': its columns are a, b, site, odd"),
        (weigh(["site", 9]), {}, "no column 9"),
        (weigh("site"), {"groups": SITE}, "names columns of X, and groups were passed"),
        (weigh("site", "class"), {}, "by='class' weights rows by their label alone"),
        (weigh([]), {}, r"groups=\[\]: name a column"),
        (weigh(["site", "site"]), {}, "each once"),
        (weigh(["site", 1.5]), {}, "name a column"),
        (weigh(True), {}, "groups=True: name a column"),
        (weigh(X["site"]), {}, "'groups' parameter"),
        (weigh(None), {}, r"name columns of X, ClassBalanceWeighter\(groups='site'\)"),
    ],
)
def test_columns_that_are_missing_or_wrong_are_named(weighter, given, message):
    with pytest.raises(ValueError, match=message):
        weighter.fit(X, Y, **given)


def test_new_rows_need_the_column():
    fitted = weigh("site").fit(X, Y)
    with pytest.raises(ValueError, match="feature names"):
        fitted.predict_weight(X.drop(columns="site"), Y)
    with pytest.raises(ValueError, match="groups were passed, too"):
        fitted.predict_weight(X, Y, groups=SITE)
    with pytest.raises(ValueError, match=r"cell of class and group \[\(1, 7\)\]"):
        fitted.predict_weight(X.assign(site=7), np.ones_like(Y))
    with pytest.raises(ValueError, match="no column 'site': its columns are none"):
        weigh("site").fit(["some text"] * 4, [0, 1, 0, 1])


# -- wherever X goes -------------------------------------------------------------------


@pytest.mark.parametrize("first", [None, RandomUnderSampler(random_state=0)], ids=str)
def test_inside_wrappers_and_chains_they_follow_the_rows(first):
    of_columns = RemediedClassifier(LR, RemedyChain([first, weigh("site")])).fit(X, Y)
    passed = RemediedClassifier(LR, RemedyChain([first, weigh(None)]))
    passed.fit(X, Y, groups=SITE)
    assert_array_equal(of_columns.estimator_.coef_, passed.estimator_.coef_)
    assert_array_equal(of_columns.predict_proba(X), passed.predict_proba(X))


def test_rows_that_were_made_are_of_the_group_in_their_column():
    """Groups that are passed are unknown of rows mixed of several."""
    chain = RemedyChain([SMOTE(random_state=0), weigh("site", "group")])
    clf = RemediedClassifier(LR, chain, calibration=None)
    clf.fit(X, Y)
    assert (clf.lineage_.origin < 0).any()
    assert set(clf.remedy_.remedies_[1].cell_weight_) == {0, 1, 2}


def test_remedies_are_compared_with_and_without_groups_of_folds():
    for groups, cv in [(None, CV), (ROWS_TOGETHER, GroupKFold(3))]:
        found = compare_remedies(
            LR, {"site": weigh("site")}, X, Y, cv=cv, scoring="f1", groups=groups
        )
        for (train, test), score in zip(
            found.splits_, found.scores_["f1"]["site"], strict=True
        ):
            weight = weigh(None).fit(X.iloc[train], Y[train], groups=SITE[train])
            model = clone(LR).fit(X.iloc[train], Y[train], weight.sample_weight_)
            said = model.predict(X.iloc[test])
            hits = 2 * (said & Y[test]).sum() / (said.sum() + Y[test].sum())
            assert score == pytest.approx(hits)


def test_a_search_needs_no_routing():
    grid = {"remedy__strength": [0, 0.5, 1], "remedy__by": ["group", "both"]}
    options = {"cv": CV, "scoring": "neg_log_loss", "error_score": "raise"}
    search = GridSearchCV(RemediedClassifier(LR, weigh("site")), grid, **options)
    scores = search.fit(X, Y).cv_results_["mean_test_score"]
    with config_context(enable_metadata_routing=True):
        asking = RemediedClassifier(LR, weigh(None)).set_fit_request(groups=True)
        routed = GridSearchCV(asking, grid, **options).fit(X, Y, groups=SITE)
    assert_array_equal(scores, routed.cv_results_["mean_test_score"])
    assert np.unique(scores).size > 4


# -- folds of the calibration ----------------------------------------------------------


class SeesGroups(BaseEstimator):
    """A sampler that lists the groups of every call, and drops a row."""

    calls: list = []

    def fit_resample(self, X, y, *, groups=None):
        self.calls.append(groups)
        self.sample_indices_ = np.arange(1, len(y))
        return X[1:], y[1:]


@pytest.fixture
def calls():
    SeesGroups.calls.clear()
    return SeesGroups.calls


def are_whole(calls):
    return [set(np.unique(seen, return_counts=True)[1]) <= {3, 4} for seen in calls]


def test_groups_to_keep_together_may_be_passed_beside_columns(calls):
    chain = RemedyChain([SeesGroups(), weigh("site")])
    clf = RemediedClassifier(LR, chain).fit(X, Y, groups=ROWS_TOGETHER)
    assert clf.prior_correction_ == "calibrated"
    assert are_whole(calls) == [True] * 6  # the fit, and five folds


def test_groups_that_are_balanced_are_not_kept_together(calls):
    for remedy in (weigh(None), RemedyChain([None, RemedyChain([weigh(None)])])):
        passed = RemediedClassifier(LR, remedy).fit(X, Y, groups=SITE)
        of_columns = RemediedClassifier(LR, weigh("site")).fit(X, Y)
        assert passed.prior_correction_ == "calibrated"
        assert_array_equal(passed.predict_proba(X), of_columns.predict_proba(X))
    for by, parted in [("class", False), ("both", True)]:
        calls.clear()
        chain = RemedyChain([SeesGroups(), ClassBalanceWeighter(by=by)])
        RemediedClassifier(LR, chain).fit(X, Y, groups=ROWS_TOGETHER)
        assert all(are_whole(calls)) != parted


@pytest.mark.parametrize(
    "kind", [pd.DataFrame, pl.DataFrame, np.array, np.ndarray.tolist]
)
def test_columns_of_groups_are_no_clusters(kind, calls):
    clf = RemediedClassifier(LR, SeesGroups()).fit(X, Y, groups=kind(TWO))
    assert clf.prior_correction_ == "calibrated"
    alone = RemediedClassifier(LR, SeesGroups()).fit(X, Y)
    assert_array_equal(clf.predict_proba(X), alone.predict_proba(X))


def test_a_splitter_of_the_user_gets_the_groups():
    clf = RemediedClassifier(LR, weigh(None), calibration=GroupKFold(3))
    assert clf.fit(X, Y, groups=SITE).prior_correction_ == "calibrated"


@pytest.mark.parametrize("model", [LR, FOREST], ids=str)
@pytest.mark.parametrize("by", ["group", "both"])
@pytest.mark.parametrize("is_known", [True, False], ids=["in X", "not in X"])
def test_the_mean_probability_is_the_prevalence(model, by, is_known):
    """Weights of groups change more than the class prior, so arithmetic fails."""
    (rows, y, _), (new, _, p) = draw(2000), draw(3000, seed=1)
    seen = ["a", "b", "site"][: 2 + is_known]
    clf = RemediedClassifier(model, ClassBalanceWeighter(by=by))
    clf.fit(rows[seen], y, groups=rows["site"])
    assert clf.prior_correction_ == "calibrated"
    assert_allclose(clf.predict_proba(new[seen])[:, 1].mean(), p.mean(), rtol=0.1)
