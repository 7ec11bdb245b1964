"""Is a class rare, and does the model neglect it? :func:`imbalance_lens`."""

import numpy as np

from skdataquality.compose._default import measurable
from skdataquality.imbalance._lens._by_group import by_group, groups_part
from skdataquality.imbalance._lens._how_hard import hardness_part
from skdataquality.imbalance._lens._how_well import calls_part, scores_part, sizes_part
from skdataquality.imbalance._lens._in_use import in_use_part, shares_in_use
from skdataquality.imbalance._lens._result import ImbalanceLensResult
from skdataquality.imbalance._lens._seen import SHOWN, Part, Seen, share
from skdataquality.imbalance._lens._verdict import (
    facts,
    judge,
    paradox,
    remedies,
    severity,
    told_of_flags,
)
from skdataquality.imbalance._lens._where import with_slices
from skdataquality.imbalance._slices import as_mask
from skdataquality.utils._frames import are_documents, as_rows
from skdataquality.utils._lens import cannot_tell
from skdataquality.utils._probabilities import check_partial_proba
from skdataquality.utils._stats import proportion_interval
from skdataquality.utils._validation import check_same_length, encode_labels

DECIDED = (
    "Recall and precision are those of the model used for the diagnosis, deciding "
    "by the largest probability.",
)


def imbalance_lens(
    y,
    pred_proba,
    *,
    classes=None,
    X=None,
    splits=(),
    prior=None,
    y_target=None,
    flagged=None,
    groups=None,
    population=None,
    random_state=0,
):
    """Compare class sizes, and how well a model finds each class out of fold.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-fold probabilities, columns in the order of ``classes``; rows of NaN are
        left out.
    classes : array-like of shape (n_classes,), default=None
        None takes the sorted labels of ``y``.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features), \
            default=None
        For the neighbours of the rows of the rarest class, and copies among them
        (:func:`minority_difficulty`), where a class is rare, and for slices of one
        column in which the model fails (:func:`weak_slices`).
    splits : iterable of (train, test), default=()
        Row numbers of the folds, for the rows of the rarest class in each.
    prior : dict of label to share, default=None
        Class shares of where the model will be used; they sum to 1. If they differ from
        those of ``y`` (exact binomial test, or G-test of more than two classes), and by
        .05 of the rows at least, this is a finding of its own.
    y_target : array-like of shape (n_target,), default=None
        Labels of rows from there, instead; they are compared, but
        :func:`~skdataquality.shift.shift_lens` judges. With either the evidence says
        what precision is there.
    flagged : array-like of shape (n_samples,), bool, default=None
        Rows whose label looks wrong. A rare class of which more than half do, beyond
        chance, is no class to give weight to.
    groups : array-like of shape (n_samples,) or data frame, default=None
        Groups of rows, such as sites: shares, and how well each is predicted
        (:func:`group_report`).
    population : dict of group to share, default=None
        Their shares where the model will be used, of several columns by column. A group
        with less than .8 of its share, beyond chance, is a finding.
    random_state : int, default=0
        For draws of intervals.

    Returns
    -------
    result : ImbalanceLensResult
        "found" if the largest class has at least 3 times the rows of the smallest and
        the smallest is recalled worse than the others (Fisher's exact test), or at
        least 50 times; or if ``prior`` says other shares, or a group that is rarer than
        in the ``population`` is predicted worse, too. "suspect" if the largest has 3
        times the rows but the smallest is not recalled worse, if its labels look wrong,
        or if a group is rarer than in the population.

    Raises
    ------
    ValueError
        If lengths, probabilities or labels do not fit, or ``prior`` is no distribution
        over the classes.

    See Also
    --------
    minority_difficulty : How hard the rows of one class are.

    Notes
    -----
    Intervals of recall, precision and accuracy are those of Clopper and Pearson. Those
    of F1, balanced accuracy, the geometric mean of recalls and the correlation of
    Matthews come from draws of how the rows of each class are called, given the class
    sizes, from a Dirichlet posterior with half a row added where the class is called
    rightly, and half a row over the others: resampling rows collapses where no row of a
    rare class is found, or all are. That of the average precision is the score interval
    of a proportion of the rows of the class (Boyd, Eng and Page 2013).

    ``log_loss_skill`` is ``1 - log-loss / H`` with H the entropy of the class shares,
    ``rarest_lift`` the average precision over the share of the class, which is its
    value by chance, and ``rarest_mean_probability`` the mean probability over that
    share. Precision in use is that by Bayes' rule, with the recall of each class kept:
    wrong where rows of one class differ in the two places.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.imbalance import imbalance_lens
    >>> y = np.repeat([0, 1], [95, 5])
    >>> proba = np.tile([0.95, 0.05], (100, 1))
    >>> print(imbalance_lens(y, proba).summary)
    Class 1 has 5 of 100 rows, 19 times fewer than the largest; 0 % of them are found.
    """
    mask = None if flagged is None else as_mask(flagged)
    check_same_length(y=y, flagged=mask)
    result, seen = look(
        y,
        pred_proba,
        classes=classes,
        X=X,
        splits=splits,
        prior=prior,
        y_target=y_target,
        groups=groups,
        population=population,
        random_state=random_state,
    )
    if result.verdict == "cannot tell":
        return result
    if mask is not None:
        n_rows = int(seen.sizes[seen.rarest])
        is_rarest = seen.codes == seen.rarest
        result = told_of_flags(result, is_rarest, mask, n_rows, seen.codes.size)
    return with_slices(
        result,
        _cells_of(X),
        y,
        pred_proba,
        seen.classes,
        flagged=mask,
        random_state=random_state,
    )


