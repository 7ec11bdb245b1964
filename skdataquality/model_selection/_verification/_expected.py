"""The gain that a model expects on the true labels, before anybody looks."""

import math


def expected_gains(question):
    """Return the expected gain by metric, then by candidate; NaN where unknown."""
    gains = {}
    for metric, said in question.predictions.items():
        baseline, *names = said
        forms = question.forms(metric)
        if forms is None or question.proba is None:
            gains[metric] = dict.fromkeys(names, math.nan)
            continue
        zero = forms[baseline].value(question.posterior)
        gains[metric] = {
            name: forms[name].value(question.posterior) - zero for name in names
        }
    return gains
