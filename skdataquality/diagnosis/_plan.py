"""What to do, in the order in which it must be done."""

from skdataquality.diagnosis._registry import acting_order
from skdataquality.utils._code import code_or_reason
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import WIDTH, Shown, cut, html_facts


class Plan(list):
    """The steps of a plan, dicts in the order in which they must be done."""

    def __repr__(self):
        said = "1 step" if len(self) == 1 else f"{len(self)} steps"
        lines = [
            cut(printable(f"{step['step']}. {step['title']}: {step['action']}"), WIDTH)
            for step in self
        ]
        return "\n".join([f"Plan({said})", *lines])

    def _repr_html_(self):
        steps = {
            f"{step['step']}. {step['title']}": Shown(step["action"]) for step in self
        }
        return html_facts("Plan", steps)


def make_plan(results):
    """Order what the lenses found, as steps of a plan.

    ``why`` is the place in the order, ``expect`` what the step should change, or None,
    and ``code`` that of the recommended estimator. Where none is recommended ``code``
    is None; where a parameter of it cannot be written, such as a lambda, it is None,
    too, and ``no_code`` says why. What a measurement of its own refutes is no step.
    """
    acting = [
        (lens, results[lens.name])
        for lens in acting_order()
        if lens.name in results and _calls_for_action(results[lens.name])
    ]
    steps = [
        {
            "step": number,
            "lens": lens.name,
            "title": lens.title,
            "verdict": result.verdict,
            "action": result.summary,
            "why": lens.why(result),
            "expect": lens.expect(result),
            **_code(result.remedies),
        }
        for number, (lens, result) in enumerate(acting, start=1)
    ]
    return Plan(steps)


def _code(remedies):
    code, reason = code_or_reason(remedies[0]) if remedies else (None, None)
    return {"code": code} | ({"no_code": reason} if reason else {})


def _calls_for_action(result):
    is_refuted = any(said.outcome == "refuted" for said in result.predictions)
    return result.verdict in ("found", "suspect") and not is_refuted
