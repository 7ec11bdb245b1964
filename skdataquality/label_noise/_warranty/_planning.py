"""Which rows to verify before a list can be promised: :func:`plan_warranty`."""

from dataclasses import replace
from math import ceil

import numpy as np

from skdataquality.label_noise._classes import check_at_least_one
from skdataquality.label_noise._warranty._plan import WarrantyPlan
from skdataquality.label_noise._warranty._rule import allowed, fewest_rows, rule_for
from skdataquality.label_noise._warranty._sequence import rows_to_ask
from skdataquality.utils._draws import own_rng
from skdataquality.utils._validation import check_same_length

FIRST_SHARE = 0.5  # of the ranking is in the first list
GROWTH = 1.15  # from one list to the next
NEARLY_ALL = 1.25  # rows for each verdict: then taking out those not wrong is enough
ROUNDED = 1.1  # a length may become so much longer


def plan_warranty(
    y,
    sample_scores,
    issue_mask=None,
    *,
    share=0.9,
    level=0.95,
    n_rows=50,
    cuts=None,
    random_state=None,
):
    r"""Choose rows to verify, to learn how long a list of wrong labels can be.

    After the verdicts, ``plan.evaluate`` names the longest list, from the top of the
    ranking, of which "at least 90 % of these rows are wrong" can be said with 95 %
    confidence, or says that there is none. This holds whatever the ranking is worth; a
    good one makes the list long.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels, or numbers.
    sample_scores : array-like of shape (n_samples,)
        Quality of each label, lower is more doubtful, as ``sample_scores_`` of a
        detector; NaN for a row that no list may hold. Ties go to the earlier row.
    issue_mask : array-like of shape (n_samples,), bool, default=None
        Rows that a list may hold, as ``issue_mask_`` of a detector; None: all.
    share : float, default=0.9
        Share of the list that is to be wrong, in (0, 1).
    level : float, default=0.95
        Confidence, in (0, 1).
    n_rows : int, default=50
        Most rows that a person is going to verify.
    cuts : array-like of int, default=None
        Lengths of the lists in question. None begins with half of the ranking
        and lengthens it by about 15 % at a time; a ranking of up to 1.25 `n_rows` is
        one list. Begin with a shorter one if the ranking is weak; choose before the
        first verdict.
    random_state : int, RandomState instance or None, default=None
        For the draw. To try several and keep one would void the warranty.

    Returns
    -------
    plan : WarrantyPlan

    Raises
    ------
    ValueError
        If an argument is out of range, nothing is ranked, or `n_rows` verdicts could
        not show it for the first list.

    Notes
    -----
    **The rule.** Lists :math:`L_1 \subset L_2 \subset \dots` of :math:`N_j` rows are
    fixed beforehand. All rows are put into one random order; restricted to a list, it
    is a random order of that list. A list is *good* if at most :math:`a_j(0)` of its
    rows are not wrong, where :math:`a_j(x) = \lfloor (1-q) N_j + q x \rfloor` and q is
    `share`. Lists are tested in turn, the shortest first; that of list j counts those
    not wrong among its first t rows, at some t ("looks"), and says

    - "good", if they are at most :math:`c_j(t)` at a look; then list j + 1 is tested;
    - "good without them", if they are more than that at the last look, but at most
      :math:`b_j`: of the x found, :math:`D_j \le a_j(x)` for the number :math:`D_j` of
      all not wrong in the list, so that without these x rows a share q is wrong;
    - else nothing. Testing ends with the first list that is not "good", and the last
      statement stands.

    The numbers :math:`c_j, b_j` are such that the test of list j *alone* makes a false
    statement with a probability of at most :math:`\alpha` = 1 - `level`, for each
    :math:`D_j`. The counts are hypergeometric, and the probability of a false statement
    at any of the looks is summed exactly.

    **Proof that a false list is named with a probability of at most** :math:`\alpha`.
    Which rows are wrong is fixed; the order is drawn independently of it. If all lists
    are good, every statement is true, for :math:`a_j(x) \ge a_j(0) \ge D_j`. Else let
    k be the first list that is not good: it depends on the rows, not on the order. For
    j < k statements are true for the same reason. A statement about a list j > k takes
    that list k was called "good", which is false. So whatever false statement stands,
    the test of list k, with all its verdicts, makes a false statement: probability at
    most :math:`\alpha`. This is fixed-sequence testing [1]_ with a confidence bound at
    its end [2]_; that lists overlap and share verdicts does not matter, nor how many
    lists there are. To take out further rows that were found not wrong leaves
    the number of wrong ones as it is, and the list shorter.

    **Any time, any order.** A statement needs all verdicts up to its look, and nothing
    but these. With fewer verdicts the test of a list says less, never anything else:
    false statements from a part of the verdicts are among those from all. So one may
    look after each verdict, stop, go on, skip rows (the test waits at the first skipped
    one), or verify others in between. What may not happen is a new draw, or
    new cuts, after a verdict.

    Of long lists it takes 33 verdicts without a right label, or 50 with one at most; of
    short ones, fewer, and of a list of 60, seven in 50 may be right. Lists of `n_rows`
    or fewer can be verified whole, and the answer is exact.

    The promise is for these rows, and needs no independence: copies and clusters are
    rows like others, each counted. It is for what the reviewer calls wrong; "cannot
    say" counts as not wrong.

    References
    ----------
    .. [1] W. Maurer, L. Hothorn, W. Lehmacher, "Multiple comparisons in drug clinical
       trials and preclinical assays: a-priori ordered hypotheses", Biometrie in der
       chemisch-pharmazeutischen Industrie 6, 3-18, 1995.
    .. [2] J. C. Hsu, R. L. Berger, "Stepwise confidence intervals without multiplicity
       adjustment for dose-response and toxicity studies", JASA 94, 468-482, 1999.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.label_noise import plan_warranty
    >>> y = np.zeros(2000)
    >>> score = np.linspace(0, 1, 2000)  # rows stand in the order of suspicion
    >>> is_wrong = np.random.default_rng(0).random(2000) < 1 - 20 * score**3
    >>> plan = plan_warranty(y, score, score < 0.15, random_state=0)
    >>> plan
    WarrantyPlan(43 of 300 rows to verify first, at most 50; lists of 150 to 300)
    >>> verdicts = {row: is_wrong[row] for row in plan.rows}  # a person's work
    >>> warranty = plan.evaluate(verdicts)
    >>> verdicts |= {row: is_wrong[row] for row in warranty.next_rows}
    >>> warranty = plan.evaluate(verdicts)
    >>> warranty.n_rows, warranty.n_unseen
    (210, 160)
    >>> bool(is_wrong[warranty.rows].mean() >= 0.9)
    True
    """
    y, score = np.asarray(y), _as_scores(sample_scores)
    check_same_length(y=y, sample_scores=score, issue_mask=issue_mask)
    if y.ndim != 1:
        raise ValueError(f"y has shape {y.shape}: pass one label for each row.")
    _check_settings(share, level, n_rows)
    ranking = _ranked(score, issue_mask)
    cuts = _checked_cuts(cuts, ranking.size, n_rows, share)
    if not rule_for(int(cuts[0]), n_rows, share, level).can_hold:
        least = fewest_rows(int(cuts[0]), share, level)
        raise ValueError(
            f"n_rows={n_rows} verdicts cannot show that {100 * share:g} % of "
            f"{cuts[0]} rows are wrong: it takes {least} or more, all of them wrong. "
            f"Verify more rows, or begin with a shorter list, as in cuts=[{n_rows}]."
        )
    turn = own_rng(random_state).permutation(ranking.size)
    plan = WarrantyPlan(
        rows=ranking[:0],
        ranking=ranking,
        turn=turn,
        cuts=cuts,
        share=float(share),
        level=float(level),
        n_rows=int(n_rows),
        y=y,
    )
    return replace(plan, rows=ranking[rows_to_ask(plan, {})])


