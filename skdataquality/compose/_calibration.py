"""Temperature scaling with a bias for each class, which calibrates probabilities."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from skdataquality.compose._priors import class_shares

SMALLEST = 1e-12
SMOOTHING = 0.02  # of what may be votes: whose agreement says 0 or 1 too soon
BOUNDS_LOG_TEMPERATURE = (-4, 4)
BOUNDS_BIAS = (-8, 8)


@dataclass(frozen=True)
class TemperatureScaling:
    """Calibrated probabilities are ``softmax(log p / temperature + bias)``.

    ``p`` has the share ``smoothing`` of the class shares ``prior`` mixed in before.
    """

    temperature: float
    bias: np.ndarray  # (n_classes,), sums to 0
    smoothing: float = 0.0
    prior: np.ndarray | None = None  # (n_classes,)

    def apply(self, proba):
        """Calibrate an (n_samples, n_classes) matrix of probabilities."""
        mixed = _smoothed(proba, self.smoothing, self.prior)
        return softmax(_logits(mixed) / self.temperature + self.bias, axis=1)


def fit_temperature(proba, codes, *, bias=True, sample_weight=None, smoothing=0.0):
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
    smoothing : float, default=0.0
        In [0, 1): how much of the class shares is mixed into the probabilities, before
        all else. A forest whose trees all agree says 0 or 1, and the logarithms of
        few such rows would decide the temperature.

    Returns
    -------
    calibration : TemperatureScaling
        With a bias, the mean of the calibrated probabilities is the class shares.

    References
    ----------
    .. [1] A. Alexandari, A. Kundaje, A. Shrikumar, "Maximum likelihood with
       bias-corrected calibration is hard-to-beat at label shift adaptation", ICML 2020.
    """
    n_classes = proba.shape[1]
    prior = class_shares(codes, n_classes, sample_weight) if smoothing else None
    z = _logits(_smoothed(proba, smoothing, prior))
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
    return TemperatureScaling(
        float(np.exp(best[0])), fitted - fitted.mean(), smoothing, prior
    )


def _smoothed(proba, smoothing, prior):
    return (1 - smoothing) * proba + smoothing * prior if smoothing else proba


def _logits(proba):
    return np.log(np.maximum(proba, SMALLEST))
