"""Gates: what a condition means, and that none passes without being computed."""

import json
import math
import operator
import xml.etree.ElementTree as ET
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skdataquality import diagnose
from skdataquality.utils._lens import VERDICTS
from skdataquality.utils._printable import printable
from skdataquality.utils._stats import Interval
from skdataquality.workflows._gate import Gate, GateReport, check_gates
from skdataquality.workflows._gate_condition import (
    OPERATORS,
    GateSyntaxError,
    UnknownMetricError,
    aliases,
    check_conditions,
    lens_names,
    parse_condition,
)

quick = settings(max_examples=200, deadline=None, derandomize=True)
BY_SYMBOL = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
NOISE = "label_noise.noise_rate"


def interval(estimate, lower, upper, method="Wilson"):
    return {"estimate": estimate, "lower": lower, "upper": upper, "method": method}


def lens(verdict="found", summary="Some summary.", **numbers):
    return {"verdict": verdict, "summary": summary, "numbers": numbers}


@pytest.fixture
def report():
    """Duplicates and label noise were found; labels of the classes are unknown."""
    return {
        "lenses": {
            "leakage": lens("clear", leaking_columns=0, target_overlap_rows=3),
            "duplicates": lens(
                repeated_rows=80, repeated_share=interval(0.123, 0.099, 0.151)
            ),
            "imbalance": lens("cannot tell", "regression"),
            "label_noise": lens(
                noise_rate=interval(0.1, 0.04, 0.16),
                undefined=interval(None, None, None),
                one_sided=interval(0.5, None, 1.0),
                nothing=None,
                not_a_number=math.nan,
                endless=math.inf,
                words="many",
            ),
        }
    }


def outcome(report, condition):
    return check_gates(report, [condition]).gates[0].outcome


# ---------------------------------------------------------------- grammar
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True).filter(
    lambda name: name not in ("verdict", "lower", "upper", "estimate")
)
spaces = st.sampled_from(["", " ", "  ", "\t", "\r\n", "\x0b", "\x0c "])


@st.composite
def numbers(draw):
    """Text of a number, and the number."""
    sign = draw(st.sampled_from(["", "+", "-"]))
    whole, part = draw(st.integers(0, 10**6)), draw(st.integers(0, 10**6))
    form = draw(
        st.sampled_from(["{0}", "{0}.", ".{1}", "{0}.{1}", "{0}e-3", "{0}.{1}E2"])
    )
    text = sign + form.format(whole, part)
    return text, float(text)


@quick
@given(st.data())
def test_every_valid_condition_is_read_as_it_was_meant(data):
    path = data.draw(st.lists(names, min_size=1, max_size=2))
    bound = data.draw(st.sampled_from([None, "lower", "upper", "estimate"]))
    symbol = data.draw(st.sampled_from(list(BY_SYMBOL)))
    number, limit = data.draw(numbers())
    gaps = iter(data.draw(st.lists(spaces, min_size=12, max_size=12)))
    tokens = [".".join(path + [bound] * (bound is not None)), symbol, number]
    tokens[0] = tokens[0].replace(".", next(gaps) + "." + next(gaps))
    text = "".join(next(gaps) + token for token in tokens) + next(gaps)
    read = parse_condition(text)
    assert read.condition == text
    assert read.metric == ".".join(path)
    assert read.bound == (bound or "estimate")
    assert (read.operator, read.limit) == (symbol, limit)


@given(names, st.sampled_from(["==", "!="]), st.sampled_from(VERDICTS), spaces)
@quick
def test_a_verdict_is_read(name, symbol, word, gap):
    read = parse_condition(f"{name}.verdict{gap}{symbol}{gap}{word}{gap}")
    assert (read.metric, read.bound) == (f"{name}.verdict", None)
    assert (read.operator, read.limit) == (symbol, word)


def pieces():
    known = ["a", ".", "verdict", "lower", "found", "1", "%", "e", "-", *OPERATORS, " "]
    return st.lists(st.sampled_from(known) | st.text(max_size=3)).map("".join)


