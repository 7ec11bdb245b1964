"""When the verdict on labels is wrong, and which rows would decide it."""

from skdataquality.label_noise._remedies import FOR_REVIEW

LISTED = 10
MODEL_BASED = (
    "The noise floor and rate are model-based; the floor's interval shows sampling "
    "error only. LabelAudit gives a rate that does not rest on the model."
)
FLOOR_IS_MODEL_BASED = (
    "The noise floor is model-based, and its interval shows sampling error only."
)


def limits_of(found, grade, to_verify, rests_on_rows):
    limits: tuple[str, ...] = (
        FLOOR_IS_MODEL_BASED if rests_on_rows else MODEL_BASED,
        "Errors that sit where classes overlap look like overlap and are missed.",
        "Outcomes that are uncertain by nature, and so contradict the surest model as "
        "often as others, look like wrong labels.",
    )
    if to_verify.size:
        how = ", drawn at random" if found.n_to_verify < found.n_disagreeing else ""
        said = f"Rows to verify by hand{how}: {rows_listed(to_verify)}."
        limits = said, *limits
    if found.verdict == "clear" or grade not in FOR_REVIEW:
        return limits
    return (
        "Labels contradict the model less often where it is sure, so hard rows are "
        "mislabelled or classes overlap. Flagged rows are candidates for review, not "
        "for deletion."
        if grade != "weak model"
        else "The model is weak: most flags are its own errors.",
        *limits,
    )


def rows_listed(rows):
    """Name the first of the rows to verify, and say where all are."""
    listed = ", ".join(map(str, rows[:LISTED].tolist()))
    more = "" if rows.size <= LISTED else ", ..."
    return (
        f"{listed}{more} (numbered from 0; all {rows.size} are in the table 'rows to "
        f"verify')"
    )
