"""Scores on target rows from arrays: what models say of rows that they did not see."""

import numpy as np

from skdataquality.compose._calibration import fit_temperature
from skdataquality.shift._performance._opinions import Opinion, pooled_opinion
from skdataquality.shift._performance._shift_error import (
    FITTED,
    sampling_error,
    spread_of,
    z_of,
)
from skdataquality.shift._performance._verdict import (
    UNCHANGED,
    WEIGHTED,
    finished,
    flattening,
    method_estimate,
)
from skdataquality.shift._ratios import density_ratio, why_not_trusted
from skdataquality.utils._scoring import KnownScore, jackknife_error
from skdataquality.utils._stats import Interval, mann_whitney_auc

N_DRAWS = 30  # of labels of all target rows
CONFIDENT = "P(y | x) is unchanged, and confidence is as right as on training rows"
CONFIDENT_THERE = "P(y | x) is unchanged, and confidence is as right as where both lie"
SEVERAL = "P(y | x) is unchanged, and several models together know it where both lie"
THRESHOLD = "as many rows are right as are more confident than a fixed value"


def expected_performance(
    oof,
    codes,
    apart,
    *,
    new_proba=None,
    others=(),
    domain_auc=None,
    scoring="accuracy",
    level=0.9,
    random_state=0,
):
    """Expect the score of a classifier on target rows without their labels.

    Parameters
    ----------
    oof : OutOfFold
        Predictions of the training rows, and of the target rows unless ``new_proba``
        is given.
    codes : ndarray of shape (n_samples,), int
        Column of the label of each training row.
    apart : ToldApart
        Training and target rows told apart.
    new_proba : ndarray of shape (n_target, n_classes), default=None
        What the model fitted on all training rows says of the target rows; None takes
        the mean over the folds.
    domain_auc : float, default=None
        If known already.
    scoring : str or callable, default="accuracy"
    level : float, default=0.9
    random_state : int, default=0

    Returns
    -------
    expected : TargetPerformance
    """
    score = KnownScore(scoring, oof.classes)
    domain = apart.proba[: apart.n_samples]
    rows = oof.covered & np.isfinite(domain)
    for other in others:
        rows &= np.isfinite(other.proba).all(axis=1)
    if new_proba is None:
        new_proba = np.nanmean(oof.new_proba, axis=0)
    said = [new_proba, *(other.new_proba for other in others)]
    order = np.lexsort(np.hstack(said[::-1]).T)  # of any order, the same draws
    new_proba = new_proba[order]
    known = _Held(score, oof.proba[rows], codes[rows])
    auc = pooled_auc(apart) if domain_auc is None else domain_auc
    weights = density_ratio(domain[rows], new_proba.shape[0])
    others = [other.of(rows, order) for other in others]
    return _Expectation(
        known, new_proba, others, weights, auc, level, random_state
    ).result()


def pooled_auc(apart):
    """How well target rows are told from training rows; .5 if no fold held any out."""
    rows = np.isfinite(apart.proba) & apart.distinct
    side = apart.is_target[rows]
    if np.unique(side).size < 2:
        return 0.5
    return mann_whitney_auc(apart.proba[rows], side)[0]


class _Held:
    """Held-out training rows and the scores of them, or of some."""

    def __init__(self, score, proba, codes):
        self.score, self.proba, self.codes = score, proba, codes
        self.one_hot = np.eye(proba.shape[1])[codes]
        self.right = proba.argmax(axis=1) == codes

    def weighted(self, weights):
        """Return the score of weighted rows, and its standard error."""
        share = self.one_hot * weights[:, None]

        def of(kept):
            return self.score.of_labels(self.proba[kept], share[kept], strict=False)

        whole = self.score.of_labels(self.proba, share)
        return whole, jackknife_error(of, weights.shape[0])


