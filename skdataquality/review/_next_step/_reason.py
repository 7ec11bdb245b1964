"""Why a step is the next one, in sentences: :func:`reason_of`."""

from skdataquality.review._next_step._choice import STOP

WHY_LABELS = {
    "verified": "New labels are taken to be as right as those of the review.",
    "as now": "New labels are taken to be as often wrong as the present ones.",
}


def reason_of(choice, error_rate, suspects_wrong, *, min_gain, new_labels, at_hand):
    """Say why, and how sure that is.

    ``at_hand`` is how many rows without a label there are.
    """
    said = [_of_best(choice, error_rate, suspects_wrong, min_gain)]
    if not choice.is_clear:
        said.append(_of_doubt(choice))
    if choice.best.work == "label" and not at_hand:
        said.append("None is at hand: rows of the same source have to be found first.")
    if choice.step != STOP and choice.best.work != "review":
        said.append(WHY_LABELS[new_labels])
    return " ".join(said)


def _of_best(choice, error_rate, suspects_wrong, min_gain):
    gain = choice.best.interval.estimate
    rate = f"{_percent(error_rate.estimate)} of the labels are thought to be wrong"
    if choice.step == STOP:
        return (
            f"The best option, {choice.best.name}, is foretold to gain {gain:+.3f}, "
            f"less than min_gain={min_gain:g}; {rate}."
        )
    if choice.best.work == "review":
        return (
            f"{rate}, and {_percent(suspects_wrong.estimate)} of the "
            f"{choice.best.rows} most doubtful ones: to put these right is foretold to "
            f"gain {gain:+.3f}."
        )
    verb = "to label" if choice.best.work == "label" else "to collect"
    return (
        f"The score still grows with rows: {verb} {choice.best.rows} more is foretold "
        f"to gain {gain:+.3f}; {rate}."
    )


def _of_doubt(choice):
    if choice.step == STOP:
        return "An interval reaches beyond that, so this is not sure."
    lead, second = choice.lead, choice.second
    said = (
        f"This is not clear: beside {second.name} it gains {lead.estimate:+.3f} "
        f"[{lead.lower:+.3f}, {lead.upper:+.3f}]."
    )
    if second.cost < choice.best.cost:
        said += f" {second.name.capitalize()} is cheaper."
    if choice.rows_to_verify:
        return (
            f"{said} About {choice.rows_to_verify} random rows, verified, would decide."
        )
    return f"{said} Verifying rows would not decide it."


def _percent(share):
    return f"{100 * share:.2g} %"
