"""Temperature scaling with a bias for each class, which calibrates probabilities."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

SMALLEST = 1e-12
BOUNDS_LOG_TEMPERATURE = (-4, 4)
BOUNDS_BIAS = (-8, 8)


@dataclass(frozen=True)
class TemperatureScaling:
    """Calibrated probabilities are ``softmax(log p / temperature + bias)``."""

    temperature: float
    bias: np.ndarray  # (n_classes,), sums to 0

    def apply(self, proba):
        """Calibrate an (n_samples, n_classes) matrix of probabilities."""
        return softmax(_logits(proba) / self.temperature + self.bias, axis=1)


def fit_temperature(proba, codes, *, bias=True, sample_weight=None):
    """Fit temperature scaling, with a bias for each class, by the log-loss.

    Parameters
    ----------
    proba : ndarray of shape (n_samples, n_classes)
        Out-of-fold probabilities.
    codes : ndarray of shape (n_samples,), int
        Column of the label of each row.
    bias : bool, default=True
        False is plain temperature scaling.
    sample_weight : ndarray of shape (n_samples,), default=None

    Returns
    -------
    calibration : TemperatureScaling
        With a bias, the mean of the calibrated probabilities is the class shares.

    References
    ----------
    .. [1] A. Alexandari, A. Kundaje, A. Shrikumar, "Maximum likelihood with
       bias-corrected calibration is hard-to-beat at label shift adaptation", ICML 2020.
    """
    z, n_classes = _logits(proba), proba.shape[1]
    rows = np.arange(codes.shape[0])
    share = np.ones(rows.shape[0]) if sample_weight is None else sample_weight
    share = share / share.sum()

    def loss(parameters):
        scaled = z * np.exp(-parameters[0])
        logits = scaled + parameters[1:] if bias else scaled
        log_proba = log_softmax(logits, axis=1)
        gap = np.exp(log_proba)
        gap[rows, codes] -= 1
        gap *= share[:, None]
        slope = np.r_[-(gap * scaled).sum(), gap.sum(axis=0) if bias else []]
        return -float(share @ log_proba[rows, codes]), slope

    n_biases = n_classes if bias else 0
    best = minimize(
        loss,
        np.zeros(1 + n_biases),
        jac=True,
        method="L-BFGS-B",
        bounds=[BOUNDS_LOG_TEMPERATURE] + [BOUNDS_BIAS] * n_biases,
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 1000},
    ).x
    fitted = best[1:] if bias else np.zeros(n_classes)
    return TemperatureScaling(float(np.exp(best[0])), fitted - fitted.mean())


def _logits(proba):
    return np.log(np.maximum(proba, SMALLEST))
