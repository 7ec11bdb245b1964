"""Target rows unlike training rows, for everything public that takes them.

What cannot be done is refused with the argument, the value and the cure; what can be is
done, and what was left out is said.
"""

import json
import re
import subprocess
import sys
import warnings
from functools import cache

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
import sklearn
from numpy.testing import assert_allclose
from sklearn.base import clone
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality import shift
from skdataquality.compose import RemediedClassifier, _default
from skdataquality.exceptions import OverlapWarning
from skdataquality.model_selection import ImportanceWeightedScorer, compare_remedies
from skdataquality.shift import (
    DiscriminatorWeighter,
    ImportanceResampler,
    KLIEPWeighter,
    KMMWeighter,
    RuLSIFWeighter,
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
    TargetData,
    ULSIFWeighter,
    shift_lens,
)
from skdataquality.shift._ratios import _candidates, _discriminator
from skdataquality.utils._sklearn import take_rows
from tests.test_target_data import Spy

N = 140
RNG = np.random.default_rng(0)
WEIGHTER = DiscriminatorWeighter(cv=2, random_state=0)
LR = LogisticRegression()


@pytest.fixture(autouse=True, scope="module")
def small_boosting():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(_default._SMALL_BOOSTING, "max_iter", 10)
        patch.setitem(_candidates.SLOW_BOOSTING, "max_iter", 10)
        patch.setitem(_candidates.SLOW_BOOSTING, "learning_rate", 0.2)
        patch.setattr(_candidates, "MOST_CELLS", 0)  # no products of columns
        patch.setattr(_discriminator, "REPEATED_ROWS", 0)
        yield


def table(centre):
    return pd.DataFrame(
        {
            "a": RNG.normal(centre, 1, N),
            "b": RNG.normal(size=N),
            "c": RNG.choice(["red", "green"], N),
        }
    )


X, T = table(0), table(0.5)
Y = np.where(X["a"] + RNG.normal(size=N) > 0, "yes", "no")
NUMBERS, NUMBERS_T = X[["a", "b"]].to_numpy(), T[["a", "b"]].to_numpy()
TEXTS, TEXTS_T = ([f"{word} day" for word in side["c"]] for side in (X, T))


def fitted_on(estimator, X, target):
    return clone(estimator).set_params(X_target=target, weighter=WEIGHTER)


KERNELS = {
    cls.__name__: cls(random_state=0)
    for cls in (KLIEPWeighter, KMMWeighter, RuLSIFWeighter, ULSIFWeighter)
}


def weights_by(weighter):
    return lambda X, y, target: weighter.fit(X, y, X_target=target).sample_weight_


ENTRIES = {
    name: weights_by(weighter)
    for name, weighter in {"DiscriminatorWeighter": WEIGHTER, **KERNELS}.items()
} | {
    "ShiftWeightedClassifier": lambda X, y, target: (
        fitted_on(ShiftWeightedClassifier(), X, target).fit(X, y).predict_proba(X)
    ),
    "ShiftWeightedRegressor": lambda X, y, target: (
        fitted_on(ShiftWeightedRegressor(), X, target)
        .fit(X, np.unique(y, return_inverse=True)[1] * 1.5)
        .predict(X)
    ),
    "ImportanceResampler": lambda X, y, target: resampled(X, y, target),
    "ImportanceWeightedScorer": lambda X, y, target: (
        ImportanceWeightedScorer(X_target=target, weighter=WEIGHTER)
        .fit(X)
        .weights_.of(take_rows(X, np.arange(N)[::-1]))[::-1]
    ),
}


def resampled(X, y, target):
    sampler = ImportanceResampler(WEIGHTER, X_target=target, random_state=0)
    X_drawn, y_drawn = sampler.fit_resample(X, y)
    assert type(X_drawn) is type(X)
    assert set(y_drawn) == set(y)
    return sampler.weighter_.sample_weight_


def in_place_of(**columns):
    return T.assign(**columns)


