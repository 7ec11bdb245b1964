"""A chain of remedies: steps by name, a sampler among imbalanced-learn's, a diagram."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import make_pipeline
from imblearn.under_sampling import RandomUnderSampler
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_html_repr

from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter


def data(n=60):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 3))
    X[-6:] = X[:6]
    y = np.where(np.arange(n) % 3 == 0, "rare", "usual")
    y[-6:] = y[:6]
    return X, y


def test_a_step_has_its_own_name_or_that_of_its_class():
    given = [Deduplicator(), None, ("weigh", ClassBalanceWeighter()), Deduplicator()]
    names = [name for name, _ in RemedyChain(given).steps]
    assert names == ["deduplicator-1", "nothing", "weigh", "deduplicator-2"]


def test_parameters_of_steps_are_set_and_searched_by_name():
    chain = RemedyChain([Deduplicator(), ClassBalanceWeighter()])
    assert chain.get_params()["deduplicator__near"] is False
    chain.set_params(deduplicator__near=True, classbalanceweighter=None)
    assert chain.remedies[0][1].near
    assert [name for name, _ in chain.steps] == ["deduplicator", "classbalanceweighter"]
    assert chain.steps[1][1] is None
    chain.set_params(remedies=[Deduplicator()], deduplicator__min_samples_per_class=3)
    assert chain.steps[0][1].min_samples_per_class == 3
    with pytest.raises(ValueError, match="Invalid parameter 'pruner'"):
        chain.set_params(pruner__near=True)
    search = GridSearchCV(
        RemediedClassifier(LogisticRegression(), RemedyChain([Deduplicator()])),
        {
            "remedy__deduplicator": [None, Deduplicator(on_conflict="drop")],
            "remedy__deduplicator__min_samples_per_class": [1],
        },
    )
    search.param_grid = [search.param_grid | {"remedy__deduplicator": [Deduplicator()]}]
    assert search.fit(*data()).best_estimator_.predict(data()[0]).shape == (60,)


def test_a_clone_is_a_chain_of_clones():
    chain = RemedyChain([("twins", Deduplicator(near=True)), None])
    again = clone(chain)
    assert repr(again) == repr(chain)
    assert again.steps[0][1] is not chain.steps[0][1]
    assert again.steps[0][0] == "twins"


@pytest.mark.parametrize("names", [("a", "a"), ("a__b", "c"), ("remedies", "b")])
def test_names_that_say_nothing_are_refused(names):
    chain = RemedyChain([(name, Deduplicator()) for name in names])
    with pytest.raises(ValueError, match=r"remedies holds the name.*another name"):
        chain.fit(*data())


@pytest.mark.parametrize("remedies", ["ab", None, 3, ["x"], [("x", "y")]])
def test_what_is_no_list_of_remedies_is_refused_and_has_a_repr(remedies):
    chain = RemedyChain(remedies)
    assert repr(chain).startswith("RemedyChain(")
    with pytest.raises(ValueError, match=r"'remedies' parameter|remedies\[0\]"):
        chain.fit(*data())


def test_a_diagram_shows_the_steps():
    chain = RemedyChain([Deduplicator(), None, ("weigh", ClassBalanceWeighter())])
    wrapped = RemediedClassifier(LogisticRegression(), chain)
    for shown in (estimator_html_repr(chain), estimator_html_repr(wrapped)):
        for step in ("Deduplicator", "None", "ClassBalanceWeighter"):
            assert f"<div>{step}</div>" in shown
    assert "LogisticRegression" in estimator_html_repr(wrapped)
    assert "RemedyChain" in estimator_html_repr(RemedyChain([]))


SELECTING = [Deduplicator(), RandomUnderSampler(random_state=0)]
MAKING = [Deduplicator(), SMOTE(random_state=0)]


@pytest.mark.parametrize("remedies", [SELECTING, MAKING])
@pytest.mark.parametrize("one_hot", [False, True])
def test_containers_come_back_as_they_went_in(remedies, one_hot):
    X, y = data()
    expected_X, expected_y = RemedyChain(remedies).fit_resample(X, y)
    index = np.arange(60)[::-1]
    frame = pd.DataFrame(X, columns=[*"abc"], index=index)
    for given_X, given_y in (
        (frame, pd.Series(y, index=index)),
        (pl.DataFrame(X, schema=[*"abc"]), pl.Series(y)),
        (X, y.tolist()),
    ):
        got_X, got_y = RemedyChain(remedies).fit_resample(given_X, given_y)
        assert type(got_X) is type(given_X)
        assert type(got_y) is type(given_y)
        assert_array_equal(np.asarray(got_X), expected_X)
        assert_array_equal(np.asarray(got_y), expected_y)
        if given_X is frame:
            assert got_X.index.equals(got_y.index)
    if one_hot:
        binary = np.column_stack([y == "rare", y == "usual"]).astype(int)
        _, got = RemedyChain(remedies).fit_resample(X, binary)
        assert_array_equal(np.array(["rare", "usual"])[got.argmax(axis=1)], expected_y)


def test_indices_are_those_of_rows_that_were_selected_and_else_there_are_none():
    X, y = data()
    chain = RemedyChain(SELECTING)
    got_X, got_y = chain.fit_resample(X, y)
    assert_array_equal(got_X, X[chain.sample_indices_])
    assert_array_equal(got_y, y[chain.sample_indices_])
    making = RemedyChain(MAKING)
    making.fit_resample(X, y)
    assert not hasattr(making, "sample_indices_")


def test_it_works_in_a_pipeline_of_imbalanced_learn():
    X, y = data()
    chain = RemedyChain([Deduplicator(), RandomOverSampler(random_state=0)])
    model = make_pipeline(StandardScaler(), chain, LogisticRegression())
    search = GridSearchCV(model, {"remedychain__deduplicator": [None, Deduplicator()]})
    assert search.fit(X, y).predict(X).shape == y.shape
    frame = pd.DataFrame(X, columns=[*"abc"])
    assert model.fit(frame, pd.Series(y)).predict(frame).shape == y.shape
