"""What overlap explains of the contradicted labels, and what it cannot.

Where classes overlap, labels contradict a model the less often the surer it is, and
hardly ever where it is sure. Wrong labels contradict sure predictions too: they leave a
floor. Both are fitted at once, by maximum likelihood: the given label of a row is drawn
from ``noise_matrix @ q``, where q is the model's probability to some power, so that it
is calibrated to the true classes.
"""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from scipy.optimize import minimize, minimize_scalar

from skdataquality.label_noise._confident import row_chunks, symmetric_noise
from skdataquality.label_noise._flags._disagreement import OWN_ERRORS
from skdataquality.label_noise._flags._plateau import is_useful

MOST_ROWS, MOST_CELLS = 20_000, 500_000  # fitted on; a few numbers need no more
FEWEST_ROWS = 2000  # however many classes there are
STARTS = ((1.0, 0.02), (2.0, 0.2))  # power beside that of overlap alone, noise rate
PRIOR_ROWS = 10  # of each true class, mislabelled like all others
N_ROUNDS, N_STEPS = 10, 4
LARGEST_POWER = 50.0


@dataclass(frozen=True)
class NoisyCalibration:
    """A model's probabilities as those of the true classes, and the noise on these.

    Made by :func:`fit_noisy_calibration`.

    Attributes
    ----------
    power : float
        To which probabilities are raised; below 1 they were too sure.
    noise_matrix : ndarray of shape (n_classes, n_classes)
        P(given | true); columns sum to 1. The identity if overlap explains all.
    n_samples : int
        Rows it was fitted on; smaller probabilities than 1 / n_samples are not trusted.
    """

    power: float
    noise_matrix: np.ndarray = field(repr=False)
    n_samples: int

    def true_proba(self, proba):
        """Turn out-of-sample probabilities of the model into those of true classes."""
        return _to_power(_smooth_logs(proba, self.n_samples), self.power)

    def wrong_proba(self, codes, proba):
        """Return how likely each given label is wrong, by Bayes' rule."""
        wrong = np.empty(codes.size)
        for rows in row_chunks(*proba.shape):
            given = codes[rows]
            joint = self.true_proba(proba[rows]) * self.noise_matrix[given]
            right, total = joint[np.arange(given.size), given], joint.sum(axis=1)
            right = np.divide(right, total, out=np.ones_like(total), where=total > 0)
            wrong[rows] = 1 - right
        return wrong


def fit_noisy_calibration(codes, proba, *, weight=None, power_spread=np.inf):
    """Fit the power and the noise matrix under which the given labels are likeliest.

    The matrix counts only if it gains more log likelihood than one for each two of its
    free cells: half of them are 0 by chance if there is no noise (the criterion of
    Akaike), and if the model is useful at all. Otherwise overlap explains the labels as
    well, and no label is noise. Of each true class 2 % are taken off the noise, as the
    sure errors that a good model makes by itself: an outlier is no rate of noise.

    A finite ``power_spread`` says that the model saw as many contradictions as there
    are, so that it is hardly too sure if labels are right: half a normal distribution
    of this spread, for the logarithm of powers below 1. It decides where confidence
    varies so little that a low power explains the labels as well as noise does.
    """
    n_samples, n_classes = proba.shape
    weight = np.ones(n_samples) if weight is None else weight / weight.mean()
    rows = _spread_rows(n_samples, n_classes)
    problem = _Problem(
        codes[rows],
        _smooth_logs(proba[rows], n_samples),
        weight[rows],
        n_classes,
        power_spread,
    )
    none = np.eye(n_classes)
    power = problem.best_power(none, 1.0, width=4.0)
    if not is_useful(np.mean(proba.argmax(axis=1) != codes), codes):
        return NoisyCalibration(power, none, n_samples)
    noisy_power, noise = problem.with_noise(power)
    gain = problem.likelihood(noisy_power, noise) - problem.likelihood(power, none)
    if gain * n_samples / rows.size <= n_classes * (n_classes - 1) / 2:
        return NoisyCalibration(power, none, n_samples)
    noise = _without_own_errors(noise)
    return NoisyCalibration(problem.best_power(noise, 1.0, width=4.0), noise, n_samples)


def _without_own_errors(noise):
    rate = 1 - noise.diagonal()
    kept = np.maximum(rate - OWN_ERRORS, 0) / np.maximum(rate, OWN_ERRORS)
    less = noise * kept
    np.fill_diagonal(less, 1 - rate * kept)
    return less