MISSING = np.full(N, np.nan)
SOME_BLUE = RNG.choice(["red", "green", "blue"], N, p=[0.45, 0.45, 0.1])
AS_IT_IS = {
    "identical": (X, Y, X.copy()),
    "labels -1 and 1": (X, np.where(Y == "yes", 1, -1), T),
    "categories unseen": (X, Y, in_place_of(c=SOME_BLUE)),
    "typed categories unseen": (
        X.astype({"c": "category"}),
        Y,
        in_place_of(c=SOME_BLUE).astype({"c": "category"}),
    ),
    "a column missing on both sides": (X.assign(b=MISSING), Y, in_place_of(b=MISSING)),
    "nothing varies": (X.assign(a=1, b=1, c="u"), Y, in_place_of(a=1, b=1, c="u")),
    "texts": (TEXTS, Y, TEXTS_T),
}
SAME = {  # the container or the order of the target rows changes nothing
    "polars target": (X, pl.from_pandas(T)),
    "arrow target": (X, pl.from_pandas(T).to_arrow()),
    "columns in another order": (X, T[["c", "a", "b"]]),
    "another index": (X, T.set_index(np.arange(N) + 5)),
    "polars rows": (pl.from_pandas(X), T),
}
SPARSE = sp.csr_matrix(NUMBERS), sp.csr_matrix(NUMBERS_T)
SAME_SPARSE = {
    "sparse rows": (SPARSE[0], NUMBERS_T),
    "another format": (SPARSE[0], sp.coo_array(NUMBERS_T)),
}
SAID = {
    "a column more": (T.assign(d=1), "only X_target has d: ignored"),
    "a column less": (T[["a", "c"]], "X_target lacks b: left out"),
    "other names": (T.set_axis(list("xyz"), axis=1), "matched by position"),
    "no names": (T.to_numpy(), "only one of X and X_target has column names"),
    "text for numbers": (in_place_of(b="low"), "column b: numbers in X, text in"),
    "dates for numbers": (
        in_place_of(b=pd.Timestamp("2024-01-01")),
        "column b: .*date",
    ),
    "scaled": (in_place_of(a=T["a"] / 9 + 50), "hardly overlap"),
    "another place": (in_place_of(c="blue"), "hardly overlap"),
    "a column missing": (in_place_of(b=MISSING), "hardly overlap"),
}
REFUSED = {
    "one row": (X, T[:1], r"X_target 1: both need at least 2"),
    "texts beside a table": (TEXTS, T, "X is a sequence of texts .* X_target is a tab"),
    "another width": (
        NUMBERS,
        np.c_[NUMBERS_T, MISSING],
        "2 features but X_target has 3",
    ),
}


def test_nothing_public_is_forgotten():
    takes = {
        name
        for name in shift.__all__
        if name.startswith(("ShiftWeighted", "Importance"))
        or (name.endswith("Weighter") and not name.startswith("LabelShift"))
    }
    assert takes <= ENTRIES.keys()


@pytest.mark.parametrize("case", AS_IT_IS)
@pytest.mark.parametrize("entry", ENTRIES)
def test_odd_rows_are_taken_as_they_are(entry, case):
    rows, y, target = AS_IT_IS[case]
    if case == "texts" and entry in KERNELS:
        with pytest.raises(ValueError, match=f"{entry} compares numbers: use Discrim"):
            ENTRIES[entry](rows, y, TargetData(target))
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(ENTRIES[entry](rows, y, TargetData(target))).all()


@pytest.mark.parametrize("case", [*SAME, *SAME_SPARSE])
@pytest.mark.parametrize("entry", ENTRIES)
def test_containers_and_orders_change_nothing(entry, case):
    rows, target = (SAME | SAME_SPARSE)[case]
    found = ENTRIES[entry](rows, Y, TargetData(target))
    assert_allclose(found, of_plain_rows(entry, case in SAME), rtol=1e-9)


@cache
def of_plain_rows(entry, is_frame):
    rows, target = (X, T) if is_frame else SPARSE
    return ENTRIES[entry](rows, Y, TargetData(target))


@pytest.mark.parametrize("case", SAID)
@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_left_out_or_worthless_is_said(entry, case):
    target, said = SAID[case]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = ENTRIES[entry](X, Y, TargetData(target))
    assert np.isfinite(found).all()
    if entry == "ImportanceWeightedScorer" and said == "hardly overlap":
        said = "rows like X, not of rows like X_target"
    assert all(issubclass(w.category, OverlapWarning) for w in caught)
    assert any(re.search(said, str(w.message)) for w in caught)


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("entry", ENTRIES)
def test_what_cannot_be_compared_is_refused(entry, case):
    rows, target, said = REFUSED[case]
    target = TargetData(target)
    with pytest.raises(ValueError, match=said) as caught:
        ENTRIES[entry](rows, Y, target)
    assert len(str(caught.value).splitlines()) <= 3


