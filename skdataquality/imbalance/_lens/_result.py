"""What the lens of imbalance returns: :class:`ImbalanceLensResult`."""

from dataclasses import dataclass, field
from typing import ClassVar

from skdataquality.imbalance._weights import BETA
from skdataquality.utils._lens import LensResult, Number

REASONS = {
    "even": "The largest class has {ratio:.2f} times the rows of the smallest.",
    "rare_class": "Class {name} has {rows} of {total} rows, {times} times fewer "
    "than the largest; {recalled}.",
    "minority_of_errors": "Class {name} has {rows} of {total} rows, but {flagged} of "
    "the {judged} that could be judged look mislabelled: mend these labels before the "
    "class is called rare.",
    "label_skew": "Class shares are not those of where the model will be used: class "
    "{name} has {here} of the rows here, and {there} there.",
    "rare_group": "Group {name}{of} has {here} of the rows, and {there} where "
    "the model will be used{also}.",
}
OF_RAREST = "share of rows of the rarest class"


@dataclass(frozen=True, kw_only=True, eq=False)
class ImbalanceLensResult(LensResult):
    """What :func:`imbalance_lens` returns; see ``LensResult`` for the other fields.

    Attributes
    ----------
    n_told_apart : int
        Different probabilities that the model gives the rows of a class, the fewest of
        any class: between a handful of them no threshold can be tuned.
    """

    name: ClassVar[str] = "imbalance"
    title: ClassVar[str] = "Imbalance"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "ratio": Number("rows of the largest class a row of the smallest", "lower"),
        "rarest_share": Number("share of rows", "higher"),
        "rarest_recall": Number(OF_RAREST, "higher"),
        "accuracy": Number("share of rows", "higher"),
        "majority_baseline": Number("share of rows"),
        "balanced_accuracy": Number("mean share of rows by class", "higher"),
        "g_mean": Number("geometric mean share of rows by class", "higher"),
        "mcc": Number("correlation of classes and calls", "higher"),
        "rarest_precision": Number("share of rows called the rarest class", "higher"),
        "rarest_average_precision": Number("mean precision over recall", "higher"),
        "rarest_lift": Number("average precision a share of rows", "higher"),
        "rarest_mean_probability": Number("mean probability a share of rows"),
        "log_loss_skill": Number("share of the log-loss of class shares", "higher"),
        "balance": Number("entropy of class shares, 1 if even", "higher"),
        "rarest_effective_rows": Number(f"effective rows (beta {BETA})", "higher"),
        "rarest_other_neighbors": Number("share of 5 nearest rows", "lower"),
        "rarest_nearest_is_other": Number(OF_RAREST, "lower"),
        "rarest_outliers": Number(OF_RAREST, "lower"),
        "rarest_copies": Number(OF_RAREST, "lower"),
        "rarest_fewest_held_out": Number("rows held out by a fold", "higher"),
        "rarest_flagged": Number(OF_RAREST, "lower"),
        "worst_group_gap": Number("share of rows below other groups", "lower"),
        "p_worst_group": Number("p value", "higher"),
        "rare_groups": Number("groups", "lower"),
        "weak_slices": Number("slices", "lower"),
        "p_prior": Number("p value", "higher", "target"),
        "rarest_share_in_use": Number("share of rows", None, "target"),
        "rarest_precision_in_use": Number(
            "share of rows called the rarest class", "higher", "target"
        ),
    }

    n_told_apart: int = field(default=0, repr=False)
