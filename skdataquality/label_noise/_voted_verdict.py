"""What votes of annotators say of the labels that a model judges: `with_votes`."""

from dataclasses import replace

from skdataquality.label_noise._flags import MOST_DISAGREEING

SOME = 0.01  # of all labels, beyond doubt
TOLERATED = f"{MOST_DISAGREEING:.0%}".replace("%", " %")
SAID = "By the votes of annotators {rate} of the labels are wrong ({lower} to {upper}):"
SAID_OF = {"rate": "estimate", "lower": "lower", "upper": "upper"}
REASONS = {
    "voted_many": SAID + " more than " + TOLERATED + ".",
    "voted_some": SAID + " some beyond doubt.",
    "voted_few": SAID + " no more than " + TOLERATED + ".",
}
VERDICT_OF = {"voted_many": "found", "voted_some": "suspect", "voted_few": "clear"}
LIMIT = (
    "By the votes of annotators {rate} of the labels are wrong ({lower} to {upper}), "
    "which rests on no model: where the label error rate differs, take the votes'. "
    "Mistakes that most annotators share are not seen."
)


def with_votes(result, rate, remedies):
    """Tell the rate of wrong labels by votes, and let it decide where a model cannot.

    ``rate`` is an Interval, ``remedies`` a function of the verdict.
    """
    said = {end: _percent(getattr(rate, of)) for end, of in SAID_OF.items()}
    result = replace(
        result,
        numbers={"voted_error_rate": rate} | result.numbers,  # first, so it is shown
        evidence=result.evidence | {"wrong labels by votes": [{"share": rate}]},
        limits=(*result.limits, LIMIT.format(**said)),
    )
    code = _reason(rate)
    if result.verdict != "cannot tell" or code is None:
        return result
    verdict = VERDICT_OF[code]
    return replace(
        result,
        verdict=verdict,
        severity=0.0 if verdict == "clear" else min(1.0, rate.estimate / 0.3),
        reason_code=code,
        summary=result.sentence(code, **said),
        p_value=None,
        remedies=remedies(verdict),
    )


def _reason(rate):
    """Why the verdict is what it is by the votes; None where they leave it open."""
    if rate.lower > MOST_DISAGREEING:
        return "voted_many"
    if rate.upper <= MOST_DISAGREEING:
        return "voted_few"
    return "voted_some" if rate.lower > SOME else None


def _percent(share):
    return f"{share:.1%}".replace("%", " %")
