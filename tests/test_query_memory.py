"""No strategy holds a matrix of rows by rows, nor of rows by picks."""

import tracemalloc

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression

from tests.catalogue import QUERY_STRATEGIES

N_ROWS, N_COLUMNS, N_PICKS = 50_000, 8, 100


@pytest.mark.parametrize(
    "strategy", QUERY_STRATEGIES, ids=lambda each: type(each).__name__
)
def test_a_query_takes_a_few_numbers_a_row_beside_the_embedding(strategy):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N_ROWS, N_COLUMNS)).astype(np.float32)
    y = np.full(N_ROWS, -1)
    y[:30] = np.arange(30) % 2
    model = LogisticRegression().fit(X[:30], y[:30])
    strategy = clone(strategy).set_params(estimator=FrozenEstimator(model))
    if "embedding" in strategy.get_params():
        strategy.set_params(embedding="passthrough")
    strategy.fit(X, y)
    strategy.query(2)  # what is imported on the first call is no memory of the query
    tracemalloc.start()
    rows = strategy.query(N_PICKS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows.size == N_PICKS
    assert peak < 5 * N_ROWS * 8 + X.nbytes
