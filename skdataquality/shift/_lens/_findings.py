"""What the lens of shift found, and its result: :func:`put_together`."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from skdataquality.shift._label_shift import LabelShiftClassifier, LabelShiftWeighter
from skdataquality.shift._lens._ages import BY_AGE
from skdataquality.shift._lens._concept_part import WHERE
from skdataquality.shift._lens._covariate import COLUMNS, are_alike
from skdataquality.shift._lens._label_prior import SHARES, without_expected
from skdataquality.shift._lens._result import WORDS, ShiftLensResult
from skdataquality.shift._lens._verdict import judge
from skdataquality.shift._ratios import SEPARABLE_AUC
from skdataquality.shift._weighted import (
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
)
from skdataquality.utils._frames import listed
from skdataquality.utils._stats import SMALL_P

GROUNDS = {"covariate": COLUMNS, "label prior": SHARES, "concept": WHERE}
STALE = 0.05  # of domain AUC, by which the oldest period lies farther than the latest
MOVED = " Rows differ inside these groups: {names}."
UNSEEN = (
    " Concept shift (labels that go with the features in another way) is invisible "
    "without labelled target rows."
)
OLDEST = " The older training rows are, the less they look like them."


@dataclass(eq=False)
class Findings:
    """Parts and tables, as they are found.

    ``explain`` says how much of the difference of features is that of class shares, or
    is None; ``is_labelled`` whether labels of target rows are known.
    """

    target: Any
    tests: Any
    parts: dict
    evidence: dict = field(default_factory=dict)
    limits: tuple = ()
    predictions: tuple = ()
    to_label: tuple = ()
    is_labelled: bool = False
    explain: Callable | None = None
    result_type: type = ShiftLensResult


def put_together(found):
    """Return the result: one verdict, its kinds, its numbers and what mends it."""
    tests = found.tests
    if tests.why_not and tests.why_not != "groups_unknown":
        return _without_verdict(found)
    judged = judge(found.parts)
    if tests.why_not and judged.verdict != "clear":
        return _without_verdict(found)
    if judged.verdict == "clear" and tests.untested:
        judged = replace(judged, verdict="cannot tell", reason_code="slow_columns")
    kinds, explained = _narrowed(judged, found)
    auc, overlap = tests.domain_auc, tests.domain_auc.estimate <= SEPARABLE_AUC
    reason_code = _reason(judged, kinds, tests, overlap)
    is_found = judged.verdict == "found"
    if is_found and kinds != ("label prior",) and "label prior" in found.parts:
        part = without_expected(found.parts["label prior"])
        found.parts = found.parts | {"label prior": part}
    summary = ShiftLensResult.sentence(
        reason_code,
        kinds=_said(kinds),
        auc=auc.estimate,
        after=explained.domain_auc.estimate if explained else auc.estimate,
        slow=listed(tests.untested),
        columns=f": {listed(tests.drifted_columns)}" if tests.drifted_columns else "",
    )
    result = _bare(found, judged.verdict, reason_code, summary)
    return replace(
        result,
        severity=_severity(found, auc.estimate) if is_found else 0.0,
        summary=summary + _more(found, judged.verdict),
        evidence=_first_the_grounds(
            result.evidence, kinds if is_found else (), is_found and _is_stale(found)
        ),
        numbers=_first_the_tests(_numbers(found, explained), kinds),
        p_value=judged.p_value,
        remedies=_remedies(found, kinds, overlap) if is_found else (),
        named=kinds if is_found else (),
        kinds=kinds if is_found else (),
    )


def _said(kinds):
    """Join the words for some kinds."""
    *first, last = ["", *(WORDS[kind] for kind in kinds)]
    first = first[1:]
    return f"{', '.join(first)} and {last}" if first else last


def _first_the_grounds(evidence, kinds, is_stale):
    """Put the table first that the verdict rests on; a terminal shows no other."""
    first = [BY_AGE] if is_stale else []
    named = "concept" if "concept" in kinds else next(iter(kinds), None)
    first += [GROUNDS[named]] if named else []
    first = [title for title in first if title in evidence]
    return {title: evidence[title] for title in first} | evidence


def _more(found, verdict):
    """Say what else a terminal should show, which leaves limits of a clear lens out."""
    if verdict == "clear":
        return UNSEEN if found.to_label else ""
    if verdict != "found":
        return ""
    moved = found.tests.moved_groups
    said = MOVED.format(names=listed(moved)) if moved else ""
    return said + (OLDEST if _is_stale(found) else "")


def _first_the_tests(numbers, kinds):
    """Put the numbers first that the verdict rests on; a terminal shows no others."""
    first = ["domain_auc", *(f"p_{kind.replace(' ', '_')}" for kind in kinds)]
    return {key: numbers[key] for key in first if key in numbers} | numbers


def _bare(found, verdict, reason_code, summary):
    parts = found.parts.values()
    evidence = {
        title: table for part in parts for title, table in part.evidence.items()
    }
    limits = tuple(limit for part in parts for limit in part.limits)
    return found.result_type(
        verdict=verdict,
        severity=0.0,
        reason_code=reason_code,
        summary=summary,
        evidence=evidence | found.evidence,
        predictions=found.predictions,
        limits=(*limits, *found.limits),
        to_label=found.to_label,
    )


def _without_verdict(found):
    """Say that no test can be trusted; what was counted stays."""
    tests = found.tests
    code = {"groups_unknown": "grouped", "few_effective_rows": "few_blocks"}
    reason_code = code.get(tests.why_not, tests.why_not)
    summary = found.result_type.sentence(
        reason_code,
        auc=tests.domain_auc.estimate,
        blocks=f"{tests.effective_rows:.0f}",
    )
    numbers = _numbers(found, None)
    kept = {key: v for key, v in numbers.items() if not key.startswith("p_")}
    result = _bare(found, "cannot tell", reason_code, summary)
    return replace(result, numbers=kept)


def _narrowed(judged, found):
    """Leave out of the kinds what others explain, and name what is left to explain.

    Where class shares differ, training rows of those shares must look like target rows.
    If they do not, and features do not differ either, P(y | x) is what changed.
    """
    kinds = judged.kinds
    if "label prior" not in kinds or judged.verdict != "found":
        return kinds, None
    explained = found.explain()
    much = "all" if explained is None else explained.much
    left = [kind for kind in kinds if kind != "label prior"]
    if explained is None or (much == "most" and "concept" not in kinds):
        return kinds, explained
    if much == "all":
        return ("label prior", *left[left[:1] == ["covariate"] :]), explained
    if "covariate" in kinds and "concept" not in kinds and found.is_labelled:
        return kinds, explained  # class shares differ, as labels say
    if not left and found.is_labelled:
        return ("concept",), explained
    return tuple(left) or kinds, explained


def _reason(judged, kinds, tests, overlap):
    if judged.verdict != "found":
        is_plain = judged.reason_code != "alike" or not are_alike(tests)
        return judged.reason_code if is_plain else "alike_dependent"
    if not overlap:
        return "no_overlap"
    if "concept" in kinds:
        return "concept"
    if tests.only_mix:
        return "mix_of_groups"
    return "label_prior" if kinds == ("label prior",) else "shifted"


def _numbers(found, explained):
    numbers: dict = {}
    for part in found.parts.values():
        numbers |= part.numbers
    after = None if explained is None else explained.domain_auc
    if "label prior" in found.parts:
        numbers["domain_auc_of_weighted_classes"] = after
    return numbers


def _severity(found, auc):
    concept = found.parts.get("concept")
    is_concept = concept is not None and concept.p_relevant < SMALL_P
    return float(max(0.5 if is_concept else 0.0, min(1, 2 * max(auc - 0.5, 0))))


def _is_stale(found):
    aucs = [line["domain_auc"] for line in found.evidence.get(BY_AGE, ())]
    aucs = [auc for auc in aucs if auc is not None]
    return len(aucs) > 1 and aucs[0] > aucs[-1] + STALE


def _remedies(found, kinds, overlap):
    """Return what mends these kinds, the recommended one first.

    Weights need rows that both sides could hold. Class shares that labels of target
    rows show need none: predictions are moved to them.
    """
    if "concept" in kinds:
        return ()
    if found.result_type is not ShiftLensResult:
        return (ShiftWeightedRegressor(X_target=found.target),) * overlap
    by_features = (ShiftWeightedClassifier(X_target=found.target),) * overlap
    by_shares = (LabelShiftClassifier(X_target=found.target, random_state=0),)
    if kinds == ("label prior",):
        by_class = LabelShiftWeighter(random_state=0)
        weighted = ShiftWeightedClassifier(weighter=by_class, X_target=found.target)
        return (*by_shares, weighted)
    if "label prior" in kinds and found.is_labelled:
        return (*by_features, *by_shares)
    return by_features
