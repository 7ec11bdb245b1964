"""Whether flagged numbers stand apart, as no tail of the noise explains."""

import numpy as np

ANY_TAIL = 1.0  # index of the heaviest tail that all but has a mean
USUAL_TAIL = 2.0  # of the heaviest that all but has a variance
BULK = 2.0  # noise scales: gaps below it are no matter of tails
N_PERMUTATIONS = 2000
FEWEST_ROWS = 6  # of which a relation can be tested
MOST_WHOLE = 0.9
MOST_EQUAL = 0.5


def gap_p_value(studentised, index=ANY_TAIL):
    """P value of the widest gap in the sizes of residuals, for tails of an index.

    Of sizes with a Pareto tail of index a, ``a k log(s_k / s_(k+1))`` are independent
    standard exponentials, where ``s_k`` is the k-th largest (Renyi); of a lighter tail
    they are smaller. The largest is compared by Bonferroni. With the index 1 shoulders
    of a tail, as noise of two scales has them, are allowed for too.

    >>> import numpy as np
    >>> from skdataquality.label_noise._regression._apart import gap_p_value
    >>> gap_p_value(np.r_[np.linspace(-2.5, 2.5, 99), 40, 50, 60]) < 0.01
    True
    """
    size = np.sort(np.abs(studentised))[::-1]
    n_tail = int(min((size > BULK).sum(), size.shape[0] - 1))
    if n_tail == 0:
        return 1.0
    below = np.maximum(size[1 : n_tail + 1], BULK)
    k = np.arange(1, n_tail + 1)
    widest = (k * np.log(size[:n_tail] / below)).max()
    return float(min(1.0, n_tail * np.exp(-index * widest)))


def unrelated_p_value(residuals, predictions, flagged):
    """P value of the flagged residuals falling with the prediction.

    Noise, however heavy its tails, is added to what is right. The number of another
    row, a lost sign or a lost digit is not: the higher the prediction, the lower the
    residual. Residuals are permuted among the flagged rows, always in the same way.
    """
    r, p = residuals[flagged], predictions[flagged]
    if r.shape[0] < FEWEST_ROWS or np.ptp(p) == 0:
        return 1.0
    p = p - p.mean()
    rng = np.random.default_rng(0)
    shuffled = rng.permuted(np.tile(r, (N_PERMUTATIONS, 1)), axis=1) @ p
    return float((1 + (shuffled <= r @ p).sum()) / (1 + N_PERMUTATIONS))


def common_offset(residuals, scale, flagged):
    """Offset that nearly all flagged rows share, about as closely as noise does.

    None if there is none, or there are fewer than six rows. A kind of row that no
    column tells looks like that.
    """
    r = residuals[flagged]
    if r.shape[0] < FEWEST_ROWS:
        return None
    middle = np.median(r)
    same_side = np.mean(np.sign(r) == np.sign(middle))
    first, third = np.quantile(r, [0.25, 0.75])
    noise = np.median(scale[flagged]) * 1.349  # interquartile range of the normal
    if same_side < MOST_WHOLE or third - first > 2 * noise:
        return None
    return float(middle)


def common_value(y, flagged):
    """Return the number that at least half of the flagged rows hold, or None."""
    values, size = np.unique(y[flagged], return_counts=True)
    most = size.argmax()
    if size[most] < 3 or size[most] < MOST_EQUAL * flagged.sum():
        return None
    return float(values[most])
