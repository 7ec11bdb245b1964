"""Are labels wrong? :func:`label_noise_lens`."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.label_noise._confident import (
    check_labelled_proba,
    class_thresholds,
    true_class_guesses,
)
from skdataquality.label_noise._filters import find_label_issues
from skdataquality.label_noise._pruning_classifier import NoisePruningClassifier
from skdataquality.label_noise._scores import label_quality_scores
from skdataquality.utils._lens import LensResult, cannot_tell
from skdataquality.utils._stats import bootstrap_interval, proportion_interval
from skdataquality.utils._validation import (
    check_partial_proba,
    check_same_length,
    encode_labels,
    is_missing,
)

ANCHOR_SHARE = 0.4  # most confident rows of each predicted class
FEWEST_ANCHORS = 30
TOLERATED = 0.02
SMALL_P = 0.01
PLATEAU = 0.5
USEFUL_ERROR = 0.8  # of the error of always naming the largest class
MOST_CONTRADICTED = 0.15  # beyond it the model, not the labels, is in doubt
WORST_TOLERATED = 0.1
N_RESAMPLES = 100
SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class LabelNoiseLensResult(LensResult):
    """What :func:`label_noise_lens` returns; see ``LensResult`` for the fields."""


def label_noise_lens(y, pred_proba, *, classes=None, sources=None, random_state=0):
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
    sources : dict of str to array-like of shape (n_samples,), default=None
        Where each row comes from; the share of flagged rows is listed by source.
    random_state : int, default=0
        For the bootstrap interval.

    Returns
    -------
    result : LabelNoiseLensResult
        ``numbers["noise_rate"]`` is model-based: its interval shows sampling error,
        not the error of the model.

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
    classes, codes = encode_labels(y, classes=classes)
    proba, covered = check_partial_proba(pred_proba, codes.size, classes.size)
    check_same_length(y=y, **{f"sources[{k!r}]": v for k, v in (sources or {}).items()})
    covered = np.flatnonzero(covered)
    if np.unique(codes[covered]).shape[0] < 2:
        return cannot_tell(LabelNoiseLensResult, "fewer than two classes")
    labels, proba = classes[codes[covered]], proba[covered]
    wrong = proba.argmax(axis=1) != codes[covered]
    anchors = _anchors(proba)
    k, n = int(wrong[anchors].sum()), anchors.shape[0]
    p_value = float(stats.binom.sf(k - 1, n, TOLERATED))
    contradicted = proportion_interval(k, n)
    error = float(wrong.mean())
    baseline = 1 - np.bincount(codes).max() / codes.shape[0]
    verdict, because = _verdict(contradicted, p_value, n, error, baseline)
    flagged = find_label_issues(labels, proba, classes=classes)
    noise_rate = _noise_rate(labels, proba, classes, random_state)
    return LabelNoiseLensResult(
        verdict=verdict,
        severity=min(1.0, noise_rate.estimate / 0.3) if verdict == "found" else 0.0,
        summary=_summary(verdict, because, contradicted, noise_rate),
        numbers={
            "noise_rate": noise_rate,
            "contradicted_when_confident": contradicted,
            "flagged_rows": int(flagged.sum()),
            "out_of_fold_accuracy": proportion_interval(
                int((~wrong).sum()), wrong.size
            ),
            "rows_without_prediction": int(codes.shape[0] - covered.shape[0]),
        },
        p_value=p_value,
        evidence=_evidence(labels, proba, classes, flagged, covered, sources or {}),
        remedies=(
            NoisePruningClassifier(),
            NoisePruningClassifier(strategy="reweight"),
        )
        if verdict in ("found", "suspect")
        else (),
        limits=(
            "The noise rate is model-based: its interval shows sampling error only. "
            "Verify a sample of the flagged rows.",
            "Errors that sit where classes overlap look like overlap and are missed.",
        ),
    )


def _anchors(proba):
    """Most confident rows of each predicted class."""
    predicted, confidence = proba.argmax(axis=1), proba.max(axis=1)
    chosen = []
    for code in np.unique(predicted):
        rows = np.flatnonzero(predicted == code)
        order = np.argsort(-confidence[rows], kind="stable")
        chosen.append(rows[order[: int(np.ceil(ANCHOR_SHARE * rows.size))]])
    return np.concatenate(chosen)


def _verdict(contradicted, p_value, n_anchors, error, baseline):
    if n_anchors < FEWEST_ANCHORS:
        return "cannot tell", f"only {n_anchors} rows are predicted confidently"
    if error > USEFUL_ERROR * baseline or contradicted.estimate > MOST_CONTRADICTED:
        return "cannot tell", (
            f"the model errs on {100 * error:.0f} % of the rows, too many for it to "
            f"contradict a label"
        )
    plateau = contradicted.estimate >= PLATEAU * error
    if p_value < SMALL_P and plateau:
        return "found", ""
    if p_value < SMALL_P:
        return "suspect", "overlapping classes may explain it"
    if contradicted.upper > WORST_TOLERATED:
        return "cannot tell", "too few rows are predicted confidently"
    return "clear", ""


def _summary(verdict, because, contradicted, noise_rate):
    share = f"{contradicted.estimate:.1%}".replace("%", " %")
    if verdict == "cannot tell":
        return f"cannot tell: {because}."
    if verdict == "clear":
        return (
            f"Where the model is most confident, {share} of the labels contradict it: "
            f"no sign of wrong labels."
        )
    rate = f"{noise_rate.estimate:.1%}".replace("%", " %")
    said = (
        f"About {rate} of the labels look wrong (model-based); {share} contradict the "
        f"model where it is most confident"
    )
    return f"{said}, but {because}." if because else f"{said}."


def _noise_rate(labels, proba, classes, random_state):
    """Share of labels that the confident joint puts off its diagonal.

    The bootstrap redraws rows with the thresholds of the whole sample.
    """
    data = check_labelled_proba(labels, proba, classes)
    guesses = true_class_guesses(data, class_thresholds(data))
    n_classes = classes.shape[0]

    def rate(codes, guesses):
        given = np.bincount(codes, minlength=n_classes)
        counted = guesses >= 0
        agreeing = np.bincount(codes[codes == guesses], minlength=n_classes)
        total = np.bincount(codes[counted], minlength=n_classes)
        # every class agrees once or more, as in the confident joint
        total += agreeing == 0
        return 1 - (given * np.maximum(agreeing, 1) / total).sum() / given.sum()

    return bootstrap_interval(
        rate,
        data.codes,
        guesses,
        n_resamples=N_RESAMPLES,
        random_state=random_state,
    )


def _evidence(labels, proba, classes, flagged, covered, sources):
    tables = {"classes": _flagged_by(labels, flagged, "class")}
    for name, values in sources.items():
        tables[f"by {name}"] = _flagged_by(np.asarray(values)[covered], flagged, name)
    scores = label_quality_scores(labels, proba, classes=classes)
    rows = np.flatnonzero(flagged)
    worst = rows[np.argsort(scores[rows], kind="stable")[:SHOWN]]
    suggested = classes[proba.argmax(axis=1)]
    tables["most suspicious rows"] = [
        {
            "row": int(covered[i]),
            "given": labels[i : i + 1].tolist()[0],
            "suggested": suggested[i : i + 1].tolist()[0],
            "quality": float(scores[i]),
        }
        for i in worst
    ]
    return tables


def _flagged_by(values, flagged, name):
    levels = ["missing" if is_missing(value) else value for value in values.tolist()]
    codes = {level: code for code, level in enumerate(dict.fromkeys(levels))}
    member = np.array([codes[level] for level in levels])
    size = np.bincount(member)
    n_flagged = np.bincount(member, weights=flagged).astype(int)
    return [
        {
            name: level,
            "rows": int(size[code]),
            "flagged_share": proportion_interval(
                int(n_flagged[code]), int(size[code]), method="wilson"
            ),
        }
        for level, code in sorted(codes.items(), key=lambda item: str(item[0]))
    ]