class _Expectation:
    """The methods, on one shift."""

    def __init__(self, held, new_proba, others, weights, auc, level, random_state):
        self.opinions = [Opinion(held.proba, new_proba), *others]
        self.held, self.score, self.new_proba = held, held.score, new_proba
        self.weights, self.auc = weights, auc
        self.z, self.level, self.seed = z_of(level), level, random_state
        self.n_samples, self.n_target = weights.shape[0], new_proba.shape[0]
        self.answers = np.eye(new_proba.shape[1])[new_proba.argmax(axis=1)]

    def result(self):
        unchanged, error = self.held.weighted(np.ones(self.n_samples))
        plain = fit_temperature(self.held.proba, self.held.codes, bias=False)
        alone = self._calibrated_there(self.opinions[0])
        likely = alone
        if len(self.opinions) > 1:
            likely = self._calibrated_there(
                pooled_opinion(self.opinions, self.held.codes)
            )
        drawn = self._drawn_error(likely)
        sampling = np.hypot(drawn, np.nan_to_num(error))
        methods = self._methods(unchanged, error, plain, alone, likely, sampling)
        if self.score.name in ("accuracy", "accuracy_score"):
            methods.append(self._threshold(plain, error))
        best = unchanged + np.nan_to_num(error)
        estimate = self._recommended(likely, plain, best, sampling)
        spread = max(drawn * np.sqrt(self.n_target), error * np.sqrt(self.n_samples))
        return finished(
            scoring=self.score.name,
            estimate=estimate,
            methods=methods,
            spread=spread,
            auc=self.auc,
            weights=self.weights,
            n_target=self.n_target,
            z=self.z,
        )

    def _methods(self, unchanged, error, plain, alone, several, sampling):
        why_not = why_not_trusted(self.auc, self.weights)
        confident = plain.apply(self.new_proba)
        methods = [
            self._method("held out", unchanged, error, UNCHANGED),
            self._weighted(why_not),
            self._confidence("calibrated confidence", confident, sampling, CONFIDENT),
            self._confidence(
                "weighted confidence", alone, sampling, CONFIDENT_THERE, why_not
            ),
        ]
        if len(self.opinions) > 1:
            methods.append(
                self._confidence("several models", several, sampling, SEVERAL, why_not)
            )
        return methods

    def _calibrated_there(self, opinion):
        """Return how likely labels of target rows are; calibrated where both lie."""
        weights = self.weights ** flattening(self.weights)
        scaling = fit_temperature(opinion.proba, self.held.codes, sample_weight=weights)
        return scaling.apply(opinion.new_proba)

    def _method(self, name, score, error, assumption, why_not=None):
        return method_estimate(
            name, score, error * self.z, self.level, assumption, why_not
        )

    def _weighted(self, why_not):
        score, error = self.held.weighted(self.weights)
        return self._method("importance weighting", score, error, WEIGHTED, why_not)

    def _confidence(self, name, likely, error, assumption, why_not=None):
        score = self.score.of_labels(self.new_proba, likely)
        return self._method(name, score, error, assumption, why_not)

    def _drawn_error(self, likely):
        """Return the standard deviation of the score over labels drawn as likely."""
        rng = np.random.default_rng(self.seed)
        steps = likely.cumsum(axis=1)[:, :-1]
        each = np.eye(likely.shape[1])
        scores = []
        for _ in range(N_DRAWS):
            drawn = (rng.random((self.n_target, 1)) > steps).sum(axis=1)
            scores.append(
                self.score.of_labels(self.new_proba, each[drawn], strict=False)
            )
        known = np.array(scores)[np.isfinite(scores)]
        return float(known.std(ddof=1)) if known.size > 1 else 0.0

    def _threshold(self, calibration, error):
        """Average-threshold confidence; for accuracy alone."""
        calibrated = calibration.apply(self.held.proba)
        likely = calibration.apply(self.new_proba)
        ours = _of_answer(calibrated, self.held.proba)
        theirs = _of_answer(likely, self.new_proba)
        cut = np.sort(ours)[::-1][max(int(self.held.right.sum()) - 1, 0)]
        share = float((theirs >= cut).mean())
        error = np.hypot(error, np.sqrt(share * (1 - share) / self.n_target))
        return self._method("average threshold", share, error, THRESHOLD)

    def _recommended(self, likely, calibration, best, sampling):
        """Return the recommended interval, of an estimate of at most ``best``.

        Models rarely gain by a shift. The reach of the share
        right, below and above, is carried over to the score by labels that become as
        much less, or more, like what the model answers.
        """
        expected = self.score.of_labels(self.new_proba, likely)
        right = float((likely * self.answers).sum(axis=1).mean())
        held = float(self.held.right.mean())
        held += np.sqrt(held * (1 - held) / self.n_samples)
        share = min(right, held)
        below, above = self._reach(share, calibration)
        worse = self._toward(likely, self._others(likely), below / max(right, 1e-9))
        better = self._toward(likely, self.answers, above / max(1 - right, above, 1e-9))
        estimate = min(expected, best)
        lower = estimate - max(expected - worse, self.z * sampling)
        upper = estimate + max(better - expected, self.z * sampling)
        if self.score.name in ("accuracy", "accuracy_score"):
            lower, upper = estimate - below, estimate + above
        method = "as real shifts of this size miss, at least the noise of samples"
        return Interval(estimate, lower, upper, method, self.level)

    def _reach(self, share, calibration):
        calibrated = calibration.apply(self.new_proba)
        confidence = self.new_proba.max(axis=1).mean()
        doubt = max(
            float(confidence - _of_answer(calibrated, self.new_proba).mean()), 0.0
        )
        sampling = sampling_error(self.n_samples, self.n_target)
        below, above = FITTED.reach(
            spread_of(share), self.auc, doubt, sampling, self.level
        )
        return min(float(below), share), min(float(above), 1 - share)

    def _others(self, likely):
        """Labels as likely as they were, had the answer been wrong."""
        rest = likely * (1 - self.answers) + 1e-9 * (1 - self.answers)
        return rest / rest.sum(axis=1, keepdims=True)

    def _toward(self, likely, other, share):
        share = min(share, 1.0)
        return self.score.of_labels(
            self.new_proba, (1 - share) * likely + share * other
        )


def _of_answer(calibrated, proba):
    """Calibrated probability of the label that is answered."""
    return calibrated[np.arange(proba.shape[0]), proba.argmax(axis=1)]
