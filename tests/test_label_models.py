"""Label models: closed forms, recovery, invariance, gold, warnings, bad input."""

import pickle
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from skdataquality.exceptions import (
    LookAlikeLabelsWarning,
    NotConvergedWarning,
    UnfitLabelModelWarning,
    UnknownSourceWarning,
    WorseThanChanceWarning,
)
from skdataquality.weak_supervision import (
    DawidSkene,
    LabelModel,
    LongVotes,
    MajorityVote,
    OneCoin,
    TripletModel,
    WeightedVote,
    annotator_lens,
    consensus,
    lf_summary,
)
from skdataquality.weak_supervision._label_models import _collapse, accuracy_intervals
from skdataquality.weak_supervision._votes import Votes

PROBA = np.array([[0.1, 0.9], [0.5, 0.5], [0.8, 0.2]])
MODELS = [
    MajorityVote(),
    WeightedVote(),
    DawidSkene(),
    OneCoin(),
    LabelModel(),
    TripletModel(),
]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)


def simulate(accuracies, n_rows=2000, coverage=1.0, n_classes=2, shift=0.0, seed=0):
    """Votes of sources with these accuracies; ``shift`` lets a row's err together."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(n_classes, size=n_rows)
    odds = np.log(np.array(accuracies) / (1 - np.array(accuracies)))
    odds = odds + shift * rng.normal(size=(n_rows, 1))
    right = rng.random(odds.shape) < 1 / (1 + np.exp(-odds))
    wrong = rng.integers(1, n_classes, size=odds.shape)
    votes = np.where(right, truth[:, None], (truth[:, None] + wrong) % n_classes)
    votes[rng.random(odds.shape) >= coverage] = -1
    return votes, truth


def global_state():
    return np.random.get_state()[1].copy()  # noqa: NPY002


# -- the contract that all share ------------------------------------------------------


@every_model
@pytest.mark.parametrize("is_sparse", [False, True])
def test_classes_of_text_name_numbers_in_new_votes_too(model, is_sparse):
    votes, _ = simulate([0.9, 0.85, 0.8, 0.7], n_rows=300, coverage=0.8)
    form = (lambda votes: sp.csr_array(votes + 1)) if is_sparse else np.asarray
    given = np.array(["ham", "spam"])  # 0 and 1
    numbers = clone(model).fit(votes)
    named = clone(model).set_params(classes=given).fit(form(votes))
    assert named.classes_.tolist() == ["ham", "spam"]
    sure = np.abs(numbers.predict_proba(votes)[:, 0] - 0.5) > 1e-9
    expected = given[numbers.predict(votes)]
    np.testing.assert_array_equal(named.predict(form(votes))[sure], expected[sure])


@every_model
def test_every_form_of_the_votes_gives_the_same_model(model):
    votes, _ = simulate([0.9, 0.8, 0.7, 0.6], 200, 0.7, 3)
    expected = clone(model).fit(votes).predict_proba(votes)
    names = ["a", "b", "c", "d"]
    frame = pd.DataFrame(votes, columns=names)
    for form in (
        votes.astype(np.int8),
        np.where(votes < 0, np.nan, votes),
        sp.csr_array(votes + 1),
        frame,
        pl.DataFrame(votes, schema=names),
    ):
        proba = clone(model).fit(form).predict_proba(form)
        np.testing.assert_allclose(proba, expected, atol=1e-12)
    row, source = np.nonzero(votes >= 0)
    lines = LongVotes(row, np.array(names)[source], votes[row, source])
    fitted = clone(model).fit(lines)
    covered = (votes >= 0).any(axis=1)
    np.testing.assert_allclose(
        fitted.predict_proba(lines), expected[covered], atol=1e-12
    )
    assert fitted.feature_names_in_.tolist() == names


@every_model
def test_text_labels_are_predicted(model):
    votes, truth = simulate([0.9, 0.9, 0.8], 300)
    said = np.array(["no", "yes"])[votes]
    fitted = clone(model).fit(said)
    assert fitted.classes_.tolist() == ["no", "yes"]
    codes = clone(model).fit(votes).predict(votes)
    assert fitted.predict(said).tolist() == fitted.classes_[codes].tolist()
    assert fitted.score(said, np.array(["no", "yes"])[truth]) > 0.8


@every_model
def test_the_order_of_rows_and_sources_changes_nothing(model):
    votes, _ = simulate([0.9, 0.8, 0.7, 0.65, 0.6], 400, 0.6, 3, shift=0.5)
    rows, sources = np.random.default_rng(1).permutation(400), [3, 0, 4, 1, 2]
    first = clone(model).fit(votes)
    second = clone(model).fit(votes[rows][:, sources])
    np.testing.assert_allclose(
        second.predict_proba(votes[rows][:, sources]),
        first.predict_proba(votes)[rows],
        atol=1e-9,
    )
    np.testing.assert_allclose(second.confusion_, first.confusion_[sources], atol=1e-9)
    np.testing.assert_array_equal(
        second.predict(votes[rows][:, sources]), first.predict(votes)[rows]
    )


@every_model
@pytest.mark.parametrize("n_rows", [60, 2500], ids=["as_is", "collapsed"])
def test_names_of_classes_and_order_of_rows_change_nothing(model, n_rows):
    votes, truth = simulate([0.8, 0.75, 0.7, 0.6], n_rows, coverage=0.6, n_classes=3)
    rng = np.random.default_rng(5)
    gold = np.where(rng.random(n_rows) < 0.2, truth, -1)
    rows, sources, renamed = (rng.permutation(k) for k in (n_rows, 4, 3))
    other, known = np.append(renamed, -1)[votes], np.append(renamed, -1)[gold]
    first = clone(model).fit(votes, gold)
    second = clone(model).fit(other[rows][:, sources], known[rows])
    proba = second.predict_proba(other[:, sources])[:, renamed]
    np.testing.assert_allclose(proba, first.predict_proba(votes), atol=1e-9)
    np.testing.assert_allclose(
        second.accuracies_, first.accuracies_[sources], atol=1e-9
    )


@every_model
def test_a_model_of_no_vote_believes_every_class_alike(model):
    silent = np.full((5, 3), -1)
    fitted = clone(model).set_params(classes=["a", "b"]).fit(silent)
    np.testing.assert_allclose(fitted.predict_proba(silent), 0.5)
    assert np.isfinite(fitted.log_likelihood_)
    assert fitted.converged_


@every_model
def test_results_have_the_stated_shapes_and_sums(model):
    votes, _ = simulate([0.9, 0.8, 0.7], 100, 0.8, 3)
    fitted = clone(model).fit(votes)
    assert fitted.confusion_.shape == (3, 3, 3)
    np.testing.assert_allclose(fitted.confusion_.sum(axis=2), 1)
    np.testing.assert_allclose(fitted.class_prior_.sum(), 1)
    np.testing.assert_allclose(fitted.predict_proba(votes).sum(axis=1), 1)
    low, high = fitted.accuracies_interval_.T
    assert ((low >= 0) & (low <= high) & (high <= 1)).all()
    assert np.isfinite(fitted.log_likelihood_)
    assert fitted.log_likelihood_ < 0
    assert fitted.converged_


@every_model
def test_better_sources_are_found_to_be_better(model):
    votes, truth = simulate([0.95, 0.85, 0.7, 0.7], 3000)
    fitted = clone(model).fit(votes)
    first, second, third, fourth = fitted.accuracies_
    assert first > second > max(third, fourth)
    assert fitted.score(votes, truth) > 0.85


@every_model
def test_rows_without_votes_have_the_prior(model):
    votes, _ = simulate([0.9, 0.8, 0.8], 300)
    votes[votes[:, 0] == 0, 1] = 0  # class 0 has more votes
    fitted = clone(model).fit(votes)
    empty = np.full((1, 3), -1)
    np.testing.assert_allclose(
        fitted.predict_proba(empty), fitted.class_prior_[None], atol=1e-12
    )
    assert fitted.predict(empty)[0] == fitted.class_prior_.argmax()


@every_model
def test_uncovered_rows_do_not_change_the_model(model):
    votes, _ = simulate([0.9, 0.8, 0.7], 300, 0.8)
    more = np.vstack([votes, np.full((100, 3), -1)])
    first, second = clone(model).fit(votes), clone(model).fit(more)
    np.testing.assert_allclose(first.class_prior_, second.class_prior_)
    np.testing.assert_allclose(first.confusion_, second.confusion_)
    np.testing.assert_allclose(first.log_likelihood_, second.log_likelihood_)


@every_model
def test_one_source_two_sources_and_a_silent_one_work(model):
    votes, _ = simulate([0.8, 0.8], 100)
    for few in (votes[:, :1], votes, np.column_stack([votes, np.full(100, -1)])):
        fitted = clone(model).fit(few)
        assert np.isfinite(fitted.predict_proba(few)).all()
        assert fitted.score(few, votes[:, 0]) > 0.5
    assert np.isnan(fitted.accuracies_[2])
    assert fitted.accuracies_interval_[2].tolist() == [0, 1]


@every_model
def test_one_class_is_certain(model):
    fitted = clone(model).fit([["a", "a"], ["a", None], [None, None]])
    assert fitted.predict_proba([["a", None], [None, None]]).tolist() == [[1], [1]]


@pytest.mark.parametrize("prior", [[0.5, 0.5, 1], [1, 0], [1, np.nan], [np.inf, 1]])
def test_a_prior_that_is_none_is_refused(prior):
    with pytest.raises(ValueError, match="2 positive shares, .* classes"):
        DawidSkene(class_prior=prior).fit([[0, 1], [1, 1]])


@every_model
def test_two_thousand_sources_give_no_nan(model):
    votes, truth = simulate(np.full(2000, 0.6), 30)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotConvergedWarning)
        warnings.simplefilter("ignore", UnfitLabelModelWarning)
        fitted = clone(model).fit(votes)
    assert np.isfinite(fitted.predict_proba(votes)).all()
    assert np.isfinite(fitted.log_likelihood_)
    assert fitted.score(votes, truth) == 1


@pytest.mark.parametrize(
    ("n_sources", "rare", "right"), [(5, 0.2, 0.8), (15, 0.35, 0.8), (5, 0.05, 0.8)]
)
def test_sources_of_several_classes_do_not_favour_the_rare_one(n_sources, rare, right):
    """The prior of their votes is an accuracy, so that Bayes' rule keeps the shares."""
    rng = np.random.default_rng(0)
    truth = (rng.random(1000) < rare).astype(int)
    is_right = rng.random((1000, n_sources)) < right
    votes = np.where(is_right, truth[:, None], 1 - truth[:, None])
    fitted = LabelModel().fit(votes)
    by_most = MajorityVote().fit(votes).score(votes, truth)
    assert fitted.score(votes, truth) >= by_most - 0.005
    assert fitted.class_prior_[1] < rare + 0.12


