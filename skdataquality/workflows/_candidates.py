"""Which remedies to compare after a diagnosis: :func:`candidate_remedies`."""

from skdataquality.compose import RemedyChain
from skdataquality.diagnosis._registry import acting_order


def candidate_remedies(report, *, estimator=None, random_state=0):
    """Name the remedies that a diagnosis suggests, and the usual ones.

    Parameters
    ----------
    report : DataQualityReport
    estimator : classifier or regressor, default=None
        What judges labels, classes in one round; None is :class:`LabelErrorDetector`
        with its three families of models, which take several times as long, of a
        quantity :class:`RegressionErrorDetector`.
    random_state : int, default=0
        For the remedies that draw.

    Returns
    -------
    remedies : dict of str to remedy
        For :func:`~skdataquality.model_selection.compare_remedies`.
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
        )
        if lens.chained in remedies:
            chained.append(lens.chained)
    if len(chained) > 1:
        remedies[", ".join(chained)] = RemedyChain([remedies[n] for n in chained])
    return remedies
