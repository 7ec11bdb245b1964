"""Class shares of target rows with what each row adds to them: EM, and moments.

The influence of a row is the first order of its effect: an estimate errs by the mean of
the influences of training rows plus that of target rows. Variances, and tests of the
difference of two estimates, follow without resampling.
"""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from skdataquality.compose._calibration import fit_temperature
from skdataquality.compose._priors import class_shares, em_prior
from skdataquality.shift._label_shift._moments import class_means, said, solve_shares

SMALLEST = 1e-12
N_ROUNDS = 3  # of choosing the functions whose moments are compared


@dataclass(frozen=True)
class Evidence:
    """Probabilities of training and target rows, every class with a training row."""

    proba: np.ndarray  # (n_samples, n_classes), calibrated
    codes: np.ndarray  # (n_samples,)
    target: np.ndarray  # (n_models, n_target, n_classes), calibrated
    shares: np.ndarray  # (n_classes,), of the training rows
    weight: np.ndarray  # (n_samples,), of mean 1
    logits: np.ndarray | None = None  # (n_models, n_target, n_classes), uncalibrated
    parameters: np.ndarray | None = None  # (n_samples, 1 + n_classes), influences
    curvature: np.ndarray | None = None  # of the log-loss, by the parameters
    scaling: Any = None

    @property
    def prior(self):
        """Mean of the calibrated probabilities, that for which they are calibrated."""
        return np.average(self.proba, axis=0, weights=self.weight)


class Solution(NamedTuple):
    """Shares of the classes and the influence of each row on them."""

    prior: np.ndarray  # (n_classes,)
    source: np.ndarray  # (n_samples, n_classes)
    target: np.ndarray  # (n_target, n_classes)

    def covariance(self):
        """Of the shares: (n_classes, n_classes)."""
        return _of_mean(self.source) + _of_mean(self.target)

    def minus(self, other):
        """Return the difference from another solution of the same rows."""
        return Solution(*(a - b for a, b in zip(self, other, strict=True)))

    def moved(self, share, other):
        """Return the solution that lies so far on the way to another one."""
        return Solution(
            *((1 - share) * a + share * b for a, b in zip(self, other, strict=True))
        )


def _of_mean(influence):
    return influence.T @ influence / influence.shape[0] ** 2


def gather(proba, codes, target, sample_weight, calibration):
    """Calibrate the probabilities; say how the parameters hang on training rows."""
    n, n_classes = proba.shape
    weight = (
        np.ones(n) if sample_weight is None else sample_weight / sample_weight.mean()
    )
    shares = class_shares(codes, n_classes, weight)
    evidence = Evidence(proba, codes, target, shares, weight)
    if calibration is None:
        return evidence
    has_bias = calibration == "bcts"
    scaling = fit_temperature(proba, codes, bias=has_bias, sample_weight=weight)
    calibrated = scaling.apply(proba)
    logits = np.log(np.maximum(proba, SMALLEST))
    curvature = _curvature(calibrated, logits, weight)
    return replace(
        evidence,
        proba=calibrated,
        target=scaling.apply(target.reshape(-1, n_classes)).reshape(target.shape),
        logits=np.log(np.maximum(target, SMALLEST)),
        parameters=_parameter_influence(
            calibrated, logits, codes, weight, curvature, has_bias
        ),
        curvature=curvature,
        scaling=scaling,
    )


def _parameter_influence(p, logits, codes, weight, curvature, has_bias):
    """Influence of training rows on ``1 / temperature`` and the biases."""
    gap = p.copy()
    gap[np.arange(codes.size), codes] -= 1
    slope = np.column_stack([(gap * logits).sum(axis=1), gap]) * weight[:, None]
    if not has_bias:
        slope[:, 1:] = 0
        curvature = np.diag(np.r_[curvature[0, 0], np.zeros(gap.shape[1])])
    return -slope @ np.linalg.pinv(curvature, rcond=1e-10, hermitian=True)