@every_model
def test_a_unanimous_row_keeps_its_label_where_no_source_is_bad(model):
    votes, _ = simulate([0.9, 0.85, 0.8], 500)
    fitted = clone(model).fit(votes)
    same = np.array([[0, 0, 0], [1, 1, 1]])
    assert fitted.predict(same).tolist() == [0, 1]


@every_model
def test_fitting_and_predicting_is_repeatable_and_changes_nothing(model):
    votes, truth = simulate([0.9, 0.8, 0.7], 200, 0.8)
    before, state = votes.copy(), global_state()
    first = clone(model).fit(votes, np.where(np.arange(200) < 20, truth, -1))
    second = clone(model).fit(votes, np.where(np.arange(200) < 20, truth, -1))
    np.testing.assert_array_equal(
        first.predict_proba(votes), second.predict_proba(votes)
    )
    np.testing.assert_array_equal(votes, before)
    np.testing.assert_array_equal(global_state(), state)
    again = pickle.loads(pickle.dumps(first))
    np.testing.assert_array_equal(
        again.predict_proba(votes), first.predict_proba(votes)
    )


def test_label_models_are_searched_over():
    votes, truth = simulate([0.95, 0.6, 0.6, 0.6, 0.6], 400)
    search = GridSearchCV(
        Pipeline([("votes", MajorityVote())]), {"votes": MODELS}, cv=3
    ).fit(votes, truth)
    assert not isinstance(search.best_estimator_["votes"], MajorityVote)
    strength = GridSearchCV(DawidSkene(), {"strength": [1, 10]}, cv=3)
    assert strength.fit(pd.DataFrame(votes), truth).best_score_ > 0.9


