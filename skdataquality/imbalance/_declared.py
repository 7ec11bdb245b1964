"""What the lens of imbalance declares: :data:`LENS`."""

from math import isnan

from imblearn.under_sampling import RandomUnderSampler

from skdataquality.imbalance._lens import ImbalanceLensResult, imbalance_lens
from skdataquality.imbalance._weighter import ClassBalanceWeighter
from skdataquality.utils._lens import Lens


def _examine(inputs, known):
    """Compare class sizes, and how well each class is found."""
    proba, classes = inputs.proba_on_all_rows(known.oof)
    lens = imbalance_lens(inputs.y, proba, classes=classes, random_state=inputs.seed)
    return lens, {}


def _expect(lens):
    recall = lens.numbers.get("rarest_recall")
    if recall is None or isnan(recall.estimate) or not lens.remedies:
        return None
    return (
        f"recall of the rarest class rises from "
        f"{recall.estimate:.3f} at the price of precision; "
        f"accuracy may fall."
    )


def _candidates(lens, *, random_state, **_):
    return {
        "balance": ClassBalanceWeighter(),
        "under-sample": RandomUnderSampler(random_state=random_state),
    }


LENS = Lens(
    result=ImbalanceLensResult,
    examine=_examine,
    measured=3,
    acts=5,
    label_kinds=("classes",),
    known=("oof",),
    why=lambda lens: "after the labels are right",
    expect=_expect,
    candidates=_candidates,
    chained="balance",
)