def _check_settings(share, level, n_rows):
    for name, value in (("share", share), ("level", level)):
        if not (isinstance(value, int | float | np.floating) and 0 < value < 1):
            raise ValueError(f"{name}={value!r}: pass a number between 0 and 1.")
    check_at_least_one("n_rows", n_rows)


def _as_scores(sample_scores):
    scores = np.asarray(sample_scores)
    if scores.ndim != 1 or scores.dtype.kind not in "biuf":
        raise ValueError(
            f"sample_scores has shape {scores.shape} and dtype {scores.dtype}: pass "
            f"one number for each row, lower where the label is more doubtful."
        )
    return scores.astype(float)


def _ranked(score, issue_mask):
    """Rows that a list may hold, the most doubtful first."""
    may_be = ~np.isnan(score)
    if issue_mask is not None:
        mask = np.asarray(issue_mask)
        if mask.dtype.kind != "b":
            raise ValueError(
                f"issue_mask has dtype {mask.dtype}: pass True for each row that a "
                f"list may hold."
            )
        may_be &= mask
    rows = np.flatnonzero(may_be)
    if rows.size == 0:
        raise ValueError(
            f"issue_mask and sample_scores leave none of {score.size} rows to rank: "
            f"nothing is flagged, so there is nothing to promise."
        )
    return rows[np.argsort(score[rows], kind="stable")]


def _checked_cuts(cuts, n_ranked, n_rows, share):
    if cuts is None:
        return _usual_cuts(n_ranked, n_rows, share)
    cuts = np.asarray(cuts)
    if (
        cuts.ndim != 1
        or cuts.size == 0
        or cuts.dtype.kind not in "iu"
        or not 1 <= cuts.min() <= cuts.max() <= n_ranked
    ):
        raise ValueError(
            f"cuts={cuts.tolist()!r}: pass lengths of lists, integers from 1 to "
            f"{n_ranked}, the number of ranked rows."
        )
    return np.unique(cuts)


def _usual_cuts(n_ranked, n_rows, share):
    """Rising lengths, of the kind that is easiest to show.

    A list in which one more row may be not wrong than in one a row shorter is further
    from any list that is not good.
    """
    is_one = n_ranked <= NEARLY_ALL * n_rows
    length, cuts = n_ranked * (1 if is_one else FIRST_SHARE), []
    while length < n_ranked:
        rounded = next(
            (
                longer
                for longer in range(ceil(length), ceil(ROUNDED * length) + 1)
                if allowed(longer, share) > allowed(longer - 1, share)
            ),
            ceil(length),
        )
        cuts.append(min(rounded, n_ranked))
        length = GROWTH * cuts[-1]
    return np.unique([*cuts, n_ranked])