@every_model
def test_sources_without_a_row_in_common_are_believed(model):
    votes = np.full((40, 2), -1)
    votes[:20, 0], votes[20:, 1] = np.arange(20) % 2, np.arange(20) % 2
    fitted = clone(model).fit(votes)
    assert fitted.predict(votes).tolist() == votes.max(axis=1).tolist()


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("model", [DawidSkene(), OneCoin(), LabelModel()])
def test_no_row_on_which_all_agree_is_flipped_in_silence(model, seed):
    rng = np.random.default_rng(seed)
    votes, _ = simulate(rng.uniform(0.2, 0.95, 5), 100, 0.4, shift=1.0, seed=seed)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        said = clone(model).fit(votes).predict(votes)
    several = (np.where(votes < 0, 9, votes).min(axis=1) == votes.max(axis=1)) & (
        votes >= 0
    ).any(axis=1)
    flipped = (several & (said != votes.max(axis=1))).sum()
    words = [str(w.message) for w in caught if "though all" in str(w.message)]
    assert [text.split()[0] for text in words] == ([str(flipped)] if flipped else [])


# -- new rows -------------------------------------------------------------------------


def test_sources_are_matched_by_name_on_new_rows():
    votes, _ = simulate([0.95, 0.7, 0.6], 500)
    frame = pd.DataFrame(votes, columns=["x", "y", "z"])
    model = DawidSkene().fit(frame)
    expected = model.predict_proba(frame)
    mixed = frame[["z", "x", "y"]].assign(new=1)
    with pytest.warns(UnknownSourceWarning, match="1 source.*new"):
        np.testing.assert_array_equal(model.predict_proba(mixed), expected)
    fewer = votes.copy()
    fewer[:, 1:] = -1
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        alone = model.predict_proba(fewer)
    np.testing.assert_array_equal(model.predict_proba(frame[["x"]]), alone)


