"""Class shares of target rows, with what is known of their error."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats

from skdataquality.compose._priors import class_shares, correct_prior
from skdataquality.shift._label_shift._moments import class_means, rlls
from skdataquality.shift._label_shift._solutions import (
    SMALLEST,
    Solution,
    gather,
    solve_bbse,
    solve_em,
    solve_moments,
)
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._stats import SMALL_P, wilson

Z = stats.norm.isf(0.025)
TRUST_IN_EM = 0.5  # share of the expected squared difference; .25 to 1 do as well
KNOWN_FROM = 1e-10  # relative: smaller eigenvalues are rounding


@dataclass(frozen=True, eq=False, repr=False)
class PriorShift(ShownResult):
    """Class shares of training rows, and those estimated of target rows.

    Made by ``estimate_prior``. A class without a training row that has a prediction
    has a share of 0 in both and an interval of NaN.

    Attributes
    ----------
    training : ndarray of shape (n_classes,)
        (Weighted) shares in the training rows.
    estimate : ndarray of shape (n_classes,)
        Estimated shares where the target rows come from.
    interval : ndarray of shape (n_classes, 2)
        Of 95 % each, for the distribution that the target rows were drawn from.
    p_value : float
        Of the hypothesis that both have the same shares.
    agree : bool
        Whether maximum likelihood and black box shift estimation differ by no more
        than chance allows; if not, P(x | y) has changed, or
        the model is ill calibrated.
    p_agree : float
        P value of that comparison.
    condition_number : float
        Of the matrix of mean probabilities by class, at least 1: how much errors
        of means may grow; inf where the model cannot tell classes apart.
    method : str
        What the estimate comes from.
    estimates : dict of ndarrays of shape (n_classes,)
        By each method.
    n_labelled : int
        Target rows whose label was known.
    scaling : TemperatureScaling or None
        Calibration that was fitted to the out-of-fold probabilities.
    calibrated_for : ndarray of shape (n_classes,)
        Prior of the calibrated probabilities.
    """

    training: np.ndarray
    estimate: np.ndarray
    interval: np.ndarray
    p_value: float
    agree: bool
    p_agree: float
    condition_number: float
    method: str
    estimates: dict = field(repr=False)
    n_labelled: int = 0
    scaling: Any = field(default=None, repr=False)
    calibrated_for: np.ndarray = field(default_factory=lambda: np.ones(1), repr=False)

    @property
    def weights(self):
        """Estimated over training share of each class; 0 without a training row."""
        none = np.zeros_like(self.estimate)
        return np.divide(
            self.estimate, self.training, out=none, where=self.training > 0
        )

    def move(self, proba):
        """Calibrate probabilities of new rows, and move them to the estimated shares.

        Parameters
        ----------
        proba : ndarray of shape (n_rows, n_classes)
            Of a model like those that predicted the training rows.

        Returns
        -------
        proba : ndarray of shape (n_rows, n_classes)
        """
        known = self.calibrated_for > 0
        inner = _only(proba, known)
        if self.scaling is not None:
            inner = self.scaling.apply(inner)
        moved = np.zeros(proba.shape)
        new = self.estimate[known] / max(self.estimate[known].sum(), SMALLEST)
        moved[:, known] = correct_prior(inner, self.calibrated_for[known], new)
        return moved


def estimate_prior(
    oof_proba,
    codes,
    target_proba,
    *,
    target_codes=None,
    sample_weight=None,
    method="auto",
    soft=True,
    calibration="bcts",
):
    """Estimate the class shares of target rows, given that P(x | y) is the same.

    Parameters
    ----------
    oof_proba : ndarray of shape (n_samples, n_classes)
        Out-of-fold probabilities of the training rows; rows of NaN are left out.
    codes : ndarray of shape (n_samples,), int
        Their labels.
    target_proba : ndarray of shape (n_models, n_target, n_classes)
        What each fold's model says of the target rows. Each is compared with what
        these models say of training rows: the mean over models is a better model, whose
        probabilities have another distribution.
    target_codes : ndarray of shape (n_target,), int, default=None
        Known labels of target rows, -1 where there is none. They count as they are.
    sample_weight : ndarray of shape (n_samples,), default=None
        Of the training rows.
    method : {"auto", "em", "bbse", "rlls"}, default="auto"
        "auto" is "em" as far as the moments of the re-weighted training rows agree with
        it within chance, and moves to what these moments say as far as they do not.
    soft : bool, default=True
        Whether "bbse" and "rlls" use probabilities, not predicted classes.
    calibration : {"bcts", "temperature"} or None, default="bcts"

    Returns
    -------
    result : PriorShift
    """
    n_classes = oof_proba.shape[1]
    covered = np.isfinite(oof_proba).all(axis=1)
    if sample_weight is not None:
        covered &= sample_weight > 0
    weight = None if sample_weight is None else sample_weight[covered]
    training = class_shares(codes, n_classes, sample_weight)
    seen = class_shares(codes[covered], n_classes, weight) > 0
    known = np.zeros(target_proba.shape[1], dtype=bool)
    if target_codes is not None:
        known = target_codes >= 0
    models = np.isfinite(target_proba).all(axis=(1, 2))
    rows = _only(target_proba[models][:, ~known], seen)
    evidence = gather(
        _only(oof_proba[covered], seen),
        (np.cumsum(seen) - 1)[codes[covered]],
        rows,
        weight,
        calibration,
    )
    found = _solve(evidence, method, soft)
    labels = None if target_codes is None else target_codes[known]
    return _result(evidence, found, seen, training, labels, n_classes)


def _only(proba, seen):
    """Probabilities of the classes seen, as if there were no others."""
    if seen.all():
        return proba
    proba = np.maximum(proba[..., seen], np.finfo(float).tiny)
    return proba / proba.sum(axis=-1, keepdims=True)


@dataclass(frozen=True)
class _Found:
    """What the unlabelled rows say."""

    solution: Solution
    method: str
    estimates: dict
    p_agree: float
    condition: float


def _solve(evidence, method, soft):
    if evidence.target.shape[1] == 0:
        return None
    em, by_means = solve_em(evidence), solve_bbse(evidence)
    moments = solve_moments(evidence, em.prior)
    auto, used = _between(em, moments)
    chosen_means = by_means if soft else solve_bbse(evidence, soft=False)
    tables = (evidence.proba, evidence.codes, evidence.target)
    shrunken = rlls(*tables, soft=soft, sample_weight=evidence.weight)
    solutions = {
        "auto": auto,
        "em": em,
        "bbse": chosen_means,
        "rlls": chosen_means._replace(prior=shrunken),
        "moments": moments,
    }
    return _Found(
        solutions[method],
        used if method == "auto" else method,
        {name: solution.prior for name, solution in solutions.items()},
        _p_of_difference(by_means.minus(em)),
        _condition(evidence),
    )


def _between(em, moments):
    """Move from EM to the moments by the share of their difference beyond chance.

    The positive part of James and Stein, of two estimates of which the first is the
    less noisy and the second holds without calibration. It shrinks by half as much:
    that EM is without bias is no more than hoped for.
    """
    difference = moments.minus(em)
    distance, n_free = _distance(difference)
    by_chance = TRUST_IN_EM * n_free
    share = 0.0 if distance <= by_chance else 1 - by_chance / distance
    return em.moved(share, moments), "em" if share == 0 else "em and moments"


def _distance(difference):
    """Squared size of a difference in units of its covariance, and its dimension."""
    return _squared(difference.prior, difference.covariance())


def _squared(vector, covariance):
    values, axes = np.linalg.eigh(covariance)
    kept = values > KNOWN_FROM * max(values[-1], 0)
    along = axes[:, kept].T @ vector
    return float((along**2 / values[kept]).sum()), int(kept.sum())


def _p_of_difference(difference):
    distance, n_free = _distance(difference)
    return float(stats.chi2.sf(distance, n_free)) if n_free else 1.0


def _condition(evidence):
    by_class = class_means(
        evidence.proba, evidence.codes, evidence.shares.size, evidence.weight
    )
    number = float(np.linalg.cond(by_class))
    return number if number < 1 / np.finfo(float).eps else math.inf


def _result(evidence, found, seen, training, labels, n_classes):
    n_seen, n_known = int(seen.sum()), 0 if labels is None else labels.size
    n_open = evidence.target.shape[1]
    part = n_known / (n_known + n_open)
    inner, spread = np.zeros(n_classes), np.zeros(n_classes)
    if found is not None:
        inner[seen] = found.solution.prior
        spread[seen] = np.diag(found.solution.covariance())
    shares = np.zeros(n_classes) if n_known == 0 else class_shares(labels, n_classes)
    estimate = part * shares + (1 - part) * inner

    def whole(prior):
        full = np.zeros(n_classes)
        full[seen] = prior
        return part * shares + (1 - part) * full

    interval = _interval(estimate, part, spread, n_known + n_open)
    interval[~seen & (estimate == 0)] = np.nan
    scaled_for = np.zeros(n_classes)
    scaled_for[seen] = evidence.prior
    return PriorShift(
        training=training,
        estimate=estimate,
        interval=interval,
        p_value=_p_of_shift(evidence, labels, seen, part) if n_seen > 1 else 1.0,
        agree=found is None or found.p_agree >= SMALL_P,
        p_agree=1.0 if found is None else found.p_agree,
        condition_number=1.0 if found is None else found.condition,
        method="labels" if found is None else found.method,
        estimates={}
        if found is None
        else {name: whole(prior) for name, prior in found.estimates.items()},
        n_labelled=n_known,
        scaling=evidence.scaling,
        calibrated_for=scaled_for,
    )


def _interval(estimate, part, spread, n_target):
    """Return the ends of 95 % intervals, from the noise of drawing rows and the rest.

    The rows drawn have shares with the interval of Wilson; what the estimate adds by
    not knowing their labels is normal.
    """
    of_rows = estimate * (1 - estimate) / n_target
    total = (1 - part) * spread + part * of_rows
    rest = Z * np.sqrt(np.maximum(total - of_rows, 0))
    lower = wilson(np.floor(estimate * n_target).astype(int), n_target)[0]
    upper = wilson(np.ceil(estimate * n_target - 1e-9).astype(int), n_target)[1]
    ends = np.column_stack(
        [
            estimate - np.hypot(np.maximum(estimate - lower, 0), rest),
            estimate + np.hypot(np.maximum(upper - estimate, 0), rest),
        ]
    )
    return np.clip(ends, 0, 1)


def _p_of_shift(evidence, labels, seen, part):
    """P value that mean probabilities, and known labels, are those of training rows."""
    n_classes, codes = evidence.shares.size, evidence.codes
    one_hot = np.eye(n_classes)[codes]
    ours = one_hot * part + evidence.proba * (1 - part)
    mean = np.average(ours, axis=0, weights=evidence.weight)
    n_target = evidence.target.shape[1]
    theirs = evidence.target.mean(axis=0).sum(axis=0) if n_target else 0.0
    if labels is not None and labels.size:
        theirs = theirs + class_shares(labels, seen.size)[seen] * labels.size
        n_target += labels.size
    of_target = part * _covariance(one_hot) + (1 - part) * _covariance(evidence.proba)
    of_source = _covariance((ours - mean) * evidence.weight[:, None])
    covariance = of_source / codes.size + of_target / n_target
    distance, n_free = _squared(theirs / n_target - mean, covariance)
    if n_free == 0:
        return 1.0
    # the tails of a mean of few rows are heavier than those of the normal
    return float(stats.f.sf(distance / n_free, n_free, n_target))


def _covariance(rows):
    gap = rows - rows.mean(axis=0)
    return gap.T @ gap / rows.shape[0]