def _curvature(p, logits, weight):
    """Second derivatives of the log-loss by ``1 / temperature`` and the biases."""
    n, n_classes = p.shape
    share = weight / n
    mean = (p * logits).sum(axis=1, keepdims=True)
    beside = share @ (p * (logits - mean))
    curvature = np.empty((1 + n_classes, 1 + n_classes))
    curvature[0, 0] = share @ (p * (logits - mean) ** 2).sum(axis=1)
    curvature[0, 1:] = curvature[1:, 0] = beside
    curvature[1:, 1:] = np.diag(share @ p) - (p * share[:, None]).T @ p
    return curvature


def solve_em(evidence):
    """Shares by maximum likelihood, which trusts the calibration."""
    n_classes = evidence.shares.size
    prior = evidence.prior
    rows = evidence.target.reshape(-1, n_classes)
    q = em_prior(rows, prior)
    ratio = rows / prior
    mixed = ratio @ q
    score = ratio / np.maximum(mixed, SMALLEST)[:, None]
    information = score.T @ score / score.shape[0]
    inverse = np.linalg.pinv(information, rcond=1e-10, hermitian=True)
    target = (score - 1).reshape(evidence.target.shape).mean(axis=0) @ inverse
    source = _through_parameters(evidence, score, information, q, prior) @ inverse
    return Solution(q, source, target)


def _through_parameters(evidence, score, information, q, prior):
    """Influence of training rows on the mean score, through calibration and prior."""
    by_bias = np.diag(score.mean(axis=0)) - information * q
    of_prior = (evidence.proba - prior) * evidence.weight[:, None]
    moved = np.zeros_like(of_prior)
    if evidence.parameters is not None:
        logits = evidence.logits.reshape(score.shape)
        centred = logits - ((score * q) * logits).sum(axis=1, keepdims=True)
        slopes = np.column_stack([(score * centred).mean(axis=0), by_bias])
        moved = evidence.parameters @ slopes.T
        # the mean probability moves with a parameter as the log-loss bends
        of_prior = of_prior + evidence.parameters @ evidence.curvature[1:].T
    return moved - (of_prior / prior) @ by_bias.T


def solve_bbse(evidence, *, soft=True):
    """Shares by black box shift estimation."""
    return _solve_moments(
        evidence, said(evidence.proba, soft), said(evidence.target, soft)
    )


def solve_moments(evidence, start):
    """Shares by the moments that are least noisy, whatever the calibration.

    Black box shift estimation holds for any functions f of the row. Those for which
    the errors of ``mean(f | y)`` and ``mean_target(f)`` matter least are probabilities
    for the prior ``c_j ~ q_j^2 / n_j + q_j / n_target``: for two classes they minimise
    ``sum_j c_j var(f | y = j)`` at a given distance of the class means. The search
    starts from the shares ``start`` for q.
    """
    n_target = evidence.target.shape[1]
    size = evidence.shares * evidence.codes.size
    prior, solution = evidence.prior, None
    q = start
    for _ in range(N_ROUNDS):
        floored = np.maximum(q, 1 / n_target)
        noise = floored * (floored / size + 1 / n_target)
        ratio = noise / prior
        solution = _solve_moments(
            evidence, _tilted(evidence.proba, ratio), _tilted(evidence.target, ratio)
        )
        q = solution.prior
    return solution


def _tilted(proba, ratio):
    moved = proba * ratio
    return moved / np.maximum(moved.sum(axis=-1, keepdims=True), SMALLEST)


def _solve_moments(evidence, values, target_values):
    n_classes, codes = evidence.shares.size, evidence.codes
    by_class = class_means(values, codes, n_classes, evidence.weight)
    mean = target_values.reshape(-1, n_classes).mean(axis=0)
    q = solve_shares(by_class, mean)
    inverse = np.linalg.pinv(by_class, rcond=1e-6).T
    importance = (q / evidence.shares)[codes] * evidence.weight
    source = -((values - by_class.T[codes]) * importance[:, None]) @ inverse
    return Solution(q, source, (target_values.mean(axis=0) - mean) @ inverse)