def test_other_numbers_of_sources_and_unknown_labels_are_refused():
    votes, truth = simulate([0.9, 0.8, 0.7], 50)
    model = DawidSkene().fit(votes)
    with pytest.raises(ValueError, match="X has 2 features, but DawidSkene is expec"):
        model.predict(votes[:, :2])
    with pytest.raises(ValueError, match=r"label\(s\) \[7\]"):
        model.predict([[7, 0, 0]])
    with pytest.raises(ValueError, match="votes has 50 rows, y has 49"):
        DawidSkene().fit(votes, truth[:-1])
    with pytest.raises(ValueError, match="y holds labels such as 'a'"):
        DawidSkene().fit(votes, ["a"] * 50)
    with pytest.raises(ValueError, match="every cell abstains"):
        DawidSkene().fit(np.full((5, 2), -1))
    with pytest.raises(ValueError, match="y holds no label"):
        model.score(votes, np.full(50, -1))


def test_ambiguous_signs_are_classes_or_abstentions_as_told():
    votes, _ = simulate([0.9, 0.8, 0.7], 50)
    signs = 2 * votes - 1
    with pytest.raises(ValueError, match="missing_label=None"):
        DawidSkene().fit(signs)
    model = DawidSkene(missing_label=None).fit(signs)
    assert model.classes_.tolist() == [-1, 1]
    assert model.predict(signs[:3]).tolist() == model.predict(signs)[:3].tolist()


# -- gold -----------------------------------------------------------------------------


