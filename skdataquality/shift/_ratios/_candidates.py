"""Models that tell target from training rows, and which of them does it best."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.compose._default import domain_classifier
from skdataquality.shift._ratios._encoder import RowEncoder
from skdataquality.shift._ratios._odds import SMALLEST, clipped_logit
from skdataquality.shift._ratios._told_apart import FEW_ROWS
from skdataquality.utils._frames import are_documents
from skdataquality.utils._sklearn import num_samples

MOST_CELLS = 5_000_000  # of the table of squares and products
EQUAL_LOSS = 1e-4
SLOW_BOOSTING = {
    "learning_rate": 0.03,
    "max_iter": 300,
    "max_leaf_nodes": 5,
    "l2_regularization": 5.0,
    "max_features": 0.5,
}
QUICK_BOOSTING = SLOW_BOOSTING | {
    "learning_rate": 0.1,
    "max_iter": 150,
    "max_leaf_nodes": 8,
}
SLOW_ROWS = 20_000  # of both sides
LARGEST_COEF = 2.0  # of a model's logit in a blend
BOOSTING = "boosting"


def candidates(pooled, X, n_target, random_state=0):
    """Unfitted classifiers of the pooled rows by name, the simplest first.

    Sparse tables and texts have a linear one alone. Beyond 5,000,000 cells the
    quadratic one is left out, and the squares alone remain; beyond 20,000 rows boosting
    takes fewer and larger steps.
    """
    n = num_samples(pooled)
    boosting = domain_classifier(
        pooled,
        random_state=random_state,
        X=X,
        early_stopping=min(n - n_target, n_target) >= FEW_ROWS,
        **(SLOW_BOOSTING if n <= SLOW_ROWS else QUICK_BOOSTING),
    )
    if are_documents(pooled) or sp.issparse(pooled):
        return {"linear": boosting}
    encoder = RowEncoder().fit(pooled)
    encode = FrozenEstimator(encoder)
    found = {
        "linear": make_pipeline(encode, _logistic(1.0)),
        "squares": make_pipeline(encode, Squares(), _logistic(0.1)),
        "quadratic": make_pipeline(encode, Squares(products=True), _logistic(0.1)),
        BOOSTING: boosting,
    }
    if n * encoder.width_ * (encoder.width_ + 3) / 2 > MOST_CELLS:
        del found["quadratic"]
    return found


class Squares(TransformerMixin, BaseEstimator):
    """Columns and their squares, and maybe the products of two, standardised.

    Parameters
    ----------
    products : bool, default=False
        Whether to add the product of every two columns.
    """

    def __init__(self, products=False):
        self.products = products

    def fit(self, X, y=None):
        """Learn the scales of all columns."""
        self._scaler = StandardScaler().fit(self._columns(X))
        return self

    def transform(self, X):
        """Return the wider table."""
        return self._scaler.transform(self._columns(X))

    def _columns(self, X):
        parts = [X, X**2]
        if self.products:
            first, second = np.triu_indices(X.shape[1], 1)
            parts.append(X[:, first] * X[:, second])
        return np.hstack(parts)


def squares_model():
    """Return logistic regression on standardised columns and their squares."""
    return make_pipeline(Squares(), _logistic(0.1))


def _logistic(C):
    return LogisticRegression(C=C, max_iter=1000)


def held_out_losses(probas, is_target, weight):
    """Mean log-loss of each candidate, over rows that were held out."""
    return {
        name: float(np.average(-_log_likelihood(_logits(p), is_target), weights=weight))
        for name, p in probas.items()
    }


def choose(losses):
    """Name of the least loss; the first of those within a ten-thousandth of it."""
    least = min(losses.values())
    return next(name for name, loss in losses.items() if loss <= least + EQUAL_LOSS)


def best_pair(losses):
    """Names of the best logistic model and of boosting, as far as there are both."""
    logistic = {name: loss for name, loss in losses.items() if name != BOOSTING}
    return [choose(logistic), *(name for name in losses if name == BOOSTING)]


@dataclass(frozen=True, eq=False)
class Blend:
    """Weighted sum of the logits of models, as a classifier."""

    models: dict[str, Any]
    coef: dict[str, float]
    intercept: float

    def of(self, probas):
        """P(target) from that of each model: ndarray of shape (n_rows,)."""
        logits = sum(c * _logits(probas[name]) for name, c in self.coef.items())
        return expit(logits + self.intercept)

    def __call__(self, X):
        """P(target) of rows."""
        return self.of(
            {name: model.predict_proba(X)[:, 1] for name, model in self.models.items()}
        )


def fit_blend(probas, is_target, weight):
    """Return coefficients of the logits and the intercept of least log-loss.

    A single model is only shrunk, its coefficient being at most 1; two may sum up. None
    is negative, so that weights cannot be turned round where there is no shift.
    """
    rows = np.column_stack([_logits(p) for p in probas.values()])
    n_models = rows.shape[1]
    most = LARGEST_COEF if n_models > 1 else 1.0
    total = weight.sum()

    def loss(values):
        logits = rows @ values[:-1] + values[-1]
        slope = weight * (expit(logits) - is_target) / total
        return (
            -(weight * _log_likelihood(logits, is_target)).sum() / total,
            np.append(slope @ rows, slope.sum()),
        )

    found = minimize(
        loss,
        np.append(np.full(n_models, 1 / n_models), 0.0),
        jac=True,
        bounds=[(0, most)] * n_models + [(None, None)],
        method="L-BFGS-B",
    )
    coef = dict(zip(probas, found.x[:-1].tolist(), strict=True))
    used = {name: value for name, value in coef.items() if value > 0}
    # of models that know nothing one is kept, with the coefficient 0
    return used or dict([coef.popitem()]), float(found.x[-1])


def _logits(proba):
    return clipped_logit(proba, SMALLEST)


def _log_likelihood(logits, is_target):
    return is_target * logits - np.logaddexp(0, logits)
