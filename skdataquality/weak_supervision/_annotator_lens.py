"""Can the annotators be trusted? :func:`annotator_lens`."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from skdataquality.utils._digits import fixed
from skdataquality.utils._lens import LensResult, Number, Prediction, cannot_tell
from skdataquality.utils._stats import Interval
from skdataquality.verified import VerifiedLabels
from skdataquality.weak_supervision._annotator_facts import (
    OF_LABELS,
    facts_of,
    limits_of_votes,
    named_by,
    p_value_of,
)
from skdataquality.weak_supervision._annotator_findings import find_faults
from skdataquality.weak_supervision._annotator_tables import (
    ROW_TABLES,
    annotator_tables,
    predictions_of,
)
from skdataquality.weak_supervision._annotators import krippendorff_alpha
from skdataquality.weak_supervision._conduct import fitted
from skdataquality.weak_supervision._label_models import DawidSkene
from skdataquality.weak_supervision._votes import read_gold, read_votes

FEWEST_SOURCES = 3
FEWEST_ROWS = 50  # with two votes or more
FEWEST_VERIFIED = 5
RATHER_WRONG = 0.5

REASONS = {
    "worse_than_chance": "{who} votes against the others: skill {skill} ({lower} to "
    "{upper}) in {votes} votes, where 0 is chance.{more}",
    "copies": "{first} and {second} agree on {agree} of {rows} rows, where what they "
    "know explains {expected}: one copies the other, or both a third.{more}",
    "classes_confused": "{a} and {b} are confused: their votes meet {ratio} times as "
    "often as accuracies explain, in {rate} of the pairs of votes for them.{more}",
    "rows_split": "On {split} of {rows} rows no class has more than two thirds of the "
    "votes, where accuracies explain {expected}: some rows are undecidable as the "
    "guideline stands.{more}",
    "labels_wrong": "By the votes {rate} of the labels are wrong ({lower} to {upper}): "
    "more than 5 %.{more}",
    "no_better": "{who} does no better than chance: skill {skill} ({lower} to {upper}) "
    "in {votes} votes.{more}",
    "rows_uneven": "Some rows are harder than others: votes for the leading class vary "
    "{times} times as much as accuracies explain. Look at those that nobody agrees "
    "on.{more}",
    "no_agreement": "Annotators may agree no more than by chance (alpha {alpha}, from "
    "{lower} on): their votes say little.",
    "labels_some": "By the votes {rate} of the labels are wrong ({lower} to {upper}): "
    "some beyond doubt.",
    "all_well": "No annotator is worse than chance or agrees too much with another "
    "(alpha {alpha}, {annotators} annotators).",
    "few_annotators": "{annotators} annotators vote: of fewer than three, who is right "
    "cannot be told.",
    "few_rows": "{rows} rows have two votes or more: too few to judge annotators.",
}
LIMITS = (
    "Annotators are judged by each other: where most share a mistake, it counts as the "
    "truth, and who avoids it as wrong. Verified labels decide.",
    "Skill and accuracy are about the rows that an annotator has; one with harder rows "
    "looks worse.",
)
THREE = "Of three annotators none can be told to copy another."
RATE_LIMITS = {
    "vote": "The labels are one annotator's votes, and judged as such.",
    "pick": "The labels are one of the votes of each row, whoever gave it.",
    "consensus": "The labels are what most votes say, or a model of them: an error of "
    "most is not seen, so the rate of wrong labels is a lower bound where annotators "
    "share mistakes.",
    "apart": "The labels are taken for a judgement of their own, independent of the "
    "votes given the truth.",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class AnnotatorLensResult(LensResult):
    """What :func:`annotator_lens` returns; see ``LensResult`` for the fields.

    ``wrong`` has the chance of each row's label to be wrong by the votes, NaN where
    they say nothing; None without labels. ``wrong_votes`` is the mask of the votes, in
    the order of rows, then annotators, that are rather wrong by the others of their
    row.
    """

    name: ClassVar[str] = "annotators"
    title: ClassVar[str] = "Annotators"
    reasons: ClassVar[dict[str, str]] = REASONS
    stands: ClassVar[dict[str, tuple]] = {
        "few_annotators": ("krippendorff_alpha", "label_error_rate"),
        "few_rows": ("krippendorff_alpha",),
    }
    units: ClassVar[dict[str, Number]] = {
        "krippendorff_alpha": Number("agreement beyond chance", "higher"),
        "annotators": Number("annotators"),
        "votes_per_row": Number("votes per row with a vote", "higher"),
        "rows_without_votes": Number("rows", "lower"),
        "worse_than_chance": Number("annotators", "lower"),
        "no_better_than_chance": Number("annotators", "lower"),
        "copying_pairs": Number("pairs of annotators", "lower"),
        "confused_class_pairs": Number("pairs of classes", "lower"),
        "undecided_rows": Number(
            "rows", "lower", counts="no class has more than half of the votes"
        ),
        "split_excess": Number("share of rows with three votes or more", "lower"),
        "vote_dispersion": Number("multiple of what accuracies explain"),
        "voted_error_rate": Number("share of rows with a vote", "lower"),
        "contradicted_rows": Number(
            "rows", "lower", counts="by the votes the label is rather wrong than right"
        ),
    }
    flags_rows_of: ClassVar[str] = "table"
    row_tables: ClassVar[dict[str, tuple]] = ROW_TABLES

    wrong: np.ndarray | None = field(default=None, repr=False)
    wrong_votes: np.ndarray | None = field(default=None, repr=False)

    def _flagged_lines(self):
        rows = [line["row"] for line in self.review]
        flagged = np.zeros(0) if self.flagged is None else self.flagged
        others = np.setdiff1d(np.flatnonzero(flagged), rows).tolist()
        said = "the votes say so with probability"
        lines = self._label_lines(
            [f"{said} {fixed(1 - line['quality'], 2)}" for line in self.review]
        )
        rest = {"row": others, "reason": ["nobody agrees"] * len(others)}
        return {
            key: [*values, *rest.get(key, [None] * len(others))]
            for key, values in lines.items()
        }


def annotator_lens(
    votes,
    y=None,
    *,
    label_model=None,
    verified=None,
    missing_label="auto",
    classes=None,
):
    r"""Ask whether annotators can be trusted, by comparing them with each other.

    The verdict is "found" if

    - an annotator is worse than chance: the votes go against what the others say of the
      rows (permutation test, p < .01, and an interval of the skill below 0);
    - two agree more than what they know explains: on rows where both vote, given the
      posterior of all others, by more than all other pairs do (p < .01), and on at
      least a fifth of the rows on which they would differ (lower end);
    - two classes are confused beyond what accuracies explain (p < .01, 1.5 times as
      often as either with other classes, in a tenth of the pairs of votes for them);
    - on 5 % of the rows more than accuracies explain (lower end, p < .01) no class has
      more than two thirds of the votes;
    - more than 5 % of the labels ``y`` are wrong by the votes (lower end).

    All p values are adjusted by Holm's procedure. It is "suspect" if an annotator does
    surely little better than chance, if some rows are clearly harder than others, if
    annotators may agree by chance alone, or if the lower end of the rate is above 1 %;
    "cannot tell" with fewer than 3 annotators, fewer than 50 rows with two votes or
    more, or one class; else "clear".

    Parameters
    ----------
    votes : {array-like, sparse, data frame, LongVotes}, shape (n_rows, n_annotators)
        One column for each annotator; a missing cell is no vote.
    y : array-like of shape (n_rows,), default=None
        Given labels, missing where unknown: how many are wrong by the votes? They may
        be the votes of one annotator or of several, a consensus, or of their own: the
        likeliest is assumed, and stands in the limits.
    label_model : label model, default=None
        Gives truth and accuracies; cloned. None is :class:`DawidSkene`.
    verified : VerifiedLabels, default=None
        Labels of some rows that a person has checked: the label model takes them for
        the truth.
    missing_label : "auto", None or label, default="auto"
        What is no vote beside missing cells: "auto" takes blank texts, and -1 among
        numbers.
    classes : array-like of shape (n_classes,), default=None
        All labels of the votes; None takes those present.

    Returns
    -------
    result : AnnotatorLensResult
        ``flagged`` rows are those whose label the votes contradict and those on which
        nobody agrees. ``voted_error_rate`` is the share of wrong labels among rows with
        a vote, from three sources on (votes and labels of their own), with an interval
        that allows for mistakes that annotators share, as ``accuracies_interval_`` of
        label models does. ``severity`` is the largest of the share of votes by
        annotators that are accused, the share of confused votes, and the excess of
        split rows and the error rate in units of .3.

    Notes
    -----
    A label model finds the truth from agreement, so it fails with the majority. With
    three annotators copying is not asked, with two classes confusion is not.

    How often simulated crowds of independent annotators are accused, and how often one
    who votes against the truth, copies or guesses is named, is measured by
    ``python -m benchmarks run annotator_lens``. Copies are missed most often; rows that
    nobody can decide are hardly seen with two classes or three votes a row.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.weak_supervision import annotator_lens
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.integers(2, size=300)
    >>> right = rng.random((300, 5)) < [0.9, 0.85, 0.8, 0.9, 0.2]
    >>> votes = np.where(right, truth[:, None], 1 - truth[:, None])
    >>> result = annotator_lens(votes)
    >>> result.verdict, result.reason_code, result.named
    ('found', 'worse_than_chance', (4,))
    """
    votes = read_votes(votes, missing_label=missing_label, classes=classes)
    known = _verified_among(verified, votes)
    for more in (y, known):  # their labels are classes too
        votes, gold = read_gold(more, votes, missing_label=missing_label)
    labels = None
    if y is not None:
        labels = read_gold(y, votes, missing_label=missing_label)[1]
    alpha = _alpha(votes)
    per_row = np.bincount(votes.row, minlength=votes.n_rows)
    n_shared = int((per_row > 1).sum())
    base = {
        "krippendorff_alpha": alpha,
        "annotators": int(np.unique(votes.source).size),
        "votes_per_row": votes.n_votes / max(1, int((per_row > 0).sum())),
        "rows_without_votes": int((per_row == 0).sum()),
    }
    model = DawidSkene() if label_model is None else label_model
    if n_shared < FEWEST_ROWS:
        return _cannot(base, "few_rows", rows=n_shared)
    fit = fitted(model, votes, gold)
    found = find_faults(votes, fit, gold, labels)
    review = [] if labels is None else _review(found, labels)
    if alpha is None:
        return _cannot(base, "one_class")
    if base["annotators"] < FEWEST_SOURCES:
        result = _cannot(base, "few_annotators", annotators=base["annotators"])
        return _with_labels(result, found, labels, review)
    tables, in_full = annotator_tables(found, review)
    reasons = found.reasons
    if alpha.lower <= 0:
        reasons = [*reasons, ("no_agreement", "suspect")]
    reasons = reasons or [("all_well", "clear")]
    code, verdict = reasons[0]
    result = AnnotatorLensResult(
        verdict=verdict,
        severity=found.severity if verdict in ("found", "suspect") else 0.0,
        reason_code=code,
        summary=_summary(code, found, base, len(reasons) - 1),
        numbers=base | _numbers(found),
        p_value=p_value_of(code, found),
        evidence=tables,
        predictions=(
            *predictions_of(found, model, gold),
            *_of_verified(code, found, labels, gold),
        ),
        remedies=(DawidSkene() if label_model is None else label_model,)
        if verdict != "clear"
        else (),
        limits=_limits(found, base),
        named=named_by(code, found),
        evidence_rows=in_full,
    )
    return _with_labels(result, found, labels, review)


def _verified_among(verified, votes):
    """Return the verified label of every row, None where there is none."""
    if verified is None:
        return None
    if not isinstance(verified, VerifiedLabels):
        raise ValueError(
            f"verified is a {type(verified).__name__}: pass VerifiedLabels, whose row "
            f"numbers are those of the votes."
        )
    whole = np.full(votes.n_rows, None, dtype=object)
    replace(verified, given=None).check_table(whole)
    whole[verified.rows] = verified.labels
    return whole if (whole != None).any() else None  # noqa: E711


def _alpha(votes):
    alpha = krippendorff_alpha(votes)
    return None if np.isnan(alpha.estimate) else alpha


def _cannot(base, code, **facts):
    result = cannot_tell(AnnotatorLensResult, code, **facts)
    unknown = dict.fromkeys(AnnotatorLensResult.units)
    return replace(result, numbers=unknown | base, limits=LIMITS)


def _numbers(found):
    split = found.split
    excess = None
    if split.rows:
        excess = Interval(split.excess, split.lower, split.upper, "normal")
    return {
        "worse_than_chance": int(found.worse.size),
        "no_better_than_chance": int(found.useless.size),
        "copying_pairs": int(found.copies.size),
        "confused_class_pairs": int(found.confused.size),
        "undecided_rows": int(split.undecided.sum()),
        "split_excess": excess,
        "vote_dispersion": split.dispersion if split.rows else None,
        "voted_error_rate": None,
        "contradicted_rows": None,
    }


def _with_labels(result, found, labels, review):
    """Add what the votes say of the labels, and the rows to look at."""
    wrong_votes = found.evidence.support < RATHER_WRONG
    result = replace(result, wrong_votes=wrong_votes)
    flagged = found.split.undecided.copy()
    if labels is None:
        return replace(result, flagged=flagged)
    of_labels = found.labels
    flagged[[line["row"] for line in review]] = True
    counted = {
        "voted_error_rate": of_labels.rate,
        "contradicted_rows": len(review),
    }
    return replace(
        result,
        numbers=result.numbers | counted,
        limits=(*result.limits, RATE_LIMITS[of_labels.origin]),
        flagged=flagged,
        review=review,
        wrong=of_labels.wrong,
    )


def _review(found, labels):
    """Return the rows whose label is rather wrong than right, worst first."""
    wrong, posterior = found.labels.wrong, found.labels.posterior
    rows = np.flatnonzero(np.nan_to_num(wrong) > 1 - RATHER_WRONG)
    rows = rows[np.lexsort((rows, -wrong[rows]))]
    names = found.evidence.votes.classes
    return [
        {"row": row, "given": given, "suggested": suggested, "quality": quality}
        for row, given, suggested, quality in zip(
            rows.tolist(),
            names[labels[rows]].tolist(),
            names[posterior[rows].argmax(axis=1)].tolist(),
            (1 - wrong[rows]).tolist(),
            strict=True,
        )
    ]


def _of_verified(code, found, labels, gold):
    """Whether labels that votes contradict prove wrong where they were verified."""
    if code not in OF_LABELS or not (gold >= 0).any():
        return ()
    # the posterior of verified rows is what was verified: ask the votes alone
    posterior = found.evidence.posterior
    asked = np.flatnonzero((gold >= 0) & (labels >= 0) & found.evidence.votes.covered)
    against = asked[posterior[asked].argmax(axis=1) != labels[asked]]
    n, wrong = against.size, int((gold[against] != labels[against]).sum())
    outcome = "cannot tell"
    if n >= FEWEST_VERIFIED:
        outcome = "confirmed" if 2 * wrong > n else "refuted"
    return (
        Prediction(
            sentence="Most verified labels that the votes contradict are wrong.",
            outcome=outcome,
            measured=f"{wrong} of {n}",
        ),
    )


def _summary(code, found, base, n_more):
    more = "" if n_more == 0 else f" {n_more} more {'finding' + 's' * (n_more > 1)}."
    facts = {"more": more, "annotators": base["annotators"]}
    return AnnotatorLensResult.sentence(code, **facts, **facts_of(code, found, base))


def _limits(found, base):
    said = list(LIMITS)
    if base["annotators"] == FEWEST_SOURCES:
        said.append(THREE)
    if found.evidence.votes.n_classes == 2:
        said.append("With two classes none can be confused more than accuracies say.")
    return (*said, *limits_of_votes(found))
