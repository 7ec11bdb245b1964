"""When the rate of errors changed, and whether it did: :func:`change_point`."""

from numbers import Integral

import numpy as np

from skdataquality.provenance._changes._errors import read_errors
from skdataquality.provenance._changes._search import Search, Times
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._stats import check_open_unit
from skdataquality.utils._validation import check_same_length


def change_point(
    errors,
    order=None,
    *,
    groups=None,
    n_permutations=999,
    min_size=None,
    max_depth=1,
    alpha=0.05,
    random_state=None,
):
    r"""Ask when the rate of errors changed, and whether it did.

    Every place of one change is tried; the best one is compared with the best of
    permuted errors, so that it counts that many places were tried.

    Parameters
    ----------
    errors : array-like of shape (n_samples,), bool or number
        What is wrong with each row: flags (0 and 1 will do), for which rates are
        compared by a binomial likelihood ratio; or numbers such as losses, of which
        means are compared, after clipping at three robust scales.
    order : array-like of shape (n_samples,), default=None
        When each row was made: numbers, dates, or text that sorts by time. A change
        may lie only between two different moments. None is the order of the rows.
    groups : array-like of shape (n_samples,), default=None
        Whose rows depend on each other: batches, subjects, copies. Groups are then
        permuted whole, and sorted by the mean moment of their rows; a change may lie
        only between two of them.
    n_permutations : int, default=999
        At most; fewer are drawn where 20 of them reach what was seen. The p value is
        at least 1 / (n_permutations + 1).
    min_size : int, default=None
        Fewest rows on either side; None is a fiftieth of the rows, and 20 at least.
    max_depth : int, default=1
        From 2 on, both sides of a change that was found are asked in turn, each at
        half of the level, without the rows in the interval of the change (binary
        segmentation); 3 finds at most seven changes.
    alpha : float, default=0.05
        Level, in (0, 1): the chance at most to find a change where there is none.
    random_state : int, RandomState instance or None, default=None
        For the permutations; pass an int for the same p value every time.

    Returns
    -------
    change : ChangePoint

    Raises
    ------
    ValueError
        If errors are missing, infinite or no numbers, a row has no moment, lengths
        differ, or a number is out of its range.

    See Also
    --------
    ErrorAttribution : Asks this of every source.

    Notes
    -----
    Rows must be exchangeable if nothing changed. Where neighbours resemble each other
    (batches of different difficulty, an annotator's bad day) the p value is too small:
    pass ``groups``. A gradual change is found, and dated somewhere inside it. The mix
    of sources may change along time and the rate of all rows with it: ask every source.

    The 95 % interval of the position holds the places at which the ratio is less than
    7.35 below its maximum: on either side of a change the ratio is a random walk that
    exceeds x with chance exp(-x/2) at most, and :math:`(1 - e^{-7.35/2})^2 = .95`. The
    usual 3.84, the quantile of chi-squared, covers .73.

    References
    ----------
    .. [1] D. Hinkley, E. Hinkley, "Inference about the change-point in a sequence of
       binomial variables", Biometrika 57, 1970.
    .. [2] J. Besag, P. Clifford, "Sequential Monte Carlo p-values", Biometrika 78,
       1991.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.provenance import change_point
    >>> rng = np.random.default_rng(0)
    >>> flags = rng.random(2000) < np.repeat([0.03, 0.15], [1200, 800])
    >>> change = change_point(flags, random_state=0)
    >>> change.found, change.position_lower <= 1200 <= change.position_upper
    (True, True)
    """
    errors = read_errors(errors)
    check_same_length(errors=errors.tested, order=order, groups=groups)
    _check_counts(n_permutations=n_permutations, max_depth=max_depth)
    if min_size is not None:
        _check_counts(min_size=min_size)
    check_open_unit("alpha", alpha)
    search = Search(
        Times.read(order, groups, errors.size),
        n_permutations=n_permutations,
        min_size=min_size,
    )
    rng = np.random.default_rng(draw_seed(random_state))
    return search(errors, rng, alpha=alpha, depth=max_depth)


def _check_counts(**counts):
    for name, count in counts.items():
        if not isinstance(count, Integral) or isinstance(count, bool) or count < 1:
            raise ValueError(f"{name}={count!r}: pass a whole number of at least 1.")