def test_gold_tells_an_error_that_sources_share_from_the_truth():
    rng = np.random.default_rng(0)
    truth = rng.integers(2, size=1000)
    shared = np.where(rng.random(1000) < 0.4, 1 - truth, truth)
    good = np.where(rng.random(1000) < 0.1, 1 - truth, truth)
    votes = np.column_stack([shared, shared, good])
    gold = np.where(np.arange(1000) < 200, truth, -1)
    for model in (DawidSkene(), OneCoin(), LabelModel(strength=0.5)):
        alone = clone(model).fit(votes)
        helped = clone(model).fit(votes, gold)
        assert alone.accuracies_[0] > alone.accuracies_[2]
        error = [abs(m.accuracies_[2] - 0.9) for m in (alone, helped)]
        assert error[1] < error[0]


def test_gold_adds_its_classes_and_accepts_any_missing_value():
    votes = [["a", "b"], ["a", "a"], [None, None]]
    model = DawidSkene().fit(votes, [None, "c", float("nan")])
    assert model.classes_.tolist() == ["a", "b", "c"]
    with pytest.raises(ValueError, match="'c'"):
        DawidSkene(classes=["a", "b"]).fit(votes, [None, "c", None])


def test_gold_of_two_columns_is_refused_in_words():
    with pytest.raises(ValueError, match="y has shape .3, 2.: pass one true label"):
        DawidSkene().fit([[0, 1], [1, 1], [0, 0]], np.zeros((3, 2), dtype=int))


def test_gold_of_every_row_gives_the_counts():
    votes, truth = simulate([0.9, 0.7], 500)
    model = DawidSkene(strength=0, smoothing=0, dependence=0).fit(votes, truth)
    counts = np.zeros((2, 2, 2))
    for j in range(2):
        np.add.at(counts[j], (truth, votes[:, j]), 1)
    np.testing.assert_allclose(
        model.confusion_, counts / counts.sum(axis=2, keepdims=True), atol=1e-9
    )
    np.testing.assert_allclose(model.accuracies_, (votes == truth[:, None]).mean(0))


# -- each model -----------------------------------------------------------------------


def test_dawid_skene_recovers_confusions_and_bayes_rule_holds():
    rng = np.random.default_rng(0)
    truth = rng.choice(3, size=20000, p=[0.5, 0.3, 0.2])
    tables = rng.dirichlet([1, 1, 1], size=(5, 3)) * 0.4 + 0.6 * np.eye(3)
    draws = rng.random((20000, 5, 1))
    votes = (draws > tables[np.arange(5), truth[:, None]].cumsum(axis=2)).sum(axis=2)
    model = DawidSkene(dependence=0, class_prior="learned").fit(votes)
    np.testing.assert_allclose(model.confusion_, tables, atol=0.03)
    np.testing.assert_allclose(model.class_prior_, [0.5, 0.3, 0.2], atol=0.02)
    likelihood = model.class_prior_ * np.prod(
        model.confusion_[np.arange(5), :, votes[:50]], axis=1
    )
    np.testing.assert_allclose(
        model.predict_proba(votes[:50]),
        likelihood / likelihood.sum(axis=1, keepdims=True),
    )


def test_dependence_is_none_where_errors_are_independent():
    votes, _ = simulate(np.full(8, 0.75), 3000)
    assert DawidSkene().fit(votes).dependence_ < 0.01
    together, _ = simulate(np.full(8, 0.75), 3000, shift=1.0)
    assert DawidSkene().fit(together).dependence_ > 0.05


def test_dependence_makes_posteriors_of_many_votes_less_sure():
    votes, _ = simulate(np.full(8, 0.75), 500)
    plain = DawidSkene(dependence=0, class_prior="uniform").fit(votes)
    less = DawidSkene(dependence=0.2, class_prior="uniform").fit(votes)
    odds = [np.log(m.predict_proba(votes)) @ [-1, 1] for m in (plain, less)]
    np.testing.assert_allclose(odds[1], odds[0] / (1 + 0.2 * 7))