def _spread_rows(n_samples, n_classes):
    most = min(MOST_ROWS, max(FEWEST_ROWS, MOST_CELLS // n_classes))
    if n_samples <= most:
        return np.arange(n_samples)
    return np.linspace(0, n_samples - 1, most).astype(np.intp)


def _smooth_logs(proba, n_samples):
    """Logarithms of probabilities mixed with equal ones of the weight of one row."""
    proba = np.asarray(proba, dtype=float)
    return np.log((n_samples * proba + 1 / proba.shape[1]) / (n_samples + 1))


def _to_power(logs, power):
    logs = power * logs
    q = np.exp(logs - logs.max(axis=1, keepdims=True))
    return q / q.sum(axis=1, keepdims=True)


class _Problem:
    """Given labels, and the logarithms of a model's probabilities."""

    def __init__(self, codes, logs, weight, n_classes, power_spread):
        self.codes, self.logs, self.weight = codes, logs, weight
        self.n_classes = n_classes
        self.power_precision = 1 / power_spread**2
        self.every = np.arange(codes.size)
        self.labels = sp.csr_array(
            (weight, (codes, self.every)), shape=(n_classes, codes.size)
        )

    def likelihood(self, power, noise):
        """Log likelihood of the labels, and of the power."""
        q = _to_power(self.logs, power)
        if np.array_equal(noise, np.eye(self.n_classes)):
            given = q[self.every, self.codes]
        else:
            given = (q * noise[self.codes]).sum(axis=1)
        too_sure = min(np.log(power), 0)
        of_labels = self.weight @ np.log(np.maximum(given, np.finfo(float).tiny))
        return of_labels - self.power_precision * too_sure**2 / 2

    def best_power(self, noise, start, *, width):
        """Find the best power within e^width of the start, at most `LARGEST_POWER`."""
        upper = min(np.log(start) + width, np.log(LARGEST_POWER))
        found = minimize_scalar(
            lambda log: -self.likelihood(np.exp(log), noise),
            bounds=(min(np.log(start), upper) - width, upper),
            method="bounded",
            options={"xatol": 1e-3},
        )
        return float(np.exp(found.x))

    def with_noise(self, power):
        """Fit power and noise matrix, from one noise rate for all classes."""
        power, rate = self._with_one_rate(power)
        even = symmetric_noise(rate, self.n_classes)
        noise = even
        for _ in range(N_ROUNDS):
            power = self.best_power(noise, power, width=0.5)
            q = _to_power(self.logs, power)
            for _ in range(N_STEPS):
                joint = q * noise[self.codes]
                joint /= joint.sum(axis=1, keepdims=True)
                counts = self.labels @ joint + PRIOR_ROWS * even
                noise = counts / counts.sum(axis=0)
        return power, noise

    def _with_one_rate(self, power):
        """Fit power and the rate of noise that replaces a label by any other alike."""
        most = 0.99 * (1 - 1 / self.n_classes)
        found = [
            minimize(
                self._loss_and_slope,
                [np.log(min(power * factor, LARGEST_POWER)), min(rate, most)],
                jac=True,
                method="L-BFGS-B",
                bounds=[(-4, np.log(LARGEST_POWER)), (1e-4, most)],
            )
            for factor, rate in STARTS
        ]
        log_power, rate = min(found, key=lambda result: result.fun).x
        return float(np.exp(log_power)), float(rate)

    def _loss_and_slope(self, parameters):
        power, rate = np.exp(parameters[0]), parameters[1]
        other = rate / (self.n_classes - 1)
        q = _to_power(self.logs, power)
        own = q[self.every, self.codes]
        given = other + (1 - rate - other) * own
        own_logs = self.logs[self.every, self.codes]
        by_power = power * own * (own_logs - (q * self.logs).sum(axis=1))
        by_rate = (1 - own) / (self.n_classes - 1) - own
        weight, total = self.weight / given, self.weight.sum()
        too_sure = self.power_precision * min(parameters[0], 0)
        loss = too_sure * min(parameters[0], 0) / 2 - self.weight @ np.log(given)
        slope = [
            too_sure - (weight @ by_power) * (1 - rate - other),
            -(weight @ by_rate),
        ]
        return loss / total, np.array(slope) / total
