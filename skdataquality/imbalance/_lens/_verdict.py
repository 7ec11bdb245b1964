"""The verdict: whether a class is rare and neglected, or no class at all."""

from dataclasses import replace

import numpy as np
from scipy import stats

from skdataquality.compose import RemediedClassifier
from skdataquality.imbalance._adjusters import recommended_classifier
from skdataquality.imbalance._lens._result import ImbalanceLensResult
from skdataquality.imbalance._lens._seen import share
from skdataquality.imbalance._weights import ClassBalanceWeighter
from skdataquality.utils._digits import fixed
from skdataquality.utils._lens import Prediction
from skdataquality.utils._stats import SMALL_P

UNEVEN_RATIO = 3.0
EXTREME_RATIO = 50.0
NEGLECT_GAP = 0.05
MOSTLY = 0.5  # of the rows of a class: if more look mislabelled it is no class


def judge(seen, used, grouped):
    """Return the verdict, what it rests on, and the p value of neglect."""
    p_value = _neglect(seen)
    is_rarest = seen.truth == seen.rarest
    others = share(seen.right[~is_rarest]).estimate
    gap = others - share(seen.right[is_rarest]).estimate  # NaN if either has no row
    if seen.ratio >= UNEVEN_RATIO:
        neglected = p_value < SMALL_P and gap >= NEGLECT_GAP
        is_found = neglected or seen.ratio >= EXTREME_RATIO
        return ("found" if is_found else "suspect"), "rare_class", p_value
    if grouped is not None and grouped.rarest is not None:
        verdict = "found" if grouped.is_neglected else "suspect"
        return verdict, "rare_group", p_value
    if used is not None and used.is_declared and used.differs(seen.sizes):
        return "found", "label_skew", p_value
    return "clear", "even", p_value


def _neglect(seen):
    """P value of Fisher's test that the rarest class is recalled worse."""
    right, rare = seen.right, seen.truth == seen.rarest
    table = [
        [int((right & rare).sum()), int((~right & rare).sum())],
        [int((right & ~rare).sum()), int((~right & ~rare).sum())],
    ]
    return float(stats.fisher_exact(table, alternative="less").pvalue)


def severity(verdict, reason_code, seen, used, grouped):
    """Return how bad it is: of rare classes by the ratio, 1 at 100 times."""
    if verdict == "clear":
        return 0.0
    if reason_code == "rare_group":
        return float(grouped.severity)
    if reason_code == "label_skew":
        return float(np.abs(used.shares - seen.sizes / seen.sizes.sum()).sum() / 2)
    return float(min(1, np.log10(seen.ratio) / 2))


def facts(reason_code, seen, recall, used, grouped):
    """Return what the sentence of a reason is made of."""
    if reason_code == "rare_group":
        return grouped.facts()
    if reason_code == "label_skew":
        here = seen.sizes / seen.sizes.sum()
        most = int(np.argmax(np.abs(used.shares - here)))
        shares = {"here": fixed(here[most]), "there": fixed(used.shares[most])}
        return {"name": seen.label(most), **shares}
    return {
        "name": seen.label(seen.rarest),
        "rows": int(seen.sizes[seen.rarest]),
        "total": int(seen.sizes.sum()),
        "ratio": seen.ratio,
        "times": fixed(seen.ratio),
        "recalled": _recalled(recall.estimate),
    }


def _recalled(recall):
    if np.isnan(recall):
        return "none of them could be predicted out of fold"
    return f"{100 * recall:.0f} % of them are found"


def paradox(accuracy, baseline, recall, name):
    """Predict that accuracy hides a missed class, where accuracy is high at all."""
    if accuracy.upper < 0.9 or np.isnan(recall.estimate):
        return ()
    outcome = "cannot tell"
    if recall.lower > 0.7:
        outcome = "refuted"
    elif accuracy.lower > 0.9 and recall.upper < 0.7:
        outcome = "confirmed"
    return (
        Prediction(
            sentence=f"Accuracy looks good while class {name} is missed (accuracy "
            f"above .9, its recall below .7).",
            outcome=outcome,
            measured=f"accuracy {accuracy.estimate:.3f}, recall "
            f"{recall.estimate:.3f}; always naming the largest class has accuracy "
            f"{baseline:.3f}",
        ),
    )


def remedies(verdict, reason_code):
    """Return what may help, the recommended one first."""
    if verdict == "clear" or reason_code != "rare_class":
        return ()
    return (
        recommended_classifier(),
        RemediedClassifier(remedy=ClassBalanceWeighter()),
        RemediedClassifier(remedy=ClassBalanceWeighter("inverse_sqrt")),
    )


def told_of_flags(result, is_rarest, flagged, n_rows, n_total):
    """Return the result in the light of labels that look wrong.

    If more than half of the rows of the rarest class do, beyond chance, it is no class
    to give weight to: its labels come first.

    Parameters
    ----------
    result : ImbalanceLensResult
    is_rarest, flagged : ndarray of shape (n_judged,), bool
        Of the rows whose label could be judged.
    n_rows, n_total : int
        Rows of the class, and of the table.
    """
    of_rarest = share(flagged[is_rarest])
    numbers = result.numbers | {"rarest_flagged": of_rarest}
    if result.reason_code != "rare_class" or not of_rarest.lower > MOSTLY:
        return replace(result, numbers=numbers)
    reason_code = "minority_of_errors"
    return replace(
        result,
        verdict="suspect",
        reason_code=reason_code,
        summary=ImbalanceLensResult.sentence(
            reason_code,
            name=result.named[0],
            rows=n_rows,
            total=n_total,
            flagged=int(flagged[is_rarest].sum()),
            judged=int(is_rarest.sum()),
        ),
        numbers=numbers,
        predictions=(),
        remedies=(),
    )