def test_rows_that_are_alike_are_fitted_as_one(monkeypatch):
    votes, truth = simulate([0.9, 0.8, 0.7, 0.6], 1500, 0.8)
    gold = np.where(np.arange(1500) < 100, truth, -1)
    one = DawidSkene().fit(votes, gold)
    monkeypatch.setattr(_collapse, "_FEW_ROWS", 10**6)
    each = DawidSkene().fit(votes, gold)
    assert one.n_iter_ == each.n_iter_
    np.testing.assert_allclose(one.confusion_, each.confusion_, atol=1e-9)
    np.testing.assert_allclose(one.log_likelihood_, each.log_likelihood_)
    np.testing.assert_allclose(one.dependence_, each.dependence_, atol=1e-6)


def test_one_coin_recovers_accuracies():
    accuracies = [0.95, 0.85, 0.75, 0.6]
    votes, _ = simulate(accuracies, 20000, 0.7, 4)
    model = OneCoin().fit(votes)
    found = np.diagonal(model.confusion_, axis1=1, axis2=2)
    np.testing.assert_allclose(
        found, np.repeat(np.array(accuracies)[:, None], 4, 1), atol=0.02
    )


def test_label_model_is_bayes_rule_on_precisions():
    votes, _ = simulate([0.9, 0.8, 0.7], 300, 0.6)
    model = LabelModel().fit(votes)
    prior, row = model.class_prior_, np.array([[1, -1, 0]])
    expected = prior * model.precision_[0, 1] / prior * model.precision_[2, 0] / prior
    np.testing.assert_allclose(
        model.predict_proba(row)[0], expected / expected.sum(), rtol=1e-6
    )
    said = model.confusion_[0] * prior[:, None]
    np.testing.assert_allclose(
        (said / said.sum(axis=0)).T, model.precision_[0], atol=0.05
    )


def test_label_model_does_not_collapse_on_one_sided_functions():
    rng = np.random.default_rng(0)
    truth = (rng.random(3000) < 0.3).astype(int)
    says = np.array([0, 0, 0, 1, 1, 1])
    precise = np.where(truth[:, None] == says, 0.3, [0.05, 0.03, 0.1, 0.05, 0.02, 0.1])
    votes = np.where(rng.random((3000, 6)) < precise, says, -1)
    covered = (votes >= 0).any(axis=1)
    gold = np.where(covered, truth, -1)
    label_model = LabelModel().fit(votes).score(votes, gold)
    assert label_model > 0.8
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert label_model > DawidSkene().fit(votes).score(votes, gold) + 0.05


def test_triplets_give_the_accuracies():
    accuracies = [0.95, 0.85, 0.75, 0.65]
    votes, _ = simulate(accuracies, 40000, 0.8)
    found = TripletModel().fit(votes).confusion_[:, 0, 0]
    np.testing.assert_allclose(found, accuracies, atol=0.02)
    few, _ = simulate(accuracies, 3000, 0.6)
    spread = np.full((3000, 60), -1)  # fewer than a twentieth of the cells
    spread[:, :4] = few
    np.testing.assert_allclose(
        TripletModel().fit(spread).confusion_[:4],
        TripletModel().fit(few).confusion_,
        atol=1e-12,
    )
    with pytest.raises(ValueError, match='class_prior="learned" needs iterations'):
        TripletModel(class_prior="learned").fit(votes)


def test_votes_with_known_accuracies_are_bayes_rule():
    accuracies = np.array([0.9, 0.6, 0.7])
    model = WeightedVote(accuracies=accuracies).fit([[0, 1, 2], [1, 1, 0]])
    spread = (1 - accuracies) / 2
    likelihood = [accuracies[0] * spread[1] * spread[2]]
    likelihood += [spread[0] * accuracies[1] * spread[2]]
    likelihood += [spread[0] * spread[1] * accuracies[2]]
    np.testing.assert_allclose(
        model.predict_proba([[0, 1, 2]])[0], np.array(likelihood) / sum(likelihood)
    )