@settings(quick, max_examples=1000)
@given(st.text() | pieces())
@example("a > 1e" + "9" * 5000)
@example("a > 1e-" + "9" * 5000)
@example("a > " + "9" * 5000)
@example("a > " + "1" * 20_000 + "x")
@example("a" * 20_000)
@example("a" + " " * 20_000 + "!")
@example("a\ud800 > 1")
def test_anything_is_read_or_refused_as_syntax(text):
    try:
        read = parse_condition(text)
    except GateSyntaxError:
        return
    assert read.operator in BY_SYMBOL
    assert isinstance(read.limit, str) or math.isfinite(read.limit)


def test_errors_are_value_errors():
    assert issubclass(GateSyntaxError, ValueError)
    assert issubclass(UnknownMetricError, ValueError)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "noise_rate",
        "noise_rate >",
        "> 5",
        "5 < noise_rate",
        "noise_rate = 5",
        "noise_rate => 5",
        "noise_rate > = 5",
        "noise_rate >> 5",
        "noise_rate <> 5",
        "noise_rate > 5 > 3",
        "noise_rate > 5; a > 3",
        "noise_rate > 5 and a > 3",
        "noise_rate > other",
        "noise_rate > nan",
        "noise_rate > inf",
        "noise_rate > 1e999",
        "noise_rate > 1_000",
        "noise_rate > 0x10",
        "noise_rate > 1j",
        "noise_rate > 5 %%",
        "noise_rate > % 5",
        "noise_rate > ٥",
        "noise_rate == found",
        "noise rate > 5",
        "нoise_rate > 5",
        "nоise_rate > 5",
        "noise_rate\xa0> 5",
        ".lower > 5",
        "a..lower > 5",
        "a.b.c > 5",
        "a.b.c.lower > 5",
        "verdict == found",
        "a.verdict > found",
        "a.verdict == 1",
        "a.verdict == fuond",
        "a.verdict == FOUND",
        "a.verdict.lower == found",
        "a.b.verdict == found",
        "__import__('os').system('true') > 0",
        "__import__('os') > 0",
        "a[0] > 0",
        "a() > 0",
        "(lambda: 1)() > 0",
        "a > __import__('os').getpid()",
        "a.__class__.__mro__ > 0",
        "a > f'{1}'",
        "a > 2 ** 3",
        None,
        5,
        b"a > 5",
        ["a > 5"],
    ],
)
def test_what_is_no_condition_is_a_syntax_error(text):
    with pytest.raises(GateSyntaxError, match=r"condition .* (cannot|must|asks|has)"):
        parse_condition(text)


def test_a_syntax_error_shows_how_to_write_it():
    with pytest.raises(GateSyntaxError) as caught:
        parse_condition("noise_rate = 5")
    for part in ("'noise_rate = 5'", "> 0.05", "> >= < <= == !=", "lens.number"):
        assert part in str(caught.value)


def test_a_misspelt_verdict_is_answered_with_the_verdicts():
    with pytest.raises(GateSyntaxError, match="clear, suspect, found, cannot tell"):
        parse_condition("leakage.verdict == fuond")


@pytest.mark.parametrize("text", ["5%", "5 %", "5.0%", ".5e1 %", "+5\t%"])
def test_percentages(text):
    assert parse_condition(f"a > {text}").limit == 0.05


@quick
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_a_percentage_is_the_float_nearest_to_its_decimal(digits, places):
    shifted = f"{digits}e-{places + 2}"
    assert parse_condition(f"a > {digits}e-{places} %").limit == float(shifted)


@pytest.mark.parametrize("conditions", ["noise_rate > 5", [], ()])
@pytest.mark.parametrize("check", [check_conditions, lambda c: check_gates({}, c)])
def test_conditions_are_a_list_with_something_in_it(check, conditions):
    with pytest.raises(GateSyntaxError, match=r"^conditions.*pass"):
        check(conditions)


# ---------------------------------------------------------------- judging
@pytest.mark.parametrize("symbol", BY_SYMBOL)
@pytest.mark.parametrize("limit", [-1, 0, 79, 79.5, 80, 81, 8e1, 1e9])
def test_the_condition_says_when_to_fail(report, symbol, limit):
    gates = check_gates(report, [f"duplicates.repeated_rows {symbol} {limit}"])
    fails = BY_SYMBOL[symbol](80, limit)
    assert gates.gates[0].outcome == ("failed" if fails else "passed")
    assert gates.exit_code == int(fails)
    assert ("not " in gates.gates[0].reason) != fails