def _cells_of(X):
    """Return the table whose slices are looked at, None of texts."""
    if X is None or are_documents(X):
        return None
    return measurable(as_rows(X), only_numbers=False)


def look(
    y,
    pred_proba,
    *,
    classes,
    X,
    splits,
    random_state,
    prior=None,
    y_target=None,
    groups=None,
    population=None,
):
    """Return the result without what doubts of labels say to it, and the `Seen`."""
    classes, codes = encode_labels(y, classes=classes)
    check_same_length(y=y, X=X)
    proba, covered = check_partial_proba(pred_proba, codes.size, classes.size)
    proba = proba if covered.all() else proba[covered]
    seen = Seen(classes, codes, covered, proba, random_state)
    if np.count_nonzero(seen.sizes) < 2:
        return cannot_tell(ImbalanceLensResult, "one_class"), seen
    used = shares_in_use(seen, prior, y_target)
    grouped = by_group(seen, groups, population)
    if not covered.any():
        return cannot_tell(ImbalanceLensResult, "no_predictions"), seen
    return _result(seen, used, grouped, X, splits), seen


def _result(seen, used, grouped, X, splits):
    verdict, reason_code, p_value = judge(seen, used, grouped)
    is_rare = reason_code == "rare_class"
    optional = [
        hardness_part(seen, X, splits) if is_rare else Part(),
        Part() if used is None else in_use_part(seen, used),
        Part() if grouped is None else groups_part(grouped),
    ]
    numbers = dict.fromkeys(ImbalanceLensResult.units) | _first_numbers(seen)
    evidence: dict = {}
    evidence_rows: dict = {}
    for part in (calls_part(seen), scores_part(seen), sizes_part(seen), *optional):
        numbers |= part.numbers
        evidence |= part.evidence
        evidence_rows |= part.evidence_rows
    recall = numbers["rarest_recall"]
    said = facts(reason_code, seen, recall, used, grouped)
    single = np.flatnonzero(seen.sizes == 1)
    predicted = ()
    if is_rare:
        accuracy, baseline = numbers["accuracy"], numbers["majority_baseline"]
        predicted = paradox(accuracy, baseline, recall, said["name"])
    return ImbalanceLensResult(
        verdict=verdict,
        severity=severity(verdict, reason_code, seen, used, grouped),
        reason_code=reason_code,
        summary=ImbalanceLensResult.sentence(reason_code, **said),
        numbers=numbers,
        p_value=p_value,
        evidence=evidence,
        evidence_rows=evidence_rows,
        predictions=predicted,
        remedies=() if single.size else remedies(verdict, reason_code),
        named=() if verdict == "clear" else (said["name"],),
        limits=(
            *_on_single(seen.classes[single].tolist()),
            *(limit for part in reversed(optional) for limit in part.limits),
            *DECIDED,
        ),
        n_told_apart=_told_apart(seen.truth, seen.proba[:, seen.rarest]),
    )


def _first_numbers(seen):
    sizes = seen.sizes
    return {
        "ratio": seen.ratio,
        "rarest_share": proportion_interval(int(sizes[seen.rarest]), int(sizes.sum())),
        "rarest_recall": share(seen.right[seen.truth == seen.rarest]),
        "accuracy": share(seen.right),
        "majority_baseline": float(sizes.max() / sizes.sum()),
    }


def _on_single(single):
    if not single:
        return ()
    named = ", ".join(map(str, single[:SHOWN]))
    return (
        f"{len(single)} class(es) of one row, such as {named}: mend typing errors "
        f"before any class is weighted up.",
    )


def _told_apart(truth, scores):
    return min(np.unique(scores[truth == k]).size for k in np.unique(truth))