def test_agreement_weights_are_shares_of_majority_labels():
    votes = [[0, 0, 1], [1, 1, 1], [0, 0, 0], [1, 1, 0]]
    assert WeightedVote().fit(votes).weights_.tolist() == [1, 1, 0.5]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weights": [1, 2]}, "one finite number for each of the 3 sources"),
        ({"weights": [1, -1, 1]}, "0 or more"),
        ({"accuracies": [0.5, 0.5, 1.0]}, "no source is always right"),
        ({"accuracies": ["a", "b", "c"]}, "accuracies=.* must be a list of numbers"),
        ({"weights": [[1], [2, 3]]}, "weights=.* must be a list of numbers"),
    ],
)
def test_bad_weights_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        WeightedVote(**options).fit([[0, 1, 1]])


def test_ties_are_settled_as_told():
    votes = [["b", "b"], ["b", "b"], ["a", "b"], [None, None]]

    def predicted(**options):
        return MajorityVote(**options).fit(votes).predict(votes[2:]).tolist()

    assert predicted() == ["b", "b"]
    assert predicted(tie="first") == ["a", "b"]  # without a vote: the prior
    assert predicted(tie="abstain") == [None, None]
    drawn = [predicted(tie="random", random_state=s)[0] for s in range(20)]
    assert set(drawn) == {"a", "b"}
    numbers = [[1, 1], [0, 1]]
    assert MajorityVote(tie="abstain").fit(numbers).predict(numbers).tolist() == [1, -1]


# -- warnings -------------------------------------------------------------------------


def test_ties_drawn_without_a_seed_leave_the_global_state_alone():
    before = global_state()
    MajorityVote(tie="random").fit([[0, 1]]).predict([[0, 1]] * 700)
    np.testing.assert_array_equal(before, global_state())


@every_model
def test_labels_that_look_alike_are_named(model):
    votes, _ = simulate([0.9, 0.85, 0.8], 300)
    with pytest.warns(LookAlikeLabelsWarning, match="'Spam ', 'spam'"):
        clone(model).fit(np.array(["spam", "Spam "])[votes])


def one_sided(n_rows=1000, n_functions=5, accuracy=0.8):
    """Votes of functions of which each says one class only, and the truth."""
    rng = np.random.default_rng(1)
    truth = rng.choice(2, n_rows, p=[0.6, 0.4])
    says = np.arange(2 * n_functions) % 2
    right = says == truth[:, None]
    fires = rng.random(right.shape) < np.where(right, 0.2, 0.2 * (1 - accuracy))
    return np.where(fires, says, -1), truth


@pytest.mark.filterwarnings("ignore::skdataquality.exceptions.NotConvergedWarning")
def test_a_model_made_for_other_votes_warns_and_names_the_right_one():
    votes, truth = one_sided()
    with pytest.warns(UnfitLabelModelWarning, match="DawidSkene .* try LabelModel"):
        collapsed = DawidSkene().fit(votes)
    fitted, covered = LabelModel().fit(votes), (votes >= 0).any(axis=1)  # is silent
    assert fitted.score(votes[covered], truth[covered]) > 0.8
    assert collapsed.score(votes[covered], truth[covered]) < 0.7
    everyone, truth = simulate(np.full(40, 0.6), 100)
    assert LabelModel().fit(everyone).score(everyone, truth) > 0.85  # is silent
    assert DawidSkene().fit(everyone).score(everyone, truth) > 0.85  # is silent


def test_a_source_worse_than_chance_is_named_and_so_is_the_row_it_flips():
    votes, _ = simulate([0.95, 0.95, 0.95, 0.05], 2000, 0.7)
    frame = pd.DataFrame(votes, columns=["ann", "bob", "eve", "liar"])
    with pytest.warns(WorseThanChanceWarning, match="1 source.*against.*: liar"):
        model = DawidSkene().fit(frame)
    alone = frame.iloc[:1].assign(ann=-1, bob=-1, eve=-1, liar=1)
    with pytest.warns(WorseThanChanceWarning, match="1 row.* worse than chance: liar"):
        assert model.predict(alone).tolist() == [0]


