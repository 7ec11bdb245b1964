"""What the lens of shift returns, and the sentences of its verdicts."""

from dataclasses import dataclass, replace
from typing import ClassVar

from skdataquality.shift._lens._concept_part import (
    LABEL_THESE,
    lines_to_label,
    say_rows,
)
from skdataquality.utils._lens import LensResult, Number

REASONS = {
    "shifted": "Target rows differ from training rows in {kinds} (domain AUC "
    "{auc:.2f}).",
    "label_prior": "Class shares differ in target rows, and nothing else is seen to: "
    "training rows with classes weighted to the shares expected there look like them "
    "(domain AUC {auc:.2f} before, {after:.2f} then).",
    "concept": "Target rows differ from training rows in {kinds} (domain AUC "
    "{auc:.2f}). No weight mends labels that go with the features in another way: "
    "label target rows, and train on them.",
    "no_overlap": "Target rows differ from training rows in {kinds} (domain AUC "
    "{auc:.2f}). They hardly overlap, so no weight of rows helps. Are both sides raw "
    "rows? If so, look for a column that only tells where a row comes from{columns}.",
    "doubtful": "Target rows may differ in {kinds} (domain AUC {auc:.2f}).",
    "too_small": "Target rows differ from training rows by too little to matter "
    "(domain AUC {auc:.2f}).",
    "alike": "Target rows look like training rows (domain AUC {auc:.2f}).",
    "alike_dependent": "Target rows are no less like training rows than chance makes "
    "rows that depend on each other (domain AUC {auc:.2f}).",
    "mix_of_groups": "Target rows are another mix of the same groups (domain AUC "
    "{auc:.2f}); within groups no difference is seen.",
    "slow_columns": "Nothing is found in the columns that could be compared (domain "
    "AUC {auc:.2f}). Others move so slowly that no difference can be told from their "
    "own drift: {slow}.",
    "grouped": "Target rows look different (domain AUC {auc:.2f}), as other groups of "
    "the same source would: rows come in groups, and target rows do not say in which.",
    "few_blocks": "rows resemble those before them, and a side is worth {blocks} "
    "independent rows: pass rows of a longer time",
    "few_groups": "rows come in groups, and a side has too few of them: pass rows of "
    "more groups",
    "alike_rows": "rows of one side are equal, so they cannot be held out",
    "few_rows": "{rows} training and {target_rows} target rows, fewer than {fewest}: "
    "pass more",
}
WORDS = {
    "covariate": "features",
    "label prior": "class shares",
    "concept": "labels given features",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class ShiftLensResult(LensResult):
    """What :func:`shift_lens` returns; see ``LensResult`` for the other fields.

    Attributes
    ----------
    kinds : tuple of str
        What was found: "covariate" (the features differ), "label prior" (the class
        shares differ), "concept" (labels differ where features do not). "label prior"
        stands alone where training rows, their classes weighted, look like target
        rows. Empty if nothing was found.
    to_label : tuple of int
        Target rows, drawn at random, whose labels would show a concept shift; empty
        where it was tested. Numbered from 0.
    """

    name: ClassVar[str] = "shift"
    title: ClassVar[str] = "Shift"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "domain_auc": Number("AUC", "lower"),
        "domain_auc_of_weighted_classes": Number("AUC", "lower"),
        "accuracy_held_out": Number("share of rows", "higher"),
        "accuracy_expected_on_target": Number("share of target rows", "higher"),
        "accuracy_on_target": Number("share of labelled target rows", "higher"),
        "p_covariate": Number("p value", "higher"),
        "p_label_prior": Number("p value", "higher"),
        "p_concept": Number("p value", "higher"),
    }

    kinds: tuple = ()
    to_label: tuple = ()

    def with_target_rows(self, numbers):
        """Call target rows by their numbers in the table that some were drawn from."""
        to_label = tuple(numbers[list(self.to_label)].tolist())
        if not to_label:
            return self
        old, new = (f": {say_rows(rows)} (" for rows in (self.to_label, to_label))
        return replace(
            self,
            to_label=to_label,
            evidence=self.evidence | {LABEL_THESE: lines_to_label(to_label)},
            limits=tuple(limit.replace(old, new) for limit in self.limits),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class NumberShiftLensResult(ShiftLensResult):
    """What :func:`shift_lens` returns of labels that are a quantity."""

    units: ClassVar[dict[str, Number]] = {
        "domain_auc": Number("AUC", "lower"),
        "error_held_out": Number("mean absolute error", "lower"),
        "error_expected_on_target": Number("mean absolute error", "lower"),
        "p_covariate": Number("p value", "higher"),
        "p_concept": Number("p value", "higher"),
    }