@quick
@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(list(BY_SYMBOL)),
)
@example(0.0500000001, 0.05, ">")
@example(0.05, 0.05, "==")
@example(-0.0, 0.0, "==")
def test_outcome_and_sentence_agree_with_python(observed, limit, symbol):
    assert set(OPERATORS) == set(BY_SYMBOL)
    report = {"lenses": {"shift": lens(number=observed)}}
    gate = check_gates(report, [f"number {symbol} {limit!r}"]).gates[0]
    assert gate.limit == limit
    assert (gate.outcome == "failed") == BY_SYMBOL[symbol](observed, limit)
    said = gate.reason.split(" is ")[1].split(",")[0]
    assert BY_SYMBOL[symbol](float(said), limit) == BY_SYMBOL[symbol](observed, limit)


@pytest.mark.parametrize(
    ("bound", "observed"),
    [("", 0.1), (".estimate", 0.1), (".lower", 0.04), (".upper", 0.16)],
)
def test_bounds(report, bound, observed):
    condition = f"{NOISE}{bound} > 0.05"
    (gate,) = check_gates(report, [condition]).gates
    assert gate.condition == condition
    assert (gate.metric, gate.bound) == (NOISE, bound[1:] or "estimate")
    assert gate.observed == observed
    assert gate.interval == Interval(0.1, 0.04, 0.16, "Wilson")
    assert gate.outcome == ("failed" if observed > 0.05 else "passed")
    assert "0.1 [0.04, 0.16], Wilson" in gate.reason


@pytest.mark.parametrize("bound", ["lower", "upper"])
def test_a_bound_of_a_number_without_interval_is_refused(report, bound):
    with pytest.raises(UnknownMetricError, match=f"no interval: leave out '.{bound}'"):
        check_gates(report, [f"repeated_rows.{bound} > 3"])
    assert outcome(report, "repeated_rows.estimate > 3") == "failed"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("leakage.verdict == found", "passed"),
        ("leakage.verdict != clear", "passed"),
        ("leakage.verdict == clear", "failed"),
        ("duplicates.verdict == found", "failed"),
        ("imbalance.verdict == found", "cannot compute"),
        ("imbalance.verdict != clear", "cannot compute"),
        ("imbalance.verdict == cannot tell", "failed"),
        ("imbalance.verdict !=  cannot  tell", "passed"),
        ("leakage.verdict == cannot tell", "passed"),
        ("shift.verdict == found", "cannot compute"),
        ("shift.verdict != found", "cannot compute"),
        ("shift.verdict == cannot tell", "cannot compute"),
    ],
)
def test_verdicts(report, condition, expected):
    (gate,) = check_gates(report, [condition]).gates
    assert gate.outcome == expected
    assert gate.bound is gate.interval is None


# ---------------------------------------------------------------- names
@pytest.mark.parametrize(("alias", "metric"), aliases().items())
def test_aliases_read_as_the_full_name(alias, metric):
    name, number = metric.split(".")
    report = {"lenses": {name: lens(**{number: interval(0.5, 0.4, 0.6)})}}
    for bound in ("", ".lower"):
        (by_alias,) = check_gates(report, [f"{alias}{bound} > 0.3"]).gates
        (in_full,) = check_gates(report, [f"{metric}{bound} > 0.3"]).gates
        assert by_alias == replace(in_full, condition=by_alias.condition)
    assert outcome({"lenses": {}}, f"{alias} > 0.3") == "cannot compute"


def test_every_alias_is_documented():
    for alias in aliases():
        assert f"``{alias}``" in check_gates.__doc__


def test_a_bare_name_finds_its_lens(report):
    gates = check_gates(report, ["repeated_rows > 5", "noise_rate.upper > 0.2"]).gates
    assert [g.metric for g in gates] == ["duplicates.repeated_rows", NOISE]


