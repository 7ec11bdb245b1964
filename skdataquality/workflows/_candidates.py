"""Which remedies to compare after a diagnosis: :func:`candidate_remedies`."""

from skdataquality.compose import RemedyChain
from skdataquality.diagnosis._registry import acting_order
from skdataquality.duplicates import DuplicateGroupKFold


def candidate_remedies(
    report, *, estimator=None, scoring="balanced_accuracy", random_state=0
):
    """Name the remedies that a diagnosis suggests, and the usual ones.

    Parameters
    ----------
    report : DataQualityReport
    estimator : classifier or regressor, default=None
        What judges labels, classes in one round; None is :class:`LabelErrorDetector`
        with its three families of models, which take several times as long, of a
        quantity :class:`RegressionErrorDetector`.
    scoring : str or scorer, default="balanced_accuracy"
        The deciding metric of the comparison. A threshold is tuned for it if it scores
        decisions, else for balanced accuracy.
    random_state : int, default=0
        For the remedies that draw.

    Returns
    -------
    remedies : dict of str to remedy
        For :func:`~skdataquality.model_selection.compare_remedies`.

    Notes
    -----
    "move the threshold", :class:`~skdataquality.imbalance.TunedOffsetClassifierCV`
    without an estimator, is among them if the largest class has 1.5 times the rows of
    the rarest and a model tells 50 rows of each apart. Its own folds keep equal
    rows together. Groups do not reach them: where rows of a group are alike, the
    threshold is that of a model which seems surer than it is.
    """
    remedies: dict = {}
    chained = []
    for lens in acting_order():
        if lens.name not in report.lenses:
            continue
        remedies |= lens.candidates(
            report.lenses[lens.name],
            estimator=estimator,
            label_kind=report.label_kind,
            random_state=random_state,
            scoring=scoring,
            folds=DuplicateGroupKFold(random_state=random_state),
        )
        if lens.chained in remedies:
            chained.append(lens.chained)
    if len(chained) > 1:
        remedies[", ".join(chained)] = RemedyChain([remedies[n] for n in chained])
    return remedies
