"""How many labels are wrong, as the model sees it: :func:`label_error_rate`."""

from dataclasses import dataclass, replace

import numpy as np

from skdataquality.label_noise._confident._joint import (
    class_thresholds,
    true_class_guesses,
)
from skdataquality.label_noise._confident._labelled_proba import (
    check_labelled_proba,
    match_partial,
)
from skdataquality.label_noise._confident._verified_rate import (
    VERIFIED,
    rates_from,
    why_no_rate,
)
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._stats import Interval, bootstrap_interval, proportion_interval

RESAMPLES = 100
BASIS = "model-based"
N_SHOWN = 20  # classes in a notebook
CAVEAT = (
    "The interval shows sampling error only, not the error of the model, which is "
    "often the larger one. A weak model makes the rate too high; where rows are "
    "mislabelled because they are ambiguous, a good model makes it too low. LabelAudit "
    "gives a rate that does not rest on the model."
)


@dataclass(frozen=True, repr=False)
class ErrorRates(ShownResult):
    """Share of wrong labels, overall and by given class, however it was found."""

    overall: Interval
    by_class: list

    def __repr__(self):
        rate = self.overall
        ends = f"{rate.lower:.3f}, {rate.upper:.3f}"
        return (
            f"{type(self).__name__}({rate.estimate:.3f} [{ends}], "
            f"{len(self.by_class)} classes)"
        )

    def _facts(self):
        shown = {
            f"class {line['class']}": line["rate"].short()
            for line in self.by_class[:N_SHOWN]
        }
        more = len(self.by_class) - len(shown)
        rest = {"more classes": more} if more else {}
        return {"overall": self.overall.short(), **shown, **rest}

    def to_dict(self):
        """Return plain lists, numbers and text, ready for JSON."""
        by_class = [{**row, "rate": row["rate"].to_dict()} for row in self.by_class]
        return {**vars(self), "overall": self.overall.to_dict(), "by_class": by_class}


@dataclass(frozen=True, repr=False)
class LabelErrorRate(ErrorRates):
    """Share of wrong labels that a model implies, or verified rows show.

    Attributes
    ----------
    overall : Interval
        ``estimate``, ``lower`` and ``upper`` in [0, 1], lower is cleaner; ``method``
        says which of the two it is.
    by_class : list of dict
        One per given class, in the order of the classes: ``class``, ``rows`` and
        ``rate``, an Interval, NaN for a class without rows.
    rows_without_prediction : int
        Rows of NaN probabilities, which are left out.
    basis : str
        "model-based" or "verified rows".
    caveat : str
        What the interval leaves out, and which way the rate errs.
    """

    rows_without_prediction: int = 0
    basis: str = BASIS
    caveat: str = CAVEAT


def label_error_rate(
    y,
    pred_proba,
    *,
    classes=None,
    n_resamples=RESAMPLES,
    random_state=None,
    verified=None,
):
    """Estimate from a model how many labels are wrong, overall and by given class.

    Rows confident of a class are those that reach the mean probability which rows
    with that label give to it; the rate of a given class is the share of its
    confident rows that are confident of another one. It is the share off the
    diagonal of the calibrated confident joint [1]_, before rounding.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3, or is
        NaN throughout where there is no prediction. Columns in the order of `classes`.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    n_resamples : int, default=100
        Bootstrap resamples for the overall rate, at least 40.
    random_state : int, RandomState instance or None, default=None
        For the bootstrap.
    verified : VerifiedLabels, default=None
        Labels of some rows that a person has checked. If an audit drew them, the rate
        is theirs, unbiased whatever the model (:class:`LabelAudit`); rows that no plan
        drew, and those drawn for a comparison, leave it as it is.

    Returns
    -------
    rate : LabelErrorRate
        ``overall`` and ``by_class``, shares between 0 and 1; lower is cleaner.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, if `n_resamples` is too small, or if verified
        rows are of another table.

    See Also
    --------
    LabelAudit : The rate from a few rows that a person verified.

    Notes
    -----
    The rate is no better than the model. The intervals (bootstrap; Clopper-Pearson by
    class) take the probabilities and the thresholds as they are, and so know nothing
    of the error of the model, which is often the larger one: a weak model makes the
    rate too high, and errors on ambiguous rows, which the model shares, make it too
    low. Do not report it as a measurement.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.datasets import make_label_errors
    >>> from skdataquality.label_noise import label_error_rate
    >>> truth = np.arange(400) % 2
    >>> y, _ = make_label_errors(truth, 0.1, random_state=0)
    >>> p = np.where(truth == 1, 0.9, 0.1)
    >>> rate = label_error_rate(y, np.column_stack([1 - p, p]), random_state=0)
    >>> round(rate.overall.estimate, 3), rate.basis
    (0.1, 'model-based')
    """
    classes, codes, proba, covered = match_partial(y, pred_proba, classes)
    if (rate := rate_of_verified(verified, y, codes, classes, covered)) is not None:
        return rate
    if not covered.any():
        raise ValueError(
            f"pred_proba is NaN in all {covered.size} rows: pass out-of-fold "
            f"probabilities, for example of cross_val_predict."
        )
    if not covered.all():
        codes, proba = codes[covered], proba[covered]
    data, guesses = confident_guesses(classes[codes], proba, classes)
    warn_of_predictions(data.codes, data.proba, data.classes)
    return LabelErrorRate(
        overall=off_diagonal_rate(
            data, guesses, n_resamples=n_resamples, random_state=random_state
        ),
        by_class=_rates_by_class(data, guesses, classes),
        rows_without_prediction=int(covered.size - data.codes.size),
    )