def test_a_bare_name_in_two_lenses_is_refused_naming_both(report):
    report["lenses"]["shift"] = lens(repeated_rows=3)
    with pytest.raises(UnknownMetricError) as caught:
        check_gates(report, ["repeated_rows > 5"])
    assert "duplicates.repeated_rows, shift.repeated_rows" in str(caught.value)
    assert outcome(report, "shift.repeated_rows > 5") == "passed"


@pytest.mark.parametrize(
    ("metric", "meant"),
    [
        ("label_error_rat", "label_error_rate"),
        ("labelnoise.noise_rate", NOISE),
        ("label_noise.noise", NOISE),
        ("noise_rat", NOISE),
        ("duplicates.repeated_shares", "duplicates.repeated_share"),
        ("leakage.target_overlap", "leakage.target_overlap_rows"),
    ],
)
def test_an_unknown_metric_is_answered_with_likely_ones_first(report, metric, meant):
    with pytest.raises(UnknownMetricError) as caught:
        check_gates(report, ["repeated_rows > 5", f"{metric} > 0.1"])
    said = str(caught.value)
    assert repr(metric) in said
    assert meant in said.split("did you mean ")[1].split("?")[0]
    known = said.split("Known: ")[1].rstrip(".").split(", ")
    assert meant in known[:3]
    assert len(known) == len(set(known))
    assert {*aliases(), "duplicates.repeated_rows", "shift.verdict"} <= set(known)


def test_an_unlike_name_gets_the_list_and_the_lenses_not_measured(report):
    with pytest.raises(UnknownMetricError) as caught:
        check_gates(report, ["zzzzzzzz > 0.1"])
    assert "did you mean" not in str(caught.value)
    assert (
        "not measured (entities, annotators, shift, provenance, pool) write lens.num"
        in str(caught.value)
    )


def test_names_are_exact(report):
    for metric in ("Repeated_rows", "DUPLICATES.repeated_rows", "duplicates.lower"):
        with pytest.raises(UnknownMetricError):
            check_gates(report, [f"{metric} > 0.1"])


def test_check_conditions_needs_no_report():
    texts = ["label_error_rate.lower > 5%", "shift.any > 1", "leakage.verdict == found"]
    assert check_conditions(texts) == tuple(map(parse_condition, texts))
    meant = "label_noise.label_error_rate"
    with pytest.raises(UnknownMetricError, match=f"did you mean {meant}"):
        check_conditions([*texts, "label_nois.label_error_rate > 5"])
    with pytest.raises(UnknownMetricError, match=r"did you mean .*leakage\.verdict"):
        check_conditions([*texts, "leak.verdict == found"])
    with pytest.raises(GateSyntaxError):
        check_conditions([*texts, "label_noise.noise_rate ~ 5"])


# ---------------------------------------------------------------- cannot compute
@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("target_auc > 0.8", "shift was not measured: pass target data."),
        ("shift.anything.lower > 0.8", "shift was not measured: pass target data."),
        ("provenance.worst > 1", "provenance was not measured: pass sources or votes."),
        ("imbalance.ratio > 9", "imbalance cannot tell: regression."),
        ("imbalance.verdict == found", "imbalance cannot tell: regression."),
        ("nothing > 1", "label_noise.nothing has no value in this report."),
        ("nothing.lower > 1", "label_noise.nothing has no value in this report."),
        ("not_a_number > 1", "label_noise.not_a_number has no value in this report."),
        ("endless > 1", "label_noise.endless has no value in this report."),
        ("words == 1", "label_noise.words has no value in this report."),
        ("undefined > 1", "label_noise.undefined has no value in this report."),
        ("undefined.upper < 1", "label_noise.undefined has no value in this report."),
        ("one_sided.lower < 1", "label_noise.one_sided has no value in this report."),
    ],
)
def test_what_has_no_number_never_passes(report, condition, reason):
    gates = check_gates(report, [condition])
    assert gates.gates[0].outcome == "cannot compute"
    assert gates.gates[0].reason == reason
    assert gates.exit_code == 4
    inverse = condition.translate(str.maketrans("<>", "><"))
    assert check_gates(report, [inverse]).exit_code == 4