def test_the_lens_says_what_it_left_out_and_when_it_cannot_tell():
    assert shift_lens(X, Y, X_target=T[:1], random_state=0).verdict == "cannot tell"
    with pytest.warns(OverlapWarning, match="only X_target has d"):
        shift_lens(X, X_target=T.assign(d=1), random_state=0)
    with pytest.raises(ValueError, match="X is a sequence of texts"):
        shift_lens(TEXTS, Y, X_target=T)


@pytest.mark.parametrize(
    "make",
    [
        lambda rows: ImportanceWeightedScorer(X_target=rows),
        lambda rows: ImportanceResampler(X_target=rows).fit_resample(X, Y),
        lambda rows: ImportanceResampler().fit_resample(X, Y, X_target=rows),
        lambda rows: ShiftWeightedRegressor(X_target=rows).fit(NUMBERS, NUMBERS[:, 0]),
    ],
)
def test_a_bare_table_is_refused(make):
    with pytest.raises(ValueError, match=r"Got DataFrame instead. Write X_target=Targ"):
        make(T)


# -- as many target rows as training rows, wherever the estimator goes -----------------

SPIED = ShiftWeightedClassifier(
    make_pipeline(StandardScaler(), LR), weighter=Spy(), X_target=TargetData(NUMBERS_T)
)
DRAWN = RemediedClassifier(
    LR, ImportanceResampler(Spy(), X_target=TargetData(NUMBERS_T), random_state=0)
)
CONTEXTS = {
    "voting": lambda e: VotingClassifier([("e", e), ("plain", LR)]),
    "stacking": lambda e: StackingClassifier([("e", e)], cv=3),
    "stacking in a search": lambda e: GridSearchCV(
        StackingClassifier([("e", e)], cv=2), {"passthrough": [True]}, cv=2
    ),
    "a pipeline": lambda e: make_pipeline("passthrough", e),
    "workers": lambda e: GridSearchCV(e, {"keep_lineage": [True]}, cv=2),
}


@pytest.mark.parametrize("routing", [False, True])
@pytest.mark.parametrize("estimator", [SPIED, DRAWN], ids=["weighted", "drawn"])
@pytest.mark.parametrize("context", CONTEXTS)
def test_the_weighter_sees_all_target_rows(context, estimator, routing):
    Spy._seen.clear()
    with sklearn.config_context(enable_metadata_routing=routing):
        model = CONTEXTS[context](estimator)
        cross_validate(model, NUMBERS, Y, cv=2, error_score="raise")
    assert len(Spy._seen) >= 2
    assert {n_target for _, n_target in Spy._seen} == {N}
    assert max(n for n, _ in Spy._seen) < N  # while training rows were sliced


def test_a_comparison_hands_it_on_whole():
    Spy._seen.clear()
    remedies = {
        "weigh": ShiftWeightedClassifier(weighter=Spy()),
        "draw": ImportanceResampler(Spy(), random_state=0),
    }
    compare_remedies(LR, remedies, NUMBERS, Y, X_target=NUMBERS_T, cv=2)
    assert {n_target for _, n_target in Spy._seen} == {N}


def test_weighters_and_their_settings_are_searched():
    model = ShiftWeightedRegressor(
        make_pipeline(StandardScaler(), LinearRegression()),
        weighter=DiscriminatorWeighter(LR, cv=2, random_state=0),
        X_target=TargetData(NUMBERS_T),
    )
    values = [
        {
            "weighter__flatten": [0.0, 1.0],
            "estimator__linearregression__positive": [True, False],
        },
        {"weighter": [None, DiscriminatorWeighter(LR, flatten=0.5, cv=2)]},
        {"estimator": [LinearRegression()], "X_target": [None]},
    ]
    search = GridSearchCV(model, values, cv=2).fit(NUMBERS, NUMBERS[:, 0] ** 2)
    assert len(search.cv_results_["params"]) == 7
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_importing_changes_no_global_setting():
    code = (
        "import json, sklearn, warnings, numpy as np\n"
        "before = sklearn.get_config(), warnings.filters[:], np.geterr()\n"
        "state = np.random.get_state()[1].tolist()\n"
        "import skdataquality.shift, skdataquality.model_selection as m\n"
        "from skdataquality.shift import *\n"
        "from skdataquality.model_selection import *\n"
        "same = np.random.get_state()[1].tolist() == state\n"
        "config = sklearn.get_config() == before[0]\n"
        "print(json.dumps([config, np.geterr() == before[2], same]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [True, True, True]
