"""What becomes of flagged rows, in one place for the samplers and the wrapper."""

import warnings

import numpy as np
from sklearn.base import clone
from sklearn.utils import get_tags

from skdataquality.base import protect_classes
from skdataquality.compose._weights import named_metadata
from skdataquality.exceptions import FeatureDependentNoiseWarning
from skdataquality.label_noise._detectors import LabelErrorDetector
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import encode_labels

FOR_REVIEW = ("mixed", "feature-dependent", "weak model")  # grades of NoisePlateau


def unfitted_detector(detector, *, random_state=None):
    """Return a clone of the detector, or the default one in place of None."""
    if detector is None:
        return LabelErrorDetector(random_state=random_state)
    return clone(detector)


def with_rows_of(detector, tags):
    """Return the tags of what takes the rows that its detector takes."""
    inner = get_tags(detector).input_tags
    for kind in ("allow_nan", "sparse", "string"):
        setattr(tags.input_tags, kind, getattr(inner, kind))
    return tags


def fit_detector(detector, X, y, *, sample_weight=None, groups=None, verified=None):
    """Fit a detector, ours or foreign, with the metadata that its ``fit`` names."""
    given = {"sample_weight": sample_weight, "groups": groups, "verified": verified}
    detector.fit(X, y, **named_metadata(detector.fit, **given))
    known = ("issue_mask_", "sample_scores_", "prunable_mask_")
    for name in known if hasattr(detector, "prunable_mask_") else known[:2]:
        shape = np.shape(getattr(detector, name, ()))
        if shape != (num_samples(X),):
            raise ValueError(
                f"detector={detector!r} must set {name} in fit, one value for each of "
                f"the {num_samples(X)} rows; its shape is {shape}."
            )
    return detector


def prune(detector, codes, classes, verdicts, *, max_share, min_samples_per_class):
    """Drop the rows that a fitted detector calls prunable, and return the lineage.

    Rows verified wrong go too, those verified right stay, whatever the detector says.
    Beyond `max_share` of the rows only the worst go; in each class at least
    `min_samples_per_class` stay, the best first.
    """
    drop = _within_limits(
        prunable_rows(detector) & ~verdicts.is_verified | verdicts.is_wrong,
        label_trust(detector, verdicts),
        codes,
        classes,
        max_share,
        min_samples_per_class,
    )
    return Lineage.from_selection(
        np.flatnonzero(~drop),
        n_in=codes.shape[0],
        drop_reason=reason_to_change(verdicts),
    )


def correct(detector, codes, classes, verdicts, *, max_share, min_samples_per_class):
    """Give prunable rows the suggested label, within the limits of `prune`.

    Rows verified wrong get the verified label, and stay as they are if only that they
    are wrong is known; those verified right keep theirs. Returns the lineage, in
    which every row stays in its place, and the new codes.
    """
    suggested = _suggested_codes(detector, codes, classes, verdicts)
    change = _within_limits(
        suggested != codes,
        label_trust(detector, verdicts),
        codes,
        classes,
        max_share,
        min_samples_per_class,
    )
    lineage = Lineage.from_selection(
        np.arange(codes.shape[0]),
        n_in=codes.shape[0],
        relabelled=change,
        change_reason=reason_to_change(verdicts),
    )
    return lineage, np.where(change, suggested, codes)


def warn_unless_class_conditional(detector):
    """Say so if noise depends on the rows."""
    plateau = getattr(detector, "plateau_", None)
    if plateau is None or plateau.grade not in ("mixed", "feature-dependent"):
        return  # of a weak model the detector warns itself
    if np.any(detector.issue_mask_):
        warnings.warn(
            f"label noise looks {plateau.grade}: labels contradict the model less "
            f"often where it is sure (detector.plateau_), so hard rows are mislabelled "
            f"or classes overlap. Flagged rows are candidates for review, not for "
            f"deletion: compare with doing nothing by cross-validation.",
            FeatureDependentNoiseWarning,
            stacklevel=2,
        )


def prunable_rows(detector):
    """Mask of the rows to act on; of a foreign detector, all that it flags."""
    return np.asarray(
        getattr(detector, "prunable_mask_", detector.issue_mask_), dtype=bool
    )


def label_trust(detector, verdicts):
    """Scores of the rows; those verified right or without a score are trusted most."""
    scores = np.asarray(detector.sample_scores_, dtype=float)
    unknown = np.isnan(scores) | verdicts.is_right
    return np.where(verdicts.is_wrong, -np.inf, np.where(unknown, np.inf, scores))


def reason_to_change(verdicts):
    """Why each row is dropped or relabelled, if it is."""
    return np.where(verdicts.is_wrong, Reason.VERIFIED, Reason.LABEL_ISSUE)


def _within_limits(rows, trust, codes, classes, max_share, min_samples_per_class):
    """Take rows back from a mask until its share and every class are in bounds."""
    most = int(max_share * codes.shape[0])
    if rows.sum() > most:
        chosen = np.flatnonzero(rows)
        worst = chosen[np.argsort(trust[chosen], kind="stable")[:most]]
        rows = np.zeros_like(rows)
        rows[worst] = True
    return protect_classes(
        rows, codes, classes, trust=trust, minimum=min_samples_per_class
    )


def _suggested_codes(detector, codes, classes, verdicts):
    """Class that each row to act on should have; the given one for the others."""
    labels = np.asarray(getattr(detector, "suggested_labels_", ()))
    if labels.shape != codes.shape:
        raise ValueError(
            f"detector={detector!r} has no suggested_labels_, one for each of the "
            f"{codes.shape[0]} rows, to relabel by (shape {labels.shape}): drop or "
            f"reweight the rows instead, or use LabelErrorDetector."
        )
    suggested = verdicts.codes.copy()
    rows = np.flatnonzero(prunable_rows(detector) & ~verdicts.is_verified)
    if rows.size:
        suggested[rows] = encode_labels(
            labels[rows], classes=classes, name="suggested_labels_"
        )[1]
    return suggested
