"""What to do, in the order in which it must be done."""

from skdataquality.diagnosis._registry import acting_order
from skdataquality.utils._code import as_code


def make_plan(results):
    """Order what the lenses found, as steps of a plan.

    ``why`` is the place in the order, ``expect`` what the step should change, or None,
    and ``code`` that of the recommended estimator. What a measurement of its own
    refutes is no step.
    """
    acting = [
        (lens, results[lens.name])
        for lens in acting_order()
        if lens.name in results and _calls_for_action(results[lens.name])
    ]
    return [
        {
            "step": number,
            "lens": lens.name,
            "title": lens.title,
            "verdict": result.verdict,
            "action": result.summary,
            "why": lens.why(result),
            "expect": lens.expect(result),
            "code": as_code(result.remedies[0]) if result.remedies else None,
        }
        for number, (lens, result) in enumerate(acting, start=1)
    ]


def _calls_for_action(result):
    is_refuted = any(said.outcome == "refuted" for said in result.predictions)
    return result.verdict in ("found", "suspect") and not is_refuted
