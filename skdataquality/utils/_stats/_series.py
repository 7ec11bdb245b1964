"""How much the rows of a series say, of which each resembles the one before."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import fft

from skdataquality.utils._stats._types import FloatArray

WINDOW = 5  # autocorrelation times over which autocorrelations are summed


def autocorrelation_time(values: ArrayLike) -> float:
    r"""Rows of a stationary series that say as much as one independent row.

    :math:`\tau = 1 + 2 \sum_{k \le M} \rho_k`, where the window M is the first lag that
    is at least five times the sum up to it (Sokal 1997, section 3), and the sum is its
    largest on the way: one over a whole season would cancel. The mean is estimated,
    which lowers each autocorrelation by about :math:`\tau / n`; that is given back.
    Missing values are the mean. Between 1 and n.

    >>> noise = np.random.default_rng(0).normal(size=4000)
    >>> smooth = np.convolve(noise, np.ones(10), mode="valid")  # tau is 10
    >>> 0.9 < autocorrelation_time(noise) < 1.2, 8 < autocorrelation_time(smooth) < 13
    (True, True)
    """
    x = np.asarray(values, dtype=np.float64)
    n = x.size
    known = np.isfinite(x)
    if n < 3 or not known.any():
        return 1.0
    x = np.where(known, x - x[known].mean(), 0.0)
    largest = np.abs(x).max()
    if largest == 0:
        return 1.0
    rho = _autocorrelations(x / largest)
    tau = 1.0
    for _ in range(3):  # the bias depends on what it biases
        lost = min(tau / n, 0.5)
        tau = _windowed(rho * (1 - lost) + lost)
    return float(min(max(tau, 1.0), n))


def _autocorrelations(x: FloatArray) -> FloatArray:
    size = fft.next_fast_len(2 * x.size)
    spectrum = np.abs(fft.rfft(x, size)) ** 2
    covariance = fft.irfft(spectrum, size)[: x.size] / np.arange(x.size, 0, -1)
    return covariance / covariance[0]


def _windowed(rho: FloatArray) -> float:
    sums = np.maximum.accumulate(1 + 2 * np.cumsum(rho[1 : math.ceil(rho.size / 2)]))
    far = np.arange(1, sums.size + 1) >= WINDOW * sums
    return float(sums[np.argmax(far)] if far.any() else sums[-1])
