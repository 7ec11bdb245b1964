"""What to do, in the order in which it must be done."""

from skdataquality.utils._code import as_code

ACTING_ORDER = ("leakage", "duplicates", "label_noise", "imbalance", "shift")

REASONS = {
    "leakage": "first: a model that sees the answer learns nothing else",
    "duplicates": "before anything that counts rows, and to keep folds honest",
    "label_noise": "before resampling, which would multiply wrong labels",
    "imbalance": "after the labels are right",
    "shift": "last: weights for the rows that are left",
}

NO_REMEDY = "no estimator mends it: act on the finding"


def make_plan(lenses):
    """Order what the lenses found.

    Parameters
    ----------
    lenses : dict of str to LensResult

    Returns
    -------
    plan : list of dict
        ``step``, ``lens``, ``verdict``, ``action`` (the finding), ``why`` (the place in
        the order) and ``code`` of the recommended estimator.
    """
    acting = [
        name
        for name in ACTING_ORDER
        if name in lenses and lenses[name].verdict in ("found", "suspect")
    ]
    return [
        {
            "step": number,
            "lens": name,
            "verdict": lenses[name].verdict,
            "action": lenses[name].summary,
            "why": REASONS[name] if lenses[name].remedies else NO_REMEDY,
            "code": as_code(lenses[name].remedies[0])
            if lenses[name].remedies
            else None,
        }
        for number, name in enumerate(acting, start=1)
    ]
