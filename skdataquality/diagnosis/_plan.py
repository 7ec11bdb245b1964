"""What to do, in the order in which it must be done."""

from skdataquality.utils._code import as_code

ACTING_ORDER = (
    "leakage",
    "duplicates",
    "provenance",
    "label_noise",
    "imbalance",
    "shift",
)

REASONS = {
    "leakage": "first: a model that sees the answer learns nothing else",
    "duplicates": "before anything that counts rows, and to keep folds honest",
    "provenance": "where labels go wrong: mend the source before the rows",
    "label_noise": "before resampling, which would multiply wrong labels",
    "imbalance": "after the labels are right",
    "shift": "last: weights for the rows that are left",
}

NO_REMEDY = {
    "leakage": "ask when the column is filled in; drop it if after the outcome",
    "provenance": REASONS["provenance"],
    "shift": "no weight mends it: find the column that tells where rows come from",
}


def make_plan(lenses):
    """Order what the lenses found.

    Parameters
    ----------
    lenses : dict of str to LensResult

    Returns
    -------
    plan : list of dict
        ``step``, ``lens``, ``verdict``, ``action`` (the finding), ``why`` (the place in
        the order), ``expect`` (what the step should change, or None) and ``code`` of
        the recommended estimator.
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
            "why": _why(name, lenses[name]),
            "expect": expectation(name, lenses[name]),
            "code": as_code(lenses[name].remedies[0])
            if lenses[name].remedies
            else None,
        }
        for number, name in enumerate(acting, start=1)
    ]


def _why(name, lens):
    if name == "leakage" and lens.identifiers and not (lens.giveaways or lens.suspects):
        return "first: a model would learn by heart which row is which"
    reasons = REASONS if lens.remedies else NO_REMEDY
    return reasons.get(name, "no estimator mends it: act on the finding")


def expectation(name, lens):
    """Say what acting on a finding is expected to change, in its own numbers.

    Returns
    -------
    text : str or None
        None where the lens has no number to say it with.
    """
    numbers = {k: v for k, v in lens.numbers.items() if v is not None}
    if name == "leakage" and "auc_without" in numbers:
        return (
            f"the held-out AUC falls from {_say(numbers['auc_with'])} to "
            f"{_say(numbers['auc_without'])}, {_meaning(lens)}."
        )
    if name == "duplicates" and lens.remedies:
        return (
            f"{_n_copies(lens)} fewer rows; held-out scores stop counting "
            f"rows that the model has seen, so they may fall."
        )
    if name == "label_noise" and "noise_rate" in numbers:
        return (
            f"about {numbers['flagged_rows']} rows leave the training folds. Scores "
            f"move little while the held-out labels are as noisy: compare, and review."
        )
    if name == "imbalance" and "rarest_recall" in numbers:
        return (
            f"recall of the rarest class rises from {_say(numbers['rarest_recall'])} "
            f"at the price of precision; accuracy may fall."
        )
    if name == "shift" and "accuracy_expected_on_target" in numbers:
        return (
            f"accuracy on target rows, now expected at "
            f"{_say(numbers['accuracy_expected_on_target'])}, may rise; held-out "
            f"accuracy will not."
        )
    return None


def _meaning(lens):
    if lens.giveaways:
        return "the score to expect in use"
    return "the score to expect in use if the column is not known by then"


def _n_copies(lens):
    """Rows that the recommended deduplicator drops."""
    near = lens.numbers.get("near_rows") if lens.remedies[0].near else 0
    return lens.numbers["repeated_rows"] + (near or 0)


def _say(interval):
    return f"{interval.estimate:.3f}"
