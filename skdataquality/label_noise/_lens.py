"""Are labels wrong? :func:`label_noise_lens`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from skdataquality.label_noise._confident import (
    calibrated,
    confident_guesses,
    count_joint,
    match_partial,
    off_diagonal_rate,
)
from skdataquality.label_noise._flags import (
    FILTERS,
    Options,
    judge_labels,
    most_probable,
    plateau_of,
)
from skdataquality.label_noise._lens_evidence import ROW_TABLES, evidence_tables
from skdataquality.label_noise._lens_limits import limits_of, rows_listed
from skdataquality.label_noise._remedies import NoisePruningClassifier
from skdataquality.label_noise._verified_verdict import REASONS as OF_VERIFIED
from skdataquality.label_noise._verified_verdict import ask_verified
from skdataquality.label_noise._voted_verdict import REASONS as OF_VOTES
from skdataquality.label_noise._voted_verdict import with_votes
from skdataquality.utils._digits import fixed
from skdataquality.utils._draws import FIXED_SEED, draw_rows
from skdataquality.utils._folds import join_groups
from skdataquality.utils._lens import LensResult, Number, cannot_tell
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._validation import check_same_length

REASONS = {
    "contradicted": "{floor} of the labels contradict the model however sure it is "
    "({floor_lower} to {floor_upper}), which overlap of the classes does not explain: "
    "wrong labels.",
    "overlap_or_noise": "{disagreeing} of {total} labels disagree with the model, "
    "hardly fewer where it is sure: wrong labels, or an overlap of unusual form.{ask}",
    "agree": "{disagreeing} of {total} labels disagree with the model: too few for "
    "many to be wrong.",
    "undecidable": "{disagreeing} of {total} labels disagree with the model, the fewer "
    "the surer it is: overlap of the classes explains {undecidable} of them as well as "
    "wrong labels do.{ask}",
    "weak_model": "{disagreeing} of {total} labels disagree with the model, which "
    "would err on {error} if no label were wrong, hardly less than naming the largest "
    "class always: too weak to contradict a label.{ask}",
    "few_rows": "{total} rows are too few to judge labels by a model.{ask}",
}
ASK = (
    " Verify {n} of the {disagreeing} labels that disagree by hand, drawn at random: "
    "if all prove right, at most 2 % of all labels are wrong ones that the model "
    "objects to (95 %); each that is wrong stands for {weight} of its kind."
)
ASK_ALL = " Verify all {n} labels that disagree by hand."
COUNTS = {
    "disagreeing": "label is not the most probable class",
    "undecidable": "of those that disagree, as likely right as wrong or more",
    "to verify": "drawn at random from those that disagree",
    "flagged": "by find_label_issues, of a thorough diagnosis by LabelErrorDetector; "
    "for review",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelNoiseLensResult(LensResult):
    """What :func:`label_noise_lens` returns; see ``LensResult`` for the fields.

    ``model_reason_code`` is the reason of the verdict that the model alone would have.
    """

    name: ClassVar[str] = "label_noise"
    title: ClassVar[str] = "Label noise"
    reasons: ClassVar[dict[str, str]] = REASONS | OF_VERIFIED | OF_VOTES
    stands: ClassVar[dict[str, tuple]] = {"verified_undecided": ("label_error_rate",)}
    units: ClassVar[dict[str, Number]] = {
        "noise_floor": Number("share of rows", "lower"),
        "label_error_rate": Number("share of rows", "lower"),
        "disagreeing_rows": Number("rows", "lower", counts=COUNTS["disagreeing"]),
        "undecidable_rows": Number("rows", "lower", counts=COUNTS["undecidable"]),
        "rows_to_verify": Number("rows", counts=COUNTS["to verify"]),
        "contradicted_when_confident": Number("share of confident rows", "lower"),
        "plateau_ratio": Number("contradicted where confident to all"),
        "flagged_rows": Number("rows", "lower", counts=COUNTS["flagged"]),
        "out_of_fold_accuracy": Number("share of rows", "higher"),
        "rows_without_prediction": Number("rows", "lower"),
        "verified_rows": Number("rows"),
        "verified_wrong_rows": Number("rows", "lower"),
        "voted_error_rate": Number("share of rows with a vote", "lower", "votes"),
    }
    flags_rows_of: ClassVar[str] = "table"
    row_tables: ClassVar[dict[str, tuple]] = ROW_TABLES

    model_reason_code: str = field(default="", repr=False)

    def _flagged_lines(self):
        said = "models of the other rows give its label the probability"
        return self._label_lines(
            [f"{said} {fixed(line['quality'], 2)}" for line in self.review]
        )

    def _moved_fields(self, rows, n_rows):
        listed = self.evidence.get("rows to verify", ())
        before = np.array([line["row"] for line in listed], dtype=int)
        old, new = rows_listed(before), rows_listed(rows[before])
        return {"limits": tuple(s.replace(old, new) for s in self.limits)}


def label_noise_lens(
    y,
    pred_proba,
    *,
    classes=None,
    X=None,
    issue_mask=None,
    groups=None,
    sources=None,
    verified=None,
    voted=None,
):
    r"""Ask whether labels go on contradicting a model as it grows sure.

    Where classes overlap, right labels contradict a model too, but the less the surer
    it is. Wrong labels contradict it however sure it is [1]_. So two parts are fitted
    by maximum likelihood: labels that follow the probabilities p at some temperature,
    and labels drawn at random,

    .. math:: P(y | x) = (1 - e) p_y^b / \sum_k p_k^b + e / K

    of which the share :math:`e (K - 1) / K`, the noise floor, is wrong. The verdict is

    - "found" if a likelihood ratio refutes e = 0 (p < .02), the floor explains two
      fifths of the disagreements, and without it the model would err little: less than
      30 % as often as naming the largest class;
    - "suspect" if that holds with looser cuts (p < .1, a quarter, 40 %), or if a floor
      of 1 % or more is hardly chance (p < .01), beside however much overlap;
    - "clear" if no more than 5 % of the labels (upper end of the interval) disagree
      with the model at all;
    - "cannot tell" otherwise, and below 100 rows: overlap and wrong labels look alike
      where a model is unsure. The numbers say how many labels that leaves undecided,
      and how many to verify by hand.

    A model is judged by what it would reach without the floor, never by the given
    labels alone. Cuts were set on one half of the families of :func:`make_clean_table
    <skdataquality.datasets.make_clean_table>` and hold on the other.

    With ``verified`` rows that an audit drew, the rate of wrong labels is theirs and
    the verdict rests on it alone: "found" if its interval lies above 5 %, "clear" if it
    lies below, "suspect" if it holds 5 % and lies above 1 %, else "cannot tell";
    ``rows_to_verify`` then says how many more would decide.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-fold probabilities, columns in the order of ``classes``; rows of NaN are
        left out.
    classes : array-like of shape (n_classes,), default=None
        None takes the sorted labels of ``y``.
    X : {array-like, sparse matrix, data frame}, default=None
        Features, of shape (n_samples, n_features). If given and not sparse, the rows
        farthest from all others are listed too.
    issue_mask : array-like of shape (n_samples,), bool, default=None
        Rows that a detector flags; None flags by :func:`find_label_issues`.
    groups : array-like of shape (n_samples,), default=None
        Rows of one group may be wrong together: tests and intervals count them as the
        fewer independent rows that say as much.
    sources : dict of str to array-like of shape (n_samples,), default=None
        Where each row comes from; the share of flagged rows is listed by source.
    verified : VerifiedLabels, default=None
        Labels of some rows of ``y`` that a person has checked. They are never flagged.
        Rows that no plan drew, and those drawn for a comparison, leave the rate and the
        verdict as the model has them.
    voted : Interval, default=None
        Share of wrong labels by votes of several annotators
        (``numbers["voted_error_rate"]`` of :func:`annotator_lens
        <skdataquality.weak_supervision.annotator_lens>`). It stands beside the model's
        and decides where the verdict would be "cannot tell": "found" above 5 % (lower
        end), "clear" at 5 % or less (upper end), "suspect" above 1 % (lower end).

    Returns
    -------
    result : LabelNoiseLensResult
        Measured: ``disagreeing_rows``, ``out_of_fold_accuracy``,
        ``contradicted_when_confident``, ``plateau_ratio`` (:func:`noise_plateau`).
        Model-based: ``noise_floor``, wrong labels that overlap does not explain, whose
        interval holds for noise that depends on no feature, and ``label_error_rate``,
        that of :func:`label_error_rate` with ``random_state=0``. Undecidable:
        ``undecidable_rows``, those that disagree and are at least as likely right, and
        ``rows_to_verify`` of those that disagree, drawn at random and listed in
        ``evidence["rows to verify"]``: if none is wrong then, at most 2 % of all labels
        are, as far as the model objects (95 %).

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
    >>> label_noise_lens(truth, proba).verdict  # a tenth disagree, by overlap
    'cannot tell'
    >>> flipped = np.where(rng.random(2000) < 0.1, 1 - truth, truth)
    >>> label_noise_lens(flipped, proba).verdict
    'found'
    """
    classes, codes, proba, covered = match_partial(y, pred_proba, classes)
    _check_rows(y, X, issue_mask, groups, sources)
    checked = ask_verified(verified, y, codes, classes, covered)
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
    flagged = _flags(issue_mask, data, covered)
    predicted, confidence = most_probable(data)
    plateau = plateau_of(data.codes, predicted, confidence)
    groups = None if groups is None else join_groups(groups)[covered]
    found = judge_labels(data, predicted, groups=groups)
    disagreeing = covered[predicted != data.codes]
    if checked is not None:
        flagged = flagged & ~checked.mask[covered]
        disagreeing = disagreeing[~checked.mask[disagreeing]]
    rests_on_rows = checked is not None and checked.rate is not None
    drawn = draw_rows(disagreeing.size, found.n_to_verify, FIXED_SEED)
    to_verify = disagreeing[:0] if rests_on_rows else disagreeing[drawn]
    X = None if X is None else take_rows(X, covered)
    joint = calibrated(count_joint(data, guesses), data.class_counts)
    tables, in_full, review = evidence_tables(
        data, joint, flagged, covered, X, sources or {}
    )
    left_out = int(codes.size - covered.size)
    rate = off_diagonal_rate(data, guesses, random_state=0)
    result = _judged(
        found,
        numbers=_numbers(found, plateau, rate, flagged, left_out),
        evidence=tables | _to_verify(to_verify, classes[codes[to_verify]]),
        limits=limits_of(found, plateau.grade, to_verify, rests_on_rows),
        evidence_rows=in_full,
        flagged=_on_all_rows(flagged, covered, codes.size),
        review=review,
    )
    if checked is not None:
        result = _with_verified(result, checked, y)
    return result if voted is None else with_votes(result, voted, _remedies)


def _check_rows(y, X, issue_mask, groups, sources):
    if sources is not None and not isinstance(sources, Mapping):
        raise ValueError(
            f"sources is of type {type(sources).__name__}: pass a dict of names and "
            f"columns, such as {{'vendor': vendor}}."
        )
    named = {f"sources[{k!r}]": v for k, v in (sources or {}).items()}
    check_same_length(y=y, X=X, issue_mask=issue_mask, groups=groups, **named)


def _flags(issue_mask, data, covered):
    if issue_mask is None:
        return FILTERS["prune_by_noise_rate"](data, Options())
    return _as_mask(issue_mask)[covered]


def _judged(found, **seen):
    """Return the result whose verdict rests on the model."""
    return LabelNoiseLensResult(
        verdict=found.verdict,
        severity=_severity(found),
        reason_code=found.reason_code,
        model_reason_code=found.reason_code,
        summary=_summary(found),
        p_value=found.unexplained.p_value,
        remedies=_remedies(found.verdict),
        **seen,
    )


def _with_verified(result, checked, y):
    """Tell what a person has checked, and let the verdict rest on it if it can."""
    result = replace(
        result,
        numbers=result.numbers | checked.numbers(),
        evidence={"verified wrong": checked.wrong_rows(y), **result.evidence},
        limits=(*checked.limits(), *result.limits),
    )
    if checked.rate is None:
        return result
    return replace(
        result,
        verdict=checked.verdict,
        severity=checked.severity,
        reason_code=checked.reason_code,
        summary=result.sentence(checked.reason_code, **checked.facts()),
        p_value=None,
        remedies=_remedies(checked.verdict),
    )


def _to_verify(rows, given):
    pairs = zip(rows.tolist(), given.tolist(), strict=True)
    return {"rows to verify": [{"row": row, "given": label} for row, label in pairs]}


def _severity(found):
    if found.verdict not in ("found", "suspect"):
        return 0.0
    return min(1.0, found.unexplained.rate.estimate / 0.3)


def _summary(found):
    floor = found.unexplained.rate
    return LabelNoiseLensResult.sentence(
        found.reason_code,
        floor=_percent(floor.estimate),
        floor_lower=_percent(floor.lower),
        floor_upper=_percent(floor.upper),
        disagreeing=found.n_disagreeing,
        total=found.n_rows,
        undecidable=found.n_undecidable,
        error=_percent(found.clean_error),
        ask=_ask(found) if found.n_to_verify else "",
    )


def _ask(found):
    n, disagreeing = found.n_to_verify, found.n_disagreeing
    ask = ASK if n < disagreeing else ASK_ALL
    return ask.format(n=n, disagreeing=disagreeing, weight=fixed(disagreeing / n))


def _numbers(found, plateau, rate, flagged, left_out):
    agreeing = found.disagreement
    return {
        "noise_floor": found.unexplained.rate,
        "label_error_rate": rate,
        "flagged_rows": int(flagged.sum()),
        "disagreeing_rows": found.n_disagreeing,
        "undecidable_rows": found.n_undecidable,
        "rows_to_verify": found.n_to_verify,
        "contradicted_when_confident": plateau.contradicted,
        "plateau_ratio": plateau.ratio,
        "out_of_fold_accuracy": replace(
            agreeing,
            estimate=1 - agreeing.estimate,
            lower=1 - agreeing.upper,
            upper=1 - agreeing.lower,
        ),
        "rows_without_prediction": left_out,
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


def _percent(share):
    return f"{share:.1%}".replace("%", " %")