def test_numbers_of_a_lens_that_cannot_tell_are_not_trusted(report):
    report["lenses"]["imbalance"]["numbers"] = {"ratio": 3.0, "recall": None}
    assert outcome(report, "imbalance.ratio > 2") == "cannot compute"
    assert outcome(report, "imbalance.recall < 2") == "cannot compute"


def test_an_alias_of_a_number_that_its_lens_did_not_measure_is_not_unknown(report):
    numbers = report["lenses"]["leakage"]["numbers"]
    del numbers["target_overlap_rows"], numbers["leaking_columns"]
    (overlap,) = check_gates(report, ["cross_split_duplicates > 0"]).gates
    assert overlap.outcome == "cannot compute"
    assert overlap.reason == (
        "leakage.target_overlap_rows was not measured: pass target data."
    )
    assert outcome(report, "leaking_columns > 0") == "cannot compute"
    with pytest.raises(UnknownMetricError):
        check_gates(report, ["leakage.another > 0"])
    report["lenses"]["label_noise"] = lens("clear", flagged_rows=3, typical_noise=None)
    (rate,) = check_gates(report, ["label_error_rate > 0"]).gates  # of a quantity
    assert rate.reason == (
        "label_noise has no label_error_rate in this report, but: flagged_rows."
    )


@pytest.mark.parametrize("name", lens_names())
def test_every_known_lens_may_be_missing(name):
    assert outcome({"lenses": {}}, f"{name}.some_number > 1") == "cannot compute"


# ---------------------------------------------------------------- the result
PASSES, FAILS, CANNOT = "noise_rate > 0.5", "noise_rate > 0.05", "target_auc > 0.8"


@pytest.mark.parametrize(
    ("conditions", "code"),
    [
        ([PASSES], 0),
        ([PASSES, PASSES], 0),
        ([PASSES, FAILS], 1),
        ([PASSES, CANNOT], 4),
        ([CANNOT, FAILS, PASSES], 1),
    ],
)
def test_exit_code(report, conditions, code):
    gates = check_gates(report, conditions)
    assert gates.exit_code == gates.to_dict()["exit_code"] == code
    assert [gate.condition for gate in gates.gates] == conditions


def test_result_is_frozen_and_the_report_untouched(report):
    before = json.dumps(report)
    gates = check_gates(report, [PASSES])
    assert json.dumps(report) == before
    with pytest.raises(FrozenInstanceError):
        gates.gates = ()
    with pytest.raises(FrozenInstanceError):
        gates.gates[0].outcome = "passed"


def test_json_is_strict(report):
    names = ["undefined", "one_sided", "not_a_number", "endless", "nothing", "words"]
    conditions = [PASSES, FAILS, CANNOT, "leakage.verdict == found"]
    gates = check_gates(report, [*conditions, *(f"{name} > 1e-3" for name in names)])
    read = json.loads(json.dumps(gates.to_dict(), allow_nan=False))
    assert read["schema"] == "skdataquality.gate/1"
    assert read["counts"] == {"passed": 2, "failed": 2, "cannot compute": 6}
    assert read["gates"][0] == {
        "condition": PASSES,
        "metric": NOISE,
        "bound": "estimate",
        "operator": ">",
        "limit": 0.5,
        "observed": 0.1,
        "interval": interval(0.1, 0.04, 0.16) | {"level": 0.95},
        "outcome": "passed",
        "reason": f"{NOISE} is 0.1, not above 0.5; estimate 0.1 [0.04, 0.16], Wilson.",
    }


def hostile(text, outcome="failed"):
    return Gate(text, "a.b", "estimate", ">", 1.0, 2.0, None, outcome, text)


def test_junit_counts_and_names(report):
    root = ET.fromstring(check_gates(report, [PASSES, FAILS, CANNOT]).to_junit())
    (suite,) = root.iter("testsuite")
    assert [suite.get(k) for k in ("tests", "failures", "errors")] == ["3", "1", "1"]
    passed, failed, cannot = suite.findall("testcase")
    assert [case.get("name") for case in suite] == [PASSES, FAILS, CANNOT]
    assert passed.find("failure") is passed.find("error") is None
    assert "above 0.05" in failed.find("failure").get("message")
    assert failed.find("error") is cannot.find("failure") is None
    assert "not measured" in cannot.find("error").text