def rate_of_verified(verified, y, codes, classes, covered):
    """Return the rate that verified rows show, or None if they show none."""
    if verified is None:
        return None
    is_wrong = verified.is_wrong(y)
    if why_no_rate(verified, codes.size):
        return None
    overall, by_class = rates_from(verified, codes, is_wrong, classes.size)
    class_rows = np.bincount(codes, minlength=classes.size).tolist()
    return LabelErrorRate(
        overall=overall,
        by_class=[
            {"class": label, "rows": rows, "rate": rate}
            for label, rows, rate in zip(
                classes.tolist(), class_rows, by_class, strict=True
            )
        ],
        rows_without_prediction=int(covered.size - covered.sum()),
        basis=VERIFIED,
        caveat=caveat_of(verified),
    )


def caveat_of(verified):
    """Say what the rate from verified rows takes for granted."""
    n_open = verified.cannot_say.size + verified.unanswered.size
    n_planned = int(verified.is_drawn.sum()) + n_open
    said = "The rate is that of rows drawn at random, whatever the model."
    if n_open:
        said += (
            f" {n_open} of the {n_planned} rows drawn have no answer and are taken to "
            f"be like the others, which is wrong if hard rows were skipped."
        )
    return said


def confident_guesses(labels, proba, classes):
    """Return checked labels and probabilities, and the class each row is counted in."""
    data = check_labelled_proba(labels, proba, classes)
    return data, true_class_guesses(data, class_thresholds(data))


def off_diagonal_rate(data, guesses, *, n_resamples=RESAMPLES, random_state):
    """Share of labels that the confident joint puts off its diagonal.

    The bootstrap redraws rows with the thresholds of the whole sample.
    """

    def rate(codes, guesses):
        given = np.bincount(codes, minlength=data.n_classes)
        counted = np.bincount(codes[guesses >= 0], minlength=data.n_classes)
        agreeing = np.bincount(codes[codes == guesses], minlength=data.n_classes)
        # one or more agree, as in the confident joint
        agreement = np.maximum(agreeing, 1) / (counted + (agreeing == 0))
        return 1 - (given * agreement).sum() / given.sum()

    if not np.any((guesses >= 0) & (guesses != data.codes)):
        # a bootstrap of no disagreement would be sure that there is none
        return _named(proportion_interval(0, int((guesses >= 0).sum())))
    interval = bootstrap_interval(
        rate, data.codes, guesses, n_resamples=n_resamples, random_state=random_state
    )
    return _named(interval)


def _rates_by_class(data, guesses, classes):
    is_counted, agrees = guesses >= 0, guesses == data.codes
    counted = np.bincount(data.codes[is_counted], minlength=data.n_classes)
    agreeing = np.bincount(data.codes[agrees], minlength=data.n_classes)
    lines = zip(
        classes.tolist(),
        data.class_counts.tolist(),
        counted.tolist(),
        agreeing.tolist(),
        strict=True,
    )
    return [
        {"class": label, "rows": rows, "rate": _rate_of_class(rows, n, n_agreeing)}
        for label, rows, n, n_agreeing in lines
    ]


def _rate_of_class(n_rows, n_counted, n_agreeing):
    if n_rows == 0:
        return Interval(np.nan, 0.0, 1.0, "no row has this label")
    if n_counted and not n_agreeing:  # one does, as in the confident joint
        n_counted, n_agreeing = n_counted + 1, 1
    return _named(proportion_interval(n_counted - n_agreeing, n_counted))


def _named(interval):
    return replace(interval, method=f"{BASIS}, {interval.method}")
