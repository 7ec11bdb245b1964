"""Which columns name rows instead of describing them."""

import uuid

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.model_selection import train_test_split

from skdataquality import diagnose
from skdataquality.leakage import find_identifiers, leakage_lens
from skdataquality.leakage._identifiers import look_alikes


def _people(n, seed=0):
    """A table of honest columns."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": rng.integers(18, 80, n),
            "height": rng.normal(170, 10, n),
            "town": rng.choice(["Bonn", "Ulm", "Kiel"], n),
        }
    )


def kinds(X):
    return {i.column: i.kind for i in find_identifiers(X)}


def _uuids(n):
    return [str(uuid.UUID(int=k * 2**90 + 7)) for k in range(n)]


IDENTIFIERS = {
    "customer_id": lambda rng, n: rng.choice(10**9, n, replace=False),
    "customerId": lambda rng, n: rng.choice(10**9, n, replace=False),
    "ID": lambda rng, n: rng.choice(10**12, n, replace=False),
    "ticket": lambda rng, n: rng.permutation(n) + 50_000,
    "ticket as text": lambda rng, n: (rng.permutation(n) + 50_000).astype(str),
    "ticket as fractions": lambda rng, n: rng.permutation(n) + 50_000.0,
    "uuid": lambda rng, n: _uuids(n),
    "session": lambda rng, n: [uuid.UUID(text) for text in _uuids(n)],
    "e-mail": lambda rng, n: [
        f"{'abcdefghij'[k % 10] * (k // 10 + 1)}@x.org" for k in range(n)
    ],
    "order": lambda rng, n: [f"A-{1000 + 7 * k}" for k in range(n)],
    "file": lambda rng, n: [f"scan_{k:05d}.png" for k in rng.permutation(n)],
    "phone": lambda rng, n: [f"+49{k}" for k in rng.choice(10**9, n, replace=False)],
    "airport": lambda rng, n: [
        "".join("ABCDEFGHIJ"[int(d)] for d in f"{k:03d}") for k in range(n)
    ],
    "user key": lambda rng, n: [
        f"{'xyz'[k % 3]}{'q' * (k // 3 + 4)}" for k in range(n)
    ],
}


@pytest.mark.parametrize("n", [60, 400])
@pytest.mark.parametrize("name", IDENTIFIERS)
def test_identifiers_are_found(name, n):
    X = _people(n)
    X[name] = IDENTIFIERS[name](np.random.default_rng(1), n)
    assert kinds(X) == {name: "identifier"}
    assert kinds(pd.concat([X, X[: n // 5], X[: n // 9]])) == {name: "identifier"}
    if name != "session":
        assert kinds(pl.from_pandas(X)) == {name: "identifier"}


def test_a_missing_identifier_does_not_hide_the_others():
    X = _people(300)
    X["number"] = pd.Series(np.arange(300) + 7, dtype="Int64").mask(X.index == 5)
    assert kinds(X) == {"number": "identifier"}
    X["number"] = X["number"].mask(X.index < 30)
    assert kinds(X) == {}


@pytest.mark.parametrize("share", [0.7, 0.1])
@pytest.mark.parametrize(
    "name", ["Unnamed: 0", "index", "level_0", "__index_level_0__", "", "row_id"]
)
def test_a_leftover_index_is_found_after_a_split(name, share):
    X = _people(1000)
    X.insert(0, name, np.arange(1000))
    part = train_test_split(X, train_size=share, random_state=0)[0]
    assert kinds(part) == {name: "index"}


@pytest.mark.parametrize("start", [0, 1])
def test_an_array_that_counts_its_rows(start):
    X = np.column_stack(
        [np.random.default_rng(0).normal(size=50), np.arange(50) + start]
    )
    assert kinds(X) == {1: "index"}
    assert kinds(X[:20]) == {1: "index"}
    assert kinds(np.random.default_rng(0).permutation(X)) == {1: "identifier"}
    assert kinds(X[:19]) == {}


def _dates(n):
    return pd.Timestamp("2020-01-01") + pd.to_timedelta(np.arange(n), unit="D")


HONEST = {
    "salary": lambda rng, n: rng.integers(30_000, 120_000, n),
    "salary as text": lambda rng, n: rng.integers(30_000, 120_000, n).astype(str),
    "years": lambda rng, n: rng.integers(18, 90, n),
    "reading": lambda rng, n: rng.normal(size=n),
    "reading as text": lambda rng, n: rng.normal(50, 10, n).round(6).astype(str),
    "price": lambda rng, n: [f"${k:,}.50" for k in rng.choice(10**6, n, replace=False)],
    "weight": lambda rng, n: [f"{k / 7:.4f}kg" for k in range(n)],
    "name": lambda rng, n: [f"Ann{k} Smith{k}" for k in range(n)],
    "notes": lambda rng, n: [f"a note on visit {k} of the year" for k in range(n)],
    "zip": lambda rng, n: [f"{k:05d}" for k in rng.integers(0, n // 2, n)],
    "when": lambda rng, n: _dates(n),
    "when as text": lambda rng, n: _dates(n).strftime("%Y-%m-%d"),
    "when in the US": lambda rng, n: _dates(n).strftime("%m/%d/%Y"),
    "moment": lambda rng, n: _dates(n).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "time": lambda rng, n: [f"{k // 60:02d}:{k % 60:02d}:09" for k in range(n)],
    "paid": lambda rng, n: rng.choice(10**9, n, replace=False),
    "width": lambda rng, n: rng.choice(10**9, n, replace=False),
    "constant": lambda rng, n: np.full(n, 7),
    "constant text": lambda rng, n: ["A-17"] * n,
    "infinite": lambda rng, n: np.r_[np.inf, np.arange(n - 1) * 1e6],
    "flag": lambda rng, n: rng.random(n) < 0.5,
}


@pytest.mark.parametrize("n", [60, 400, 1500])
@pytest.mark.parametrize("name", HONEST)
def test_honest_columns_are_no_identifiers(name, n):
    for seed in range(3):
        X = _people(n, seed)
        X[name] = HONEST[name](np.random.default_rng(seed), n)
        assert kinds(X) == {}
        assert kinds(pd.concat([X, X[: n // 5]])) == {}


def test_salaries_collide_as_often_as_measured_numbers_do():
    for seed in range(30):  # 12 ties in 1500 rows leave more than 99 % distinct
        rng = np.random.default_rng(seed)
        X = _people(1500).assign(salary=rng.integers(30_000, 120_000, 1500))
        assert kinds(X) == {}


@pytest.mark.parametrize("n", [80, 1000])
def test_each_distinct_row_of_a_coarse_table_has_its_own_age(n):
    for seed in range(10):
        age = _people(n, seed)[["age"]]
        assert kinds(age) == {}
        assert kinds(age.assign(grown=age["age"] >= 30)) == {}
        postcode = age.assign(age="SW" + age["age"].astype(str))
        assert kinds(postcode) == {}
        if n == 1000:
            assert kinds(postcode.assign(grown=age["age"] >= 30)) == {}


def test_what_is_no_table_raises():
    for call in (find_identifiers, lambda X: leakage_lens(X, np.zeros(len(X)))):
        with pytest.raises(ValueError, match=r"shape \(9,\)"):
            call(np.ones(9))
    with pytest.raises(ValueError, match="X is empty: 0 rows"):
        leakage_lens(np.ones((0, 3)))
    assert find_identifiers(np.ones((0, 3))) == []


# ---------------------------------------------------------------- look-alikes
RNG = np.random.default_rng(0)
WHO = RNG.integers(0, 40, 200)  # each on some five rows: none names a row
IBANS = [f"DE{98 - int(f'{k:018d}131400') % 97:02d}{k:018d}" for k in range(40)]
LOOK_ALIKES = {
    "user_id": WHO,
    "userId": WHO + 100.0,
    "customerid": [f"K{k}" for k in WHO],
    "Patient ID": np.where(np.arange(200) % 9, WHO, np.nan),
    "ssn": 123_456_000 + WHO,
    "who": [f"{100 + k}-45-{6789 + k}" for k in WHO],
    "Phone": [f"0{170_000_000 + k}" for k in WHO],
    "reach": [f"({200 + k}) 555-01{k:02d}" for k in WHO],
    "reach us": [f"+47 22 33 44 {k:02d}" for k in WHO],
    "contact": [f"p{k}@example.org" for k in WHO],
    "token": [f"00000000-0000-4000-8000-0000000000{k:02d}" for k in WHO],
    "account": [IBANS[k] for k in WHO],
    "account 2": [" ".join([IBANS[k][:4], IBANS[k][4:]]) for k in WHO],
}
OTHERS = {
    "width": WHO,
    "humid": WHO,
    "grid": WHO,
    "valid": WHO,
    "android": WHO,
    "phone_calls": WHO,
    "mobile": ["iphone", "pixel"] * 100,
    "e-mail": ["weekly", "never"] * 100,
    "species_id": WHO % 5,
    "key": WHO % 12,
    "key of C": WHO,
    "when": [f"2024-05-{1 + k % 28:02d}" for k in WHO],
    "date_id": [f"2024-05-{1 + k % 28:02d}" for k in WHO],
    "range": [f"{1000 + k}-{2000 + k}" for k in WHO],
    "version": [f"1.{k}.0" for k in WHO],
    "ip": [f"192.168.0.{k}" for k in WHO],
    "id": np.round(WHO + 0.5, 1),
    "note": [f"write to p{k}@example.org today" for k in WHO],
    "price": [f"{k},{k:02d} EUR" for k in WHO],
    "zip": [f"{10_000 + k}-{1234 + k}" for k in WHO],
    "DE number": [f"DE00{k:018d}" for k in WHO],  # no check digits of an IBAN
}


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_what_looks_like_an_identifier_is_named(name):
    X = pd.DataFrame({"x": RNG.normal(size=200), name: LOOK_ALIKES[name]})
    assert list(look_alikes(X)) == [name]
    assert look_alikes(X, [name]) == {}


@pytest.mark.parametrize("name", OTHERS)
def test_what_does_not_is_not_named(name):
    X = pd.DataFrame({"x": RNG.normal(size=200), name: OTHERS[name]})
    assert look_alikes(X) == {}


def test_look_alikes_are_never_used_quietly():
    y = (RNG.random(200) < 0.5).astype(int)
    X = pd.DataFrame({"x": RNG.normal(size=200), "user_id": WHO})
    X["row"] = RNG.permutation(200) + 1000
    notes = diagnose(X, y).notes
    assert "left out, since they name rows: row" in notes
    said = next(note for note in notes if note.startswith("used as features"))
    assert "user_id (its name); ids=['user_id'] leaves one out" in said
    for role in ({"ids": ["user_id"]}, {"groups": "user_id"}):
        assert not any("user_id" in note for note in diagnose(X, y, **role).notes)