def test_a_prior_that_outweighs_a_lone_vote_is_named_as_such():
    truth = (np.random.default_rng(0).random(2000) < 0.03).astype(int)
    votes, _ = simulate([0.8, 0.8, 0.8], 2000)
    right = np.random.default_rng(1).random((2000, 3)) < 0.8
    votes = np.where(right, truth[:, None], 1 - truth[:, None])
    model = DawidSkene(class_prior=[0.97, 0.03], dependence=0).fit(votes)
    with pytest.warns(WorseThanChanceWarning, match="prior.* outweighs the votes of 0"):
        assert model.predict([[1, -1, -1]]).tolist() == [0]


def test_too_few_iterations_are_said():
    votes, _ = simulate([0.8, 0.7, 0.6], 300)
    with pytest.warns(NotConvergedWarning, match="in 1 iterations: raise max_iter"):
        model = DawidSkene(max_iter=1).fit(votes)
    assert not model.converged_
    assert model.n_iter_ == 1


# -- intervals ------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_intervals_cover_the_accuracy_against_the_truth(shift):
    hits = []
    for seed in range(5):
        accuracies = np.random.default_rng(seed).uniform(0.55, 0.95, 30)
        votes, truth = simulate(accuracies, 600, 0.2, shift=shift, seed=seed)
        model = DawidSkene().fit(votes)
        right = np.where(votes < 0, np.nan, votes == truth[:, None])
        low, high = model.accuracies_interval_.T
        accuracy = np.nanmean(right, axis=0)
        hits.append((low <= accuracy) & (accuracy <= high))
    assert np.mean(hits) >= 0.9


def test_more_doubt_never_makes_an_interval_narrower():
    rows, voters = np.divmod(np.arange(600), 3)
    says = np.zeros(600, dtype=int)
    classes, sources = np.arange(2), np.arange(3)
    lower = []
    for doubted in (0, 20, 50, 100, 150, 199):  # rows on which the third is overruled
        code = np.where((voters == 2) & (rows < doubted), 1, says)
        votes = Votes(rows, voters, code, 200, sources, classes)
        posterior = np.tile([1.0, 0.0], (200, 1))
        lower.append(accuracy_intervals(votes, posterior)[0, 0])
    assert (np.diff(lower) <= 1e-9).all()
    assert lower[-1] < 0.96


def test_nothing_is_known_of_a_source_that_meets_no_other():
    votes, truth = simulate([0.9, 0.8, 0.7, 0.6], 200)
    votes[:50, :3], votes[50:, 3] = -1, -1
    model = DawidSkene().fit(votes)
    assert (model.accuracies_interval_[:3, 0] > 0.5).all()
    assert model.accuracies_interval_[3].tolist() == [0, 1]
    model.fit(votes, np.where(np.arange(200) < 50, truth, -1))
    assert model.accuracies_interval_[3, 0] > 0.4
    assert DawidSkene().fit(votes[:, :1]).accuracies_interval_.tolist() == [[0, 1]]


def test_intervals_are_narrow_where_the_truth_is_known():
    votes, truth = simulate([0.8, 0.7], 1000)
    low, high = DawidSkene().fit(votes, truth).accuracies_interval_.T
    assert (high - low < 0.2).all()


# -- as a parameter of something else -------------------------------------------------


@pytest.mark.parametrize("take", [consensus, annotator_lens, lf_summary])
@pytest.mark.parametrize(
    ("model", "message"),
    [
        (LogisticRegression(), "is no label model: pass one of weak_supervision"),
        (DawidSkene, "is no label model"),
        (DawidSkene(classes=[0, 1, 2]), "leave classes out of the label model"),
    ],
    ids=["classifier", "class", "more_classes"],
)
def test_what_cannot_judge_the_votes_is_refused(take, model, message):
    votes, _ = simulate([0.9, 0.8, 0.8], n_rows=60)
    with pytest.raises(ValueError, match=message):
        take(votes, label_model=model)
    take(votes, label_model=DawidSkene(classes=[1, 0]))


def test_a_label_model_and_a_classifier_agree_on_rows_without_any_vote():
    found = consensus(np.full((3, 2), -1), PROBA, DawidSkene(), classes=["a", "b"])
    np.testing.assert_allclose(found.posterior, PROBA)
    assert found.needs_vote.all()
