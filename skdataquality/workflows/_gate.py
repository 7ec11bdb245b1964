"""Gates: conditions on a report, judged and rendered."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan
from numbers import Real

from skdataquality.diagnosis._registry import measuring_order
from skdataquality.diagnosis._report import SCHEMA as REPORT_SCHEMA
from skdataquality.report._text import say_counts, say_number
from skdataquality.utils._digits import fixed
from skdataquality.utils._lens import GIVEN
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import Shown, ShownResult, on_few_lines, wrapped
from skdataquality.utils._stats import Interval
from skdataquality.workflows._gate_condition import (
    BOUNDS,
    OPERATORS,
    Condition,
    UnknownMetricError,
    aliases,
    lens_names,
    parse_all,
    unknown_metric,
)

SCHEMA = "skdataquality.gate/1"
HEADS = {"passed": "PASS", "failed": "FAIL", "cannot compute": "CANNOT TELL"}


@dataclass(frozen=True, repr=False)
class Gate(Condition):
    """A condition and what came of it.

    ``observed`` is what was compared, None where there is nothing, ``interval`` the
    number with both ends, where it has them; ``outcome`` is a key of ``HEADS``.
    """

    observed: float | str | None
    interval: Interval | None
    outcome: str
    reason: str

    def __repr__(self):
        said = f"Gate({HEADS[self.outcome]}: {self.condition!r}; {self.reason})"
        return on_few_lines(said)

    def to_dict(self):
        """Return the fields by name, ready for JSON."""
        interval = None if self.interval is None else self.interval.to_dict()
        return vars(self) | {"interval": interval}


@dataclass(frozen=True, repr=False)
class GateReport(ShownResult):
    """Every gate with its outcome.

    Attributes
    ----------
    gates : tuple of Gate

    See Also
    --------
    check_gates : Makes it.
    """

    gates: tuple[Gate, ...]

    @property
    def exit_code(self):
        """0 if all passed; 1 if any failed; else 4, as some could not be computed."""
        outcomes = {gate.outcome for gate in self.gates}
        if "failed" in outcomes:
            return 1
        return 4 if "cannot compute" in outcomes else 0

    def __repr__(self):
        said = ", ".join(f"{n} {outcome}" for outcome, n in self._counts().items() if n)
        return f"GateReport({said}; exit code {self.exit_code})"

    def _facts(self):
        return {
            Shown(f"{HEADS[gate.outcome]}: {gate.condition}"): Shown(gate.reason)
            for gate in self.gates
        }

    def to_dict(self):
        """Return the outcomes as plain lists, numbers and text.

        Returns
        -------
        report : dict
            ``{"schema", "exit_code", "counts", "gates"}``.
        """
        return {
            "schema": SCHEMA,
            "exit_code": self.exit_code,
            "counts": self._counts(),
            "gates": [gate.to_dict() for gate in self.gates],
        }

    def to_junit(self):
        """Return JUnit XML: one suite, one test case per gate.

        A failed gate holds ``<failure>``, one that could not be computed ``<error>``.

        Returns
        -------
        text : str
            To be written as UTF-8.
        """
        counts = self._counts()
        suites = ET.Element("testsuites")
        suite = ET.SubElement(suites, "testsuite", name="skdataquality.gate", time="0")
        suite.set("tests", str(len(self.gates)))
        suite.set("failures", str(counts["failed"]))
        suite.set("errors", str(counts["cannot compute"]))
        for gate in self.gates:
            _add_case(suite, gate)
        ET.indent(suites)
        text = ET.tostring(suites, encoding="unicode")
        return f'<?xml version="1.0"?>\n{text}\n'

    def _counts(self):
        counts = Counter(gate.outcome for gate in self.gates)
        return {outcome: counts[outcome] for outcome in HEADS}

    def __str__(self):
        lines = []
        for gate in self.gates:
            lines += wrapped(gate.condition, f"{HEADS[gate.outcome]:<13}")
            lines += wrapped(gate.reason, " " * 13)
        said = ", ".join(f"{n} {outcome}" for outcome, n in self._counts().items() if n)
        return "\n".join([*lines, "", f"{said}."]) + "\n"


def check_gates(report, conditions):
    """Judge conditions under which an automated run must stop.

    A condition says when to FAIL: ``metric[.lower|.upper|.estimate] op number`` or
    ``lens.verdict ==|!= word``. ``metric`` is ``lens.number``, a ``number`` that only
    one lens of the report has, or an alias: ``label_error_rate`` (that of
    :func:`~skdataquality.label_noise.label_error_rate`, which trusts the model unless
    an audit's verified rows were passed, as the reason then says; ``noise_floor``
    leaves out what overlapping classes explain), ``target_auc``,
    ``domain_auc``, ``expected_accuracy`` (on target rows), ``duplicate_share``,
    ``cross_split_duplicates``, ``leaking_columns``. ``op`` is one of
    ``> >= < <= == !=``; a number may be a percentage. Without a bound the estimate is
    compared. Prefer the bound that must be crossed beyond doubt, as in
    ``label_error_rate.lower > 0.05``: the estimate of small data crosses a limit by
    chance.

    What was not measured, or has no value, makes a gate "cannot compute", which never
    counts as passed, and so does a number of a lens that cannot tell, unless it was
    counted in verified rows. A lens that was not measured is known by its name only,
    so name its numbers in full, as in ``shift.p_covariate``.

    Parameters
    ----------
    report : DataQualityReport or dict
        Of :func:`diagnose`, or its ``to_dict()``.
    conditions : sequence of str
        At least one.

    Returns
    -------
    report : GateReport

    Raises
    ------
    GateSyntaxError
        If a condition cannot be read.
    UnknownMetricError
        If a condition names a number that is not there, is there twice, or has no
        interval where a bound is asked for.

    Examples
    --------
    >>> from skdataquality.workflows import check_gates
    >>> share = {"estimate": 0.12, "lower": 0.09, "upper": 0.15, "method": "exact"}
    >>> lens = {"verdict": "found", "numbers": {"repeated_share": share}}
    >>> report = {"lenses": {"duplicates": lens}}
    >>> gates = check_gates(report, ["duplicate_share.lower > 5 %", "target_auc > 0.8"])
    >>> print(gates)
    FAIL         duplicate_share.lower > 5 %
                 duplicates.repeated_share.lower is 0.09, above 0.05; estimate
                 0.12 [0.09, 0.15], exact.
    CANNOT TELL  target_auc > 0.8
                 shift was not measured: pass target data.
    <BLANKLINE>
    1 failed, 1 cannot compute.
    >>> gates.exit_code
    1
    """
    parsed = parse_all(conditions)
    lenses = _lenses_of(report)
    return GateReport(tuple(_judge(condition, lenses) for condition in parsed))


def _lenses_of(report):
    plain = report.to_dict() if hasattr(report, "to_dict") else report
    lenses = plain.get("lenses") if isinstance(plain, Mapping) else None
    if not isinstance(lenses, Mapping) or not all(map(_is_lens, lenses.values())):
        raise ValueError(
            f"report={type(report).__name__} must be a DataQualityReport or its "
            f"to_dict(), each lens with its numbers."
        )
    if plain.get("schema", REPORT_SCHEMA) != REPORT_SCHEMA:
        raise ValueError(
            f"report has the schema {plain['schema']!r}; pass one of {REPORT_SCHEMA!r}."
        )
    return lenses


def _is_lens(lens):
    return isinstance(lens, Mapping) and isinstance(lens.get("numbers"), Mapping)


def _resolve(condition, lenses):
    """Return the lens and the number, or "verdict", that a condition is about."""
    short = aliases()
    metric = short.get(condition.metric, condition.metric)
    lens, dot, number = metric.partition(".")
    if not dot:
        owners = [name for name in lenses if metric in lenses[name]["numbers"]]
        if len(owners) > 1:
            raise UnknownMetricError(
                f"condition {condition.condition!r}: {metric!r} is a number of several "
                f"lenses; write one of {', '.join(f'{o}.{metric}' for o in owners)}."
            )
        if owners:
            return owners[0], metric
    elif lens in lenses:
        numbers, verdict = lenses[lens]["numbers"], lenses[lens].get("verdict")
        may_lack = verdict == "cannot tell" or metric in short.values()
        if may_lack or number in {*numbers, "verdict"}:
            return lens, number
    elif lens in lens_names():
        return lens, number
    raise unknown_metric(condition, lenses)


def _judge(condition, lenses):
    lens, number = _resolve(condition, lenses)
    metric = f"{lens}.{number}"
    observed, interval = _read(condition, lens, number, lenses)
    # what a lens cannot tell is neither found nor clear, and its numbers are not
    # trusted, unless just that was asked, or a person has counted them
    doubted = lenses.get(lens, {}).get("verdict") == "cannot tell"
    doubted = doubted and number not in _standing(lens, lenses[lens])
    if observed is None or (doubted and condition.limit != "cannot tell"):
        outcome, reason = "cannot compute", _why_not(metric, lenses.get(lens))
    else:
        outcome = "failed" if condition.holds(observed) else "passed"
        reason = _comparison(condition, metric, observed, interval)
        if counts := say_counts(lenses[lens], number):
            reason += f" Counted: {counts}."
    known = vars(condition) | {"metric": metric, "reason": printable(reason)}
    return Gate(**known, observed=observed, interval=interval, outcome=outcome)


def _standing(name, lens):
    """Return the numbers of a lens that hold although it cannot tell."""
    declared = {known.name: known.result for known in measuring_order()}
    if name not in declared:
        return ()
    return declared[name].stands.get(lens.get("reason_code"), ())


def _read(condition, lens, number, lenses):
    """Return what is compared, None if there is nothing, and its interval."""
    if lens not in lenses:
        return None, None
    if number == "verdict":
        return lenses[lens].get("verdict"), None
    value, interval = lenses[lens]["numbers"].get(number), None
    if isinstance(value, Mapping):
        known = {"method": "", "level": 0.95} | dict(value)
        ends = {k: nan if known.get(k) is None else known[k] for k in BOUNDS}
        interval = Interval(**ends, method=known["method"], level=known["level"])
        value = getattr(interval, condition.bound)
    elif isinstance(value, Real) and condition.bound != "estimate":
        raise UnknownMetricError(
            f"condition {condition.condition!r} asks for a bound of {lens}.{number}, "
            f"which has no interval: leave out '.{condition.bound}'."
        )
    is_there = isinstance(value, Real) and isfinite(value)
    return float(value) if is_there else None, interval


def _why_not(metric, lens):
    name, _, number = metric.partition(".")
    if lens is None:
        return f"{name} was not measured: {_cure(name)}."
    if lens["numbers"].get(number) is None and (cure := _cure(name, number)):
        return f"{metric} was not measured: {cure}."
    if lens.get("verdict") != "cannot tell":
        if number in lens["numbers"]:
            return f"{metric} has no value in this report."
        others = ", ".join(n for n, v in lens["numbers"].items() if v is not None)
        return f"{name} has no {number} in this report, but: {others}."
    summary = str(lens.get("summary", "")).rstrip(".")
    return f"{name} cannot tell: {summary or 'the data do not suffice'}."


def _cure(name, number=None):
    """Say what to pass for a lens, or one of its numbers; empty if nothing helps."""
    declared = {lens.name: lens for lens in measuring_order()}
    if name not in declared:
        return "no such part here"
    unit = declared[name].result.units.get(number)
    given = declared[name].given if number is None else (unit and unit.given,)
    return " and ".join(f"pass {GIVEN[need]}" for need in given if need)


def _comparison(condition, metric, observed, interval):
    is_bound = condition.bound in ("lower", "upper")
    name = f"{metric}.{condition.bound}" if is_bound else metric
    words = OPERATORS[condition.operator][1]
    words = words if condition.holds(observed) else f"not {words}"
    shown, limit = _say(observed, condition), _say(condition.limit)
    said = f"{name} is {shown}, {words} {limit}"
    if interval is not None:
        said += f"; estimate {say_number(interval.to_dict())}"
        said += f", {interval.method}" if interval.method else ""
    return f"{said}."


def _say(value, condition=None):
    """Write a number shortly, but never so that the comparison reads wrong."""
    if isinstance(value, str):
        return value
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    for digits in (3, 6, 9):
        short = fixed(value, digits)
        if condition is None or condition.holds(float(short)) == condition.holds(value):
            return short
    return repr(value)


def _add_case(suite, gate):
    reason = printable(gate.reason)
    case = ET.SubElement(
        suite,
        "testcase",
        classname="skdataquality.gate",
        name=printable(gate.condition),
        time="0",
    )
    if gate.outcome == "passed":
        ET.SubElement(case, "system-out").text = reason
        return
    tag = "failure" if gate.outcome == "failed" else "error"
    ET.SubElement(case, tag, type=gate.outcome, message=reason).text = reason