def test_junit_of_a_condition_with_control_characters(report):
    text = "noise_rate\x0b>\x0c0.05\r\n"
    gates = check_gates(report, [text])
    assert gates.gates[0].condition == text
    (case,) = ET.fromstring(gates.to_junit()).iter("testcase")
    assert case.get("name") == "noise_rate > 0.05"


@quick
@given(
    st.text(st.characters()), st.sampled_from(["passed", "failed", "cannot compute"])
)
@example("</testcase><script>&\"'<![CDATA[x]]>]]> --> <?x?>", "failed")
@example("\x00\x01\x08\x0b\x1b[31m\x7f\x9b\ufffe\uffff\ud800\udfff", "cannot compute")
def test_junit_parses_back_and_keeps_every_printable_character(text, outcome):
    written = GateReport((hostile(text, outcome),)).to_junit()
    root = ET.fromstring(written.encode("utf-8"))
    (case,) = root.iter("testcase")
    expected = printable(text)
    assert case.get("name") == expected
    assert "".join(case.itertext()).strip() == expected
    assert [e.tag for e in root.iter()][:3] == ["testsuites", "testsuite", "testcase"]
    assert len(list(root.iter())) == 4


def test_a_summary_cannot_reach_the_terminal_or_break_the_xml(report):
    report["lenses"]["imbalance"]["summary"] = "\x1b[2J<b>\x00\ncolumn"
    gates = check_gates(report, ["imbalance.ratio > 2"])
    assert gates.gates[0].reason.endswith(r"cannot tell: \x1b[2J<b>\x00 column.")
    assert "\x1b" not in str(gates)
    assert "\x1b" not in gates.to_junit()


@quick
@given(st.text(st.characters(max_codepoint=255), min_size=1, max_size=300))
@example("x" * 300)
def test_text_is_at_most_80_columns_wide(text):
    said = str(GateReport((hostile(text), hostile(text, "cannot compute"))))
    assert max(map(len, said.splitlines())) <= 80


def test_text(report):
    assert str(check_gates(report, ["repeated_rows > 80", FAILS, CANNOT])) == (
        "PASS         repeated_rows > 80\n"
        "             duplicates.repeated_rows is 80, not above 80.\n"
        "FAIL         noise_rate > 0.05\n"
        "             label_noise.noise_rate is 0.1, above 0.05; estimate 0.1 [0.04,\n"
        "             0.16], Wilson.\n"
        "CANNOT TELL  target_auc > 0.8\n"
        "             shift was not measured: pass target data.\n"
        "\n"
        "1 passed, 1 failed, 1 cannot compute.\n"
    )


# ---------------------------------------------------------------- the report
def test_a_report_and_its_dict_give_the_same_gates():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 2))
    report = diagnose(np.vstack([X, X[:30]]), np.append(X[:, 0], X[:30, 0]))
    conditions = [
        "duplicate_share.lower > 5%",
        "repeated_rows > 30",
        "label_error_rate > 0.05",
        "target_auc > 0.8",
    ]
    gates = check_gates(report, conditions)
    outcomes = ["failed", "passed", "cannot compute", "cannot compute"]
    assert [gate.outcome for gate in gates.gates] == outcomes
    assert gates == check_gates(json.loads(report.to_json()), conditions)
    assert set(report.lenses) <= set(lens_names())
    assert max(map(len, str(gates).splitlines())) <= 80


@pytest.mark.parametrize(
    "report",
    [
        None,
        [],
        "report.json",
        {},
        {"lenses": []},
        {"lenses": {"shift": None}},
        {"lenses": {"shift": {"verdict": "clear"}}},
        {"lenses": {}, "schema": "skdataquality.report/2"},
    ],
)
def test_what_is_no_report_is_refused(report):
    with pytest.raises(ValueError, match=r"^report.*(must be|pass)"):
        check_gates(report, ["target_auc > 0.8"])
