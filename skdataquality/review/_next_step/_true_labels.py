"""What the true labels may be: a distribution from which they are drawn."""

from dataclasses import dataclass

import numpy as np

from skdataquality.label_noise import estimate_joint
from skdataquality.utils._prediction_guards import known_to_be_held_out

RATES = np.concatenate([[0.0], np.geomspace(0.005, 0.6, 24)])
POWERS = np.geomspace(0.5, 4, 13)
# chosen on the half "tuning" of benchmarks/active_learning/next_step.py
TYPICAL_RATE = 0.12
NO_NOISE = 0.25  # chance that every label is right
POWER_SPREAD = 0.4
EFFECTIVE_SHARE = 0.5
MOST_ROWS = 4000
MOST_OF_CHANCE, MOST_PROCESSES = 0.9, 30
TINY = 1e-12


@dataclass(frozen=True, eq=False)
class TrueLabels:
    """Processes by which labels may have come about, and how likely each is.

    A process is a power to which the probabilities of the model are raised, so that
    they are those of the true classes, and a matrix P(given label | true class).

    Parameters
    ----------
    codes : ndarray of shape (n_samples,), int
        Given labels.
    logs : ndarray of shape (n_samples, n_classes)
        Logarithms of the model's probabilities.
    known : ndarray of shape (n_samples, n_classes), bool
        Classes that a row may have: one for a verified row.
    flows : list of ndarray of shape (n_classes, n_classes)
        Kinds of noise: share of each true class (column) that gets each other label
        (row) at an overall rate of 1.
    chance : ndarray of shape (n_flows, n_powers, n_rates)
        Probability of each process; sums to 1.
    """

    codes: np.ndarray
    logs: np.ndarray
    known: np.ndarray
    flows: list
    chance: np.ndarray

    def draw(self, rng):
        """Draw a process, and the true labels under it; shape (n_samples,), int."""
        at = rng.choice(self.chance.size, p=self.chance.ravel())
        flow, power, rate = np.unravel_index(at, self.chance.shape)
        posterior = self._posterior(flow, power, rate)
        drawn = posterior.cumsum(axis=1) < rng.random(self.codes.size)[:, None]
        return np.minimum(drawn.sum(axis=1), posterior.shape[1] - 1)

    def _posterior(self, flow, power, rate):
        noise = _noise_matrix(self.flows[flow], RATES[rate])
        joint = _to_power(self.logs, POWERS[power]) * noise[self.codes] * self.known
        total = joint.sum(axis=1, keepdims=True)
        given = np.eye(joint.shape[1])[self.codes]
        return np.divide(joint, total, out=given, where=total > 0)

    def wrong_chance(self):
        """Return how likely each given label is wrong, over the likeliest processes."""
        order = np.argsort(-self.chance.ravel(), kind="stable")
        reached = np.cumsum(self.chance.ravel()[order])
        kept = order[: 1 + np.searchsorted(reached, MOST_OF_CHANCE)][:MOST_PROCESSES]
        chance = self.chance.ravel()[kept]
        right = np.zeros(self.codes.size)
        for at, weight in zip(kept, chance / chance.sum(), strict=True):
            posterior = self._posterior(*np.unravel_index(at, self.chance.shape))
            right += weight * posterior[np.arange(self.codes.size), self.codes]
        return 1 - right

    def rate_draws(self, rng, size):
        """Draw rates of wrong labels, ndarray of shape (size,)."""
        of_rate = self.chance.sum(axis=(0, 1))
        return rng.choice(RATES, size, p=of_rate)


def fit_true_labels(codes, proba, *, known=None):
    """Find how likely each process is, from given labels and held-out probabilities.

    The likelihood of a process is that of the given labels; of a verified row that of
    the given and of the right label at once, so that verdicts count wherever they were
    drawn. Small rates are likelier beforehand, and so are powers near 1.
    """
    n_rows, n_classes = proba.shape
    known = np.ones(proba.shape, dtype=bool) if known is None else known
    logs = np.log((n_rows * proba + 1 / n_classes) / (n_rows + 1))
    flows = _kinds_of_noise(codes, proba)
    is_verified = ~known.all(axis=1)
    rows = _looked_at(is_verified)
    share = (
        EFFECTIVE_SHARE
        * (n_rows - is_verified.sum())
        / max(1, rows.size - is_verified.sum())
    )
    weight = np.where(is_verified[rows], 1.0, share)
    chance = np.empty((len(flows), POWERS.size, RATES.size))
    for p, power in enumerate(POWERS):
        q = _to_power(logs[rows], power)
        for f, flow in enumerate(flows):
            chance[f, p] = _log_likelihood(codes[rows], q, known[rows], flow, weight)
    chance -= 0.5 * (np.log(POWERS)[:, None] / POWER_SPREAD) ** 2
    chance += _log_prior_of_rates()
    chance = np.exp(chance - chance.max())
    return TrueLabels(codes, logs, known, flows, chance / chance.sum())


def _log_prior_of_rates():
    """Return the logarithm of an atom at 0 and of an exponential distribution."""
    prior = np.gradient(RATES) * np.exp(-RATES / TYPICAL_RATE)
    prior[0] = 0.0
    prior *= (1 - NO_NOISE) / prior.sum()
    prior[0] = NO_NOISE
    return np.log(prior)


def _looked_at(is_verified):
    """Return verified rows and as many others as are enough, at equal distances."""
    others = np.flatnonzero(~is_verified)
    if others.size > MOST_ROWS:
        others = others[np.linspace(0, others.size - 1, MOST_ROWS).astype(np.intp)]
    return np.concatenate([np.flatnonzero(is_verified), others])


def _log_likelihood(codes, q, known, flow, weight):
    """Logarithm of the likelihood at each of RATES; P(given) is linear in the rate."""
    number = np.arange(codes.size)
    possible = q * known
    right = possible[number, codes]
    into = (possible * flow[codes]).sum(axis=1)
    out_of = right * flow.sum(axis=0)[codes]
    given = right[:, None] + RATES * (into - out_of)[:, None]
    likelihood = weight @ np.log(np.maximum(given, TINY))
    # of a true class its own label is the most frequent, or nothing can be learned
    most = RATES * (flow.sum(axis=0) + flow.max(axis=0)).max()
    return np.where(most <= 1, likelihood, -np.inf)


def _noise_matrix(flow, rate):
    noise = rate * flow
    return noise + np.diag(1 - noise.sum(axis=0))


def _kinds_of_noise(codes, proba):
    """Uniform noise, that of the confident joint, and of two classes either alone."""
    n_classes = proba.shape[1]
    uniform = (1 - np.eye(n_classes)) / (n_classes - 1)
    with known_to_be_held_out():
        joint = estimate_joint(codes, proba, classes=np.arange(n_classes))
    confused = joint * (1 - np.eye(n_classes))
    flows = [uniform]
    if confused.sum() > 0:
        confused = confused / np.maximum(joint.sum(axis=0), TINY) / confused.sum()
        flows += [confused, (uniform + confused) / 2]
    if n_classes == 2:
        share = np.bincount(codes, minlength=2) / codes.size
        flows += [uniform * np.eye(2)[c] / max(share[c], TINY) for c in (0, 1)]
    return flows


def _to_power(logs, power):
    q = np.exp(power * (logs - logs.max(axis=1, keepdims=True)))
    return q / q.sum(axis=1, keepdims=True)
