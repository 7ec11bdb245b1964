"""Are labels wrong? :func:`label_noise_lens`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import stats

from skdataquality.label_noise._confident import (
    calibrated,
    confident_guesses,
    count_joint,
    match_partial,
    off_diagonal_rate,
)
from skdataquality.label_noise._flags import (
    FEWEST_ANCHORS,
    FILTERS,
    Options,
    is_useful,
    most_probable,
    plateau_of,
)
from skdataquality.label_noise._lens_evidence import evidence_tables
from skdataquality.label_noise._remedies import FOR_REVIEW, NoisePruningClassifier
from skdataquality.utils._lens import LensResult, Number, cannot_tell
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import SMALL_P, proportion_interval
from skdataquality.utils._validation import check_same_length

TOLERATED = 0.02
PLATEAU = 0.5
MOST_CONTRADICTED = 0.15  # beyond it the model, not the labels, is in doubt
WORST_TOLERATED = 0.1
N_RESAMPLES = 100


REASONS = {
    "contradicted": "About {rate} of the labels look wrong (model-based); {share} "
    "contradict the model where it is most confident.",
    "overlap_or_noise": "About {rate} of the labels look wrong (model-based); {share} "
    "contradict the model where it is most confident, but overlapping classes may "
    "explain it.",
    "no_sign": "Where the model is most confident, {share} of the labels contradict "
    "it: no sign of wrong labels.",
    "hardly_any_confident": "only {confident} rows are predicted confidently.",
    "few_confident": "too few rows are predicted confidently.",
    "weak_model": "the model errs on {error:.0f} % of the rows, too many for it to "
    "contradict a label.",
}
VERDICT_OF = {
    "contradicted": "found",
    "overlap_or_noise": "suspect",
    "no_sign": "clear",
    "hardly_any_confident": "cannot tell",
    "few_confident": "cannot tell",
    "weak_model": "cannot tell",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelNoiseLensResult(LensResult):
    """What :func:`label_noise_lens` returns; see ``LensResult`` for the fields."""

    name: ClassVar[str] = "label_noise"
    title: ClassVar[str] = "Label noise"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "noise_rate": Number("share of rows", "lower"),
        "contradicted_when_confident": Number("share of confident rows", "lower"),
        "plateau_ratio": Number("contradicted where confident to all"),
        "flagged_rows": Number("rows", "lower"),
        "out_of_fold_accuracy": Number("share of rows", "higher"),
        "rows_without_prediction": Number("rows", "lower"),
    }


def label_noise_lens(
    y,
    pred_proba,
    *,
    classes=None,
    X=None,
    issue_mask=None,
    sources=None,
    random_state=0,
):
    """Ask whether labels contradict a model where it is most confident.

    Where classes overlap, right labels contradict a model too, but least where it is
    most confident. Wrong labels contradict it everywhere alike. The verdict is "found"
    if more than 2 % of the most confident 40 % of each predicted class disagree
    (one-sided binomial test at 1 %) and they disagree at least half as often as
    all rows: class-conditional noise leaves such a plateau [1]_. A model hardly better
    than naming the largest class, or wrong on more than 15 % of its confident rows,
    cannot tell. The cuts were set on simulated data.

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
        If given and not sparse, the rows farthest from all others are listed too.
    issue_mask : array-like of shape (n_samples,), bool, default=None
        Rows that a detector flags; None flags by :func:`find_label_issues`.
    sources : dict of str to array-like of shape (n_samples,), default=None
        Where each row comes from; the share of flagged rows is listed by source.
    random_state : int, default=0
        For the bootstrap interval.

    Returns
    -------
    result : LabelNoiseLensResult
        ``numbers["noise_rate"]`` is model-based: its interval shows sampling error,
        not the error of the model. ``numbers["plateau_ratio"]`` is near 1 where noise
        depends on the class only; where it is low, flagged rows are candidates for
        review, not for deletion, and ``limits`` says so (:func:`noise_plateau`).

    References
    ----------
    .. [1] R. Poyiadzi et al., "Statistical hypothesis testing for class-conditional
       label noise", arXiv 2103.02630.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.label_noise import label_noise_lens
    >>> rng = np.random.default_rng(0)
    >>> p = rng.beta(0.2, 0.2, 2000)
    >>> truth = (rng.random(2000) < p).astype(int)
    >>> proba = np.column_stack([1 - p, p])
    >>> label_noise_lens(truth, proba).verdict
    'clear'
    >>> flipped = np.where(rng.random(2000) < 0.1, 1 - truth, truth)
    >>> label_noise_lens(flipped, proba).verdict
    'found'
    """
    classes, codes, proba, covered = match_partial(y, pred_proba, classes)
    if sources is not None and not isinstance(sources, Mapping):
        raise ValueError(
            f"sources is of type {type(sources).__name__}: pass a dict of names and "
            f"columns, such as {{'vendor': vendor}}."
        )
    named = {f"sources[{k!r}]": v for k, v in (sources or {}).items()}
    check_same_length(y=y, X=X, issue_mask=issue_mask, **named)
    covered = np.flatnonzero(covered)
    if covered.size == 0:
        return cannot_tell(LabelNoiseLensResult, "no_predictions")
    if np.unique(codes[covered]).shape[0] < 2:
        return cannot_tell(LabelNoiseLensResult, "one_class")
    labels = classes[codes[covered]]
    if covered.size < codes.size:
        proba = proba[covered]
    data, guesses = confident_guesses(labels, proba, classes)
    warn_of_predictions(data.codes, data.proba, data.classes)
    if issue_mask is None:
        flagged = FILTERS["prune_by_noise_rate"](data, Options())
    else:
        flagged = _as_mask(issue_mask)[covered]
    noise_rate = off_diagonal_rate(
        data, guesses, n_resamples=N_RESAMPLES, random_state=random_state
    )
    plateau = plateau_of(data.codes, *most_probable(data))
    p_value = _p_value(plateau)
    reason_code = _reason(plateau, p_value, data)
    verdict = VERDICT_OF[reason_code]
    X = None if X is None else take_rows(X, covered)
    joint = calibrated(count_joint(data, guesses), data.class_counts)
    return LabelNoiseLensResult(
        verdict=verdict,
        severity=min(1.0, noise_rate.estimate / 0.3) if verdict == "found" else 0.0,
        reason_code=reason_code,
        summary=LabelNoiseLensResult.sentence(
            reason_code,
            rate=_percent(noise_rate.estimate),
            share=_percent(plateau.contradicted.estimate),
            confident=plateau.n_confident,
            error=100 * plateau.disagreement.estimate,
        ),
        numbers={
            "noise_rate": noise_rate,
            **_numbers(plateau, flagged),
            "rows_without_prediction": int(codes.size - covered.size),
        },
        p_value=p_value,
        evidence=evidence_tables(data, joint, flagged, covered, X, sources or {}),
        remedies=_remedies(verdict),
        limits=_limits(verdict, plateau.grade),
        flagged=_on_all_rows(flagged, covered, codes.size),
    )


def _p_value(plateau):
    """One-sided, of more contradictions than are tolerated."""
    n_contradicted, n_confident = plateau.n_contradicted, plateau.n_confident
    return float(stats.binom.sf(n_contradicted - 1, n_confident, TOLERATED))


def _numbers(plateau, flagged):
    n_rows = flagged.size
    agreeing = n_rows - round(plateau.disagreement.estimate * n_rows)
    return {
        "contradicted_when_confident": plateau.contradicted,
        "plateau_ratio": plateau.ratio,
        "flagged_rows": int(flagged.sum()),
        "out_of_fold_accuracy": proportion_interval(agreeing, n_rows),
    }


def _remedies(verdict):
    if verdict not in ("found", "suspect"):
        return ()
    return NoisePruningClassifier(), NoisePruningClassifier(strategy="reweight")


def _on_all_rows(flagged, covered, n_rows):
    mask = np.zeros(n_rows, dtype=bool)
    mask[covered] = flagged
    return mask


def _as_mask(issue_mask):
    mask = np.asarray(issue_mask)
    if mask.dtype != bool:
        raise ValueError(
            f"issue_mask has dtype {mask.dtype}: pass one bool per row, for example "
            f"detector.issue_mask_."
        )
    return mask


def _limits(verdict, grade):
    limits = (
        "The noise rate is model-based: its interval shows sampling error only. "
        "LabelAudit gives a rate that does not rest on the model.",
        "Errors that sit where classes overlap look like overlap and are missed.",
    )
    if verdict == "clear" or grade not in FOR_REVIEW:
        return limits
    return (
        "Labels contradict the model less often where it is sure, so hard rows are "
        "mislabelled or classes overlap. Flagged rows are candidates for review, not "
        "for deletion."
        if grade != "weak model"
        else "The model is weak: most flags are its own errors.",
        *limits,
    )


def _reason(plateau, p_value, data):
    contradicted, error = plateau.contradicted, plateau.disagreement.estimate
    if plateau.n_confident < FEWEST_ANCHORS:
        return "hardly_any_confident"
    if contradicted.estimate > MOST_CONTRADICTED or not is_useful(error, data.codes):
        return "weak_model"
    if p_value < SMALL_P:
        is_plateau = contradicted.estimate >= PLATEAU * error
        return "contradicted" if is_plateau else "overlap_or_noise"
    return "few_confident" if contradicted.upper > WORST_TOLERATED else "no_sign"


def _percent(share):
    return f"{share:.1%}".replace("%", " %")
