"""Rows that belong together: columns that name entities, order, price of folds."""

import json
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.neighbors import KNeighborsClassifier

from skdataquality import diagnose
from skdataquality.datasets import clean_families, make_clean_table
from skdataquality.duplicates import entity_groups, entity_lens, order_dependence
from skdataquality.duplicates._entities._closed import SIZES
from skdataquality.duplicates._entities._closed import _closed as closed_rows
from skdataquality.duplicates._entities._names import ENTITY, kind_of_name
from skdataquality.duplicates._entities._price import (
    blocks_of,
    compare_scores,
    price_of_folds,
)
from skdataquality.duplicates._entities._readings import read_rows
from skdataquality.duplicates._entities._resemblance import (
    resemblance_in_groups,
    spread_of_products,
)
from skdataquality.duplicates._numbers import NearestRows

DEPENDENT = ("autocorrelated", "repeated subjects")


def patients(seed=0, *, n=100, each=3, noise=0.5, name="patient", shuffled=True):
    """Readings of patients, whose label is drawn by patient."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(n), each)
    if shuffled:
        who = rng.permutation(who)
    X = rng.normal(size=(n, 5))[who] + noise * rng.normal(size=(who.size, 5))
    table = pd.DataFrame(X, columns=[f"x{j}" for j in range(5)])
    if name is not None:
        table[name] = rng.permutation(5 * n)[:n][who]
    return table, rng.integers(0, 2, n)[who], who


def series(seed=0, n=400, columns=3, memory=0.8):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, columns))
    for t in range(1, n):
        X[t] += memory * X[t - 1]
    return X, rng.integers(0, 2, n)


# -- columns -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["patient", "userId", "z"])
@pytest.mark.parametrize("texts", [False, True])
def test_a_column_of_patients_is_found_by_content_whatever_its_name(name, texts):
    X, y, who = patients(name=name)
    if texts:
        X[name] = [f"P{value}" for value in X[name]]
    found = entity_groups(X, y)
    assert found.column == name
    assert found.candidates[0].verdict == "found"
    assert found.candidates[0].entities == 100
    assert_array_equal(found.groups, [int(np.argmax(who == w)) for w in who])


def test_names_are_read_word_by_word():
    named = [
        "patient_id", "userId", "Author", "customers", "subject", "subj_nr", "MRN",
        "kunde", "Kundennummer", "Patienten-ID", "código_paciente", "device serial",
        "患者ID", "img_path",
    ]  # fmt: skip
    assert {kind_of_name(name) for name in named} == {ENTITY}
    others = [
        "width", "sessionality", "website", "authority", "colour", "age", 3, "n_visits",
        "customer_age", "order_priority", "device_type", "store_id", "unit_price",
        "device", "family",
    ]  # fmt: skip
    assert ENTITY not in map(kind_of_name, others)


def test_measurements_categories_and_row_numbers_are_no_entities():
    rng = np.random.default_rng(0)
    health = rng.normal(size=600)
    X = pd.DataFrame(
        {
            "age": (50 + 12 * health).round().astype(int),
            "pressure": 120 + 15 * health + 5 * rng.normal(size=600),
            "pulse": 70 + 8 * health + 5 * rng.normal(size=600),
            "colour": rng.choice(["red", "green", "blue"], 600),
            "row": np.arange(600),
        }
    )
    assert entity_groups(X, health > 0).column is None
    assert entity_lens(X, health > 0).verdict == "clear"


def test_a_name_without_likeness_is_not_enough():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(900, 6))).add_prefix("x")
    X["user"] = rng.integers(0, 100, 900)
    found = entity_groups(X, rng.integers(0, 2, 900))
    assert found.column is None
    assert [c.verdict for c in found.candidates] == ["clear"]
    assert entity_groups(X, column="user").column == "user"


def test_a_category_that_matters_in_one_of_many_columns_is_only_suspected():
    rng = np.random.default_rng(0)
    town = rng.integers(0, 60, 600)
    X = pd.DataFrame(rng.normal(size=(600, 9))).add_prefix("x")
    X["x0"] += 2 * rng.normal(size=60)[town]
    X["where"] = np.array([f"T{j}" for j in range(60)], dtype=object)[town]
    lens = entity_lens(X, rng.integers(0, 2, 600))
    assert (lens.verdict, lens.reason_code) == ("suspect", "perhaps")
    assert "groups=" in lens.summary


def test_a_category_that_matters_in_half_of_few_columns_is_only_suspected():
    rng = np.random.default_rng(0)
    job = rng.integers(0, 40, 600)
    X = pd.DataFrame(rng.normal(size=(600, 2)), columns=["income", "height"])
    X["income"] += 2 * rng.normal(size=40)[job]
    X["w"] = np.array([f"J{j}" for j in range(40)], dtype=object)[job]
    assert entity_lens(X).verdict == "suspect"
    X["height"] += 2 * rng.normal(size=40)[job]
    assert entity_lens(X).verdict == "found"
    assert entity_lens(X.rename(columns={"w": "occupation"})).verdict == "suspect"


def test_copies_are_no_entities():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(150, 4))).add_prefix("x")
    X["code"] = rng.permutation(10_000)[:150]
    copied = pd.concat([X, X, X], ignore_index=True)
    assert entity_groups(copied).candidates == []


def test_rows_without_a_value_are_alone():
    X, y, _ = patients()
    X["patient"] = X["patient"].astype(float)
    X.loc[:8, "patient"] = np.nan
    groups = entity_groups(X, y).groups
    assert_array_equal(groups[:9], np.arange(9))


def test_the_order_of_rows_changes_no_candidate():
    X, y, _ = patients(noise=1.5)
    order = np.random.default_rng(1).permutation(len(y))
    first = entity_groups(X, y)
    second = entity_groups(X.iloc[order], y[order])
    for a, b in zip(first.candidates, second.candidates, strict=True):
        assert (a.column, a.verdict, a.entities) == (b.column, b.verdict, b.entities)
        assert_allclose(a.similarity.estimate, b.similarity.estimate)
    same = first.groups[order][:, None] == first.groups[order]
    assert_array_equal(second.groups[:, None] == second.groups, same)


@given(st.integers(0, 2**31), st.integers(2, 6), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_similarity_is_the_mean_product_over_pairs_of_a_group(seed, n_groups, d):
    rng = np.random.default_rng(seed)
    pairs = np.tile(np.arange(n_groups), 2)
    codes = np.r_[pairs, rng.integers(0, n_groups, 20)]
    readings = read_rows(rng.normal(size=(codes.size, d)))
    Z = readings.points
    assert_allclose(np.square(Z).mean(axis=0), 1)
    products = Z @ Z.T / d
    by_row = []
    for i, code in enumerate(codes):
        others = np.flatnonzero((codes == code) & (np.arange(codes.size) != i))
        by_row.append(products[i, others].mean())
    found = resemblance_in_groups(readings, codes)
    assert_allclose(found.mean.estimate, np.mean(by_row), atol=1e-12)


def test_products_of_independent_rows_vary_as_stated():
    rng = np.random.default_rng(0)
    mix = rng.normal(size=(4, 4))
    first, second = (rng.normal(size=(200_000, 4)) @ mix for _ in range(2))
    products = (first * second).sum(axis=1) / 4
    assert_allclose(spread_of_products(first, 4)[0], products.std(), rtol=0.02)


def test_p_values_of_columns_without_entities_are_uniform_or_larger():
    rng = np.random.default_rng(0)
    p_values = []
    for _ in range(300):
        factor = rng.normal(size=(120, 1))
        readings = read_rows(factor + rng.normal(size=(120, 4)))
        codes = np.repeat(np.arange(40), 3)
        p_values.append(resemblance_in_groups(readings, codes).p_value)
    assert np.mean(np.array(p_values) < 0.05) <= 0.085  # 3 standard errors
    assert np.mean(np.array(p_values) < 0.5) == pytest.approx(0.5, abs=0.1)


# -- texts that begin with a name, and rows without one --------------------------------


@pytest.mark.parametrize("pattern", ["img{}_crop{}.png", "data/img{}/{:02d}.png"])
def test_files_are_grouped_by_what_they_begin_with(pattern):
    X, y, who = patients(name=None)
    nth = pd.Series(who).groupby(who).cumcount()
    X["file"] = [pattern.format(w, k) for w, k in zip(who, nth, strict=True)]
    found = entity_groups(X, y)
    assert found.candidates[0].part in ("the folder of", "the beginning of")
    assert_array_equal(found.groups, [int(np.argmax(who == w)) for w in who])
    step = diagnose(X, y, random_state=0).plan[-1]
    assert "groups=entity_groups(X).groups" in step["why"]


def test_rows_on_a_line_are_nearest_to_each_other_as_often_as_stated():
    rng = np.random.default_rng(0)
    by_size = {size: [] for size in SIZES}
    for points in rng.normal(size=(40, 500, 1)):
        nearest = NearestRows(points, np.arange(500)).others(np.arange(500), 6)
        for size, shares in by_size.items():
            shares.append(closed_rows(*nearest, size).size / 500)
    for size, shares in by_size.items():
        error = np.std(shares) / np.sqrt(len(shares))
        assert abs(np.mean(shares) - size / 3 ** (size - 1)) < 3 * error + 0.003


def test_patients_that_no_column_names_are_suspected_where_they_are_nearest():
    X, y, who = patients(noise=0.1, name=None)
    lens = entity_lens(X, y)
    assert (lens.verdict, lens.reason_code) == ("suspect", "closed")
    assert lens.numbers["closed_size"] == 3
    assert (who[lens.groups] == who).mean() > 0.9
    assert entity_lens(X, y, groups=who).verdict == "clear"
    noisy = X + 5 * np.random.default_rng(1).normal(size=X.shape)
    assert entity_lens(noisy, y).groups is None


# -- order -------------------------------------------------------------------------


def test_a_series_is_found_and_its_rows_in_another_order_are_not():
    X, y = series()
    found = order_dependence(X, y)
    assert found.dependent
    assert 3 <= found.length <= 40
    order = np.random.default_rng(1).permutation(len(y))
    assert not order_dependence(X[order], y[order]).dependent
    assert order_dependence(X[order], y[order], time=order).dependent


def test_the_length_is_that_of_readings_that_stand_together():
    for each in (3, 8):
        X, y, _ = patients(each=each, n=150, name=None, shuffled=False)
        assert order_dependence(X, y).length == pytest.approx(each, abs=1)


def test_a_series_of_categories_or_texts_is_found():
    rng = np.random.default_rng(0)
    state = np.cumsum(rng.random(400) < 0.15) % 4
    words = [["cat", "dog"], ["sun", "rain"], ["car", "bus"], ["tea", "milk"]]
    texts = [" ".join(rng.choice(words[s], 3)) for s in state]
    kinds = pd.DataFrame({"kind": [words[s][0] for s in state]})
    assert order_dependence(kinds).dependent
    assert order_dependence(texts).dependent
    assert not order_dependence(rng.permutation(texts).tolist()).dependent


@pytest.mark.parametrize("by", ["label", "town", "x0", "quantity"])
def test_a_sorted_table_is_none(by):
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(500, 4))).add_prefix("x")
    X["x1"] += X["x0"]
    X["town"] = rng.choice(["Ulm", "Bonn", "Kiel"], 500)
    X["x2"] += X["town"].map({"Ulm": 0, "Bonn": 1, "Kiel": 2})
    quantity = X["x0"].to_numpy() + rng.normal(size=500)
    label = (quantity > 0).astype(int)
    key = {"label": label, "quantity": quantity}.get(by, X.get(by))
    order = np.argsort(np.asarray(key, dtype=str if by == "town" else float))
    y = quantity if by == "quantity" else label
    found = order_dependence(X.iloc[order], y[order])
    assert not found.dependent
    assert ("label" if by == "quantity" else by) in found.sorted_by


@pytest.mark.parametrize("keys", [["day"], ["site", "x0"]])
def test_a_table_sorted_by_texts_or_within_levels_is_none(keys):
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(600, 3))).add_prefix("x")
    X["x1"] += X["x0"]
    X["site"] = rng.integers(0, 12, 600)
    X["day"] = [f"{d % 28:02d}.{d // 28:02d}.2020" for d in rng.integers(0, 336, 600)]
    found = order_dependence(X.sort_values(keys).reset_index(drop=True))
    assert not found.dependent
    assert set(keys) <= set(found.sorted_by)


def test_a_counter_of_rows_is_no_resemblance_and_hides_none():
    X, y = series(memory=0.5)
    numbered = pd.DataFrame(X).add_prefix("x").assign(row=np.arange(len(X)))
    assert order_dependence(numbered, y).dependent
    rng = np.random.default_rng(0)
    numbered = pd.DataFrame({"row": np.arange(300), "x": rng.normal(size=300)})
    assert not order_dependence(numbered).dependent


def test_known_groups_explain_what_they_hold():
    X, y, who = patients(name=None, shuffled=False)
    assert order_dependence(X, y).dependent
    assert not order_dependence(X, y, groups=who).dependent
    assert entity_lens(X, y, groups=who).reason_code == "covered"


@pytest.mark.parametrize("half", ["tuning", "held out"])
def test_clean_tables_are_not_accused(half):
    said = {}
    for family in clean_families()[half]:
        table = make_clean_table(family, n_samples=400, random_state=5)
        said[family] = entity_lens(table.X, table.y).verdict
    dependent = {name for name, verdict in said.items() if verdict == "found"}
    assert dependent == said.keys() & set(DEPENDENT)
    assert "suspect" not in said.values()


def test_bundled_tables_that_are_sorted_by_their_label_are_not_accused():
    for load in (load_iris, load_breast_cancer):
        assert entity_lens(*load(return_X_y=True, as_frame=True)).verdict == "clear"


# -- price -------------------------------------------------------------------------


def test_random_folds_gain_what_a_memory_of_patients_is_worth():
    X, y, who = patients(n=200, noise=0.2, name=None)
    price = price_of_folds(KNeighborsClassifier(1), X, y, who, random_state=0)
    assert price.random.estimate > 0.85
    assert abs(price.together.estimate - 0.5) < 0.15
    gain = price.inflation
    assert_allclose(gain.estimate, price.random.estimate - price.together.estimate)
    assert gain.lower > 0.2


def test_a_difference_of_equal_scores_is_zero_and_one_group_has_no_price():
    scores = np.tile([1.0, 0.0], 20)
    price = compare_scores(scores, scores, np.repeat(np.arange(10), 4))
    assert (price.inflation.lower, price.inflation.upper) == (0, 0)
    assert compare_scores(scores, scores, np.zeros(40, int)) is None


def test_blocks_are_longer_than_the_dependence_and_follow_the_order():
    assert_array_equal(blocks_of(200, 1), np.arange(200) // 5)
    order = np.random.default_rng(0).permutation(200)
    assert_array_equal(blocks_of(200, 1, order)[order], np.arange(200) // 5)
    assert np.unique(blocks_of(100, 90)).size == 20  # folds need some


# -- the lens in a diagnosis -------------------------------------------------------


def test_the_plan_names_the_groups_and_a_splitter_that_can_be_imported():
    X, y, _ = patients()
    report = diagnose(X, y, estimator=KNeighborsClassifier(1))
    lens = report.lenses["entities"]
    assert (lens.verdict, lens.named) == ("found", ("patient",))
    assert lens.numbers["entities"] == 100
    assert lens.numbers["inflation"].lower > 0
    assert lens.predictions[0].outcome == "confirmed"
    step = next(step for step in report.plan if step["lens"] == "entities")
    assert "groups='patient'" in step["why"]
    assert "falls from" in step["expect"]
    code: dict = {}
    exec("\n".join(step["code"]["imports"]), code)
    assert isinstance(eval(step["code"]["expression"], code), StratifiedGroupKFold)
    json.dumps(report.to_dict()["lenses"]["entities"], allow_nan=False)


def test_groups_that_the_user_names_cover_what_is_found():
    X, y, who = patients()
    report = diagnose(X, y, groups="patient", estimator=LogisticRegression())
    assert report.lenses["entities"].reason_code == "covered"
    beside = diagnose(X, y, groups=who, estimator=LogisticRegression())
    assert beside.lenses["entities"].verdict == "clear"


def test_quantities_are_priced_by_r2_and_a_series_names_time_ordered_folds():
    X, _ = series(memory=0.95)
    y = np.cumsum(np.random.default_rng(3).normal(size=len(X)))
    lens = diagnose(X, y, estimator=Ridge()).lenses["entities"]
    assert (lens.verdict, lens.reason_code) == ("found", "series")
    assert type(lens.remedies[0]).__name__ == "TimeSeriesSplit"
    assert "R2" in lens.predictions[0].measured


def test_rows_keep_their_numbers_where_some_have_no_label():
    X, y, _ = patients()
    labelled = X.assign(y=y.astype(object))
    labelled.loc[3, "y"] = None
    lens = diagnose(labelled, "y", estimator=KNeighborsClassifier(1)).lenses["entities"]
    assert lens.groups.size == len(labelled)
    value = labelled["patient"].to_numpy()
    assert_array_equal(value[lens.groups], value)
    assert lens.groups[3] == 3


# -- bad input ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "X", [np.ones((60, 3)), np.zeros((3, 1)), np.arange(60.0)[:, None], [""] * 30]
)
def test_nothing_is_said_of_tables_without_anything_to_compare(X):
    lens = entity_lens(X)
    assert (lens.verdict, lens.reason_code) == ("cannot tell", "unseen")
    assert not order_dependence(X).dependent


def test_sparse_rows_that_do_not_vary_are_compared_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert entity_lens(sp.csr_array(np.ones((60, 3)))).reason_code == "unseen"


def test_infinite_and_huge_cells_are_compared_without_a_warning():
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, size=(90, 3)) * [1, 1.7e308, 1]
    X[::9, 0] = np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert entity_lens(X).verdict == "clear"


def test_rows_without_a_value_are_alone_in_a_column_that_is_asked_for():
    X = pd.DataFrame({"x": np.arange(90.0), "who": np.repeat([np.nan, 1.0], 45)})
    assert_array_equal(entity_groups(X, column="who").groups[:46], np.arange(46))
    X["who"] = None
    found = entity_groups(X, column="who")
    assert_array_equal(found.groups, np.arange(90))
    assert found.candidates[0].rows_per_entity == 0


@pytest.mark.parametrize("look", [entity_lens, order_dependence])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"y": [np.nan, 1.0] * 30}, "y has 30 missing labels"),
        ({"y": ["a", None] * 30}, "y has 30 missing labels"),
        ({"y": [np.inf, 1.0] * 30}, "infinity at position"),
        ({"y": np.full((60, 2), 0.5)}, r"y has shape \(60, 2\)"),
        ({"groups": ["a", None] * 30}, "groups has 30 missing value"),
        ({"groups": np.ones((60, 2))}, r"groups has shape \(60, 2\)"),
        ({"time": ["soon", "late"] * 30}, "time"),
    ],
)
def test_what_is_given_with_the_rows_is_checked(look, given, said):
    X = np.random.default_rng(0).normal(size=(60, 3))
    with pytest.raises(ValueError, match=said):
        look(X, **given)
    with pytest.raises(ValueError, match="X is empty"):
        look(X[:0])
    with pytest.raises(ValueError, match=r"X has shape \(60, 3, 1\)"):
        look(X[:, :, None])


def test_times_in_text_are_ordered_as_moments():
    walk = np.cumsum(np.random.default_rng(0).normal(size=(90, 2)), axis=0)
    days = pd.date_range("2020-01-01", periods=90)
    mixed = np.random.default_rng(1).permutation(90)
    written = days.strftime("%d.%m.%Y").to_numpy()[mixed]
    by_text = order_dependence(walk[mixed], time=written)
    assert by_text.most == order_dependence(walk).most


def test_tables_without_anything_to_compare_are_refused_or_looked_at():
    alone = pd.DataFrame({"patient": np.repeat(np.arange(30), 3)})
    assert entity_lens(alone).verdict in ("clear", "cannot tell")
    odd = pd.DataFrame({"a": [[1], {}, None] * 30, "b": [np.inf, np.nan, -np.inf] * 30})
    assert entity_lens(odd).verdict in ("clear", "suspect", "found")
    with pytest.raises(ValueError, match=r"column='who' is not a column of X"):
        entity_groups(alone, column="who")
    with pytest.raises(ValueError, match="names a column, but X is sparse or a list"):
        entity_groups(["a b", "c d"], column=0)
    with pytest.raises(ValueError, match="90"):
        order_dependence(alone, np.zeros(89))


def test_no_score_of_folds_lies_outside_its_bounds():
    right, groups = np.r_[np.ones(59), 0.0], np.repeat(np.arange(12), 5)
    price = compare_scores(right, right, groups)
    assert price.random.upper == price.together.upper == 1
    assert compare_scores(1 - right, right, groups).random.lower == 0
