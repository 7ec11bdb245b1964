"""A lens declares itself: a new one is one room and one line in the registry."""

import json
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from typer.testing import CliRunner

from skdataquality import diagnose
from skdataquality.base import Interval, LensResult, Prediction
from skdataquality.cli._app import app
from skdataquality.datasets import load_demo
from skdataquality.diagnosis import _registry
from skdataquality.duplicates import Deduplicator
from skdataquality.utils._lens import Known, Lens, Number, cannot_tell
from skdataquality.verified import VerifiedLabels
from skdataquality.workflows import candidate_remedies, check_gates


@dataclass(frozen=True, kw_only=True, eq=False)
class TinyResult(LensResult):
    name: ClassVar[str] = "tiny"
    title: ClassVar[str] = "Tiny cells"
    reasons: ClassVar[dict[str, str]] = {"tiny_cells": "{n} cells are tiny."}
    units: ClassVar[dict[str, Number]] = {"cells": Number("cells", "lower", "sources")}


def _examine(inputs, known):
    assert set(known.results) == {"leakage"}  # measured second
    result = TinyResult(
        verdict="found",
        severity=1.0,
        reason_code="tiny_cells",
        summary=TinyResult.sentence("tiny_cells", n=7),
        numbers={"cells": 7},
        remedies=(LogisticRegression(),),
    )
    return result, {"notes": ("a note of a toy",)}


TINY = Lens(
    result=TinyResult,
    examine=_examine,
    measured=1.5,
    acts=0,
    why=lambda result: "since tiny cells hide",
    expect=lambda result: f"{result.numbers['cells']} fewer cells.",
    candidates=lambda result, *, random_state, **_: {"untiny": Deduplicator()},
    chained="untiny",
    aliases={"tiny_cells": "cells"},
)


@pytest.fixture
def table(monkeypatch):
    monkeypatch.setattr(_registry, "LENSES", [*_registry.LENSES, TINY])
    X, y = load_breast_cancer(return_X_y=True)
    return X[::3, :5], y[::3]


def test_a_toy_lens_is_in_plan_json_markdown_and_terminal(table):
    report = diagnose(*table)
    assert list(report.lenses)[:3] == ["leakage", "tiny", "duplicates"]
    assert report.plan[0] == {
        "step": 1,
        "lens": "tiny",
        "title": "Tiny cells",
        "verdict": "found",
        "action": "7 cells are tiny.",
        "why": "since tiny cells hide",
        "expect": "7 fewer cells.",
        "code": {
            "imports": ["from sklearn.linear_model import LogisticRegression"],
            "expression": "LogisticRegression()",
        },
    }
    lens = json.loads(report.to_json())["lenses"]["tiny"]
    assert lens["title"] == "Tiny cells"
    assert lens["reason_code"] == "tiny_cells"
    assert lens["numbers"] == {"cells": 7}
    unit = {"unit": "cells", "better": "lower", "given": "sources", "counts": ""}
    assert lens["units"] == {"cells": unit}
    assert "## Tiny cells: found" in report.to_markdown()
    assert "Tiny cells: found\n  7 cells are tiny." in str(report)
    assert "1. Tiny cells: since tiny cells hide." in str(report)
    assert '<th scope="row">Tiny cells</th>' in report._repr_html_()
    assert "a note of a toy" in report.notes


def test_a_toy_lens_is_in_gates_and_candidates(table):
    report = diagnose(*table)
    conditions = ["tiny_cells > 6", "tiny.cells > 8", "tiny.verdict == found"]
    outcomes = [gate.outcome for gate in check_gates(report, conditions).gates]
    assert outcomes == ["failed", "passed", "failed"]
    candidates = candidate_remedies(report)
    assert "untiny" in candidates
    assert candidates["untiny, balance"].remedies[0] is candidates["untiny"]


def test_a_toy_lens_is_on_the_command_line(table, tmp_path):
    path = tmp_path / "t.csv"
    X, y = table
    np.savetxt(path, np.c_[X, y], delimiter=",", header="a,b,c,d,e,y", comments="")
    run = CliRunner().invoke(app, ["diagnose", str(path), "--label", "y"])
    assert run.exit_code == 0, run.output
    assert "Tiny cells: found" in run.stdout
    arguments = ["gate", str(path), "--label", "y", "--fail-if", "tiny_cells > 6"]
    assert CliRunner().invoke(app, arguments).exit_code == 1


@pytest.mark.parametrize("need", ["target", "sources"])
def test_a_lens_without_its_inputs_is_not_asked_and_gates_name_the_cure(
    table, monkeypatch, need
):
    asks = replace(TINY, given=(need,))
    monkeypatch.setattr(_registry, "LENSES", [*_registry.LENSES[:-1], asks])
    report = diagnose(*table)
    assert "tiny" not in report.lenses
    gate = check_gates(report, ["tiny.cells > 1"]).gates[0]
    words = {"target": "target data", "sources": "sources"}[need]
    assert gate.reason == f"tiny was not measured: pass {words}."


def test_what_is_not_known_makes_it_say_so():
    asks = replace(TINY, known=("oof", "flagged"))
    assert asks.lacks(Known(oof=1, flagged=np.zeros(1, bool))) is None
    assert asks.lacks(Known(oof=1)) == "not_judged"
    assert asks.lacks(Known(lacking={"oof": "one_value"})) == "one_value"
    result = cannot_tell(TinyResult, "one_value")
    said = "every label is the same number"
    assert (result.verdict, result.summary) == ("cannot tell", said)


def test_every_reason_and_number_is_declared():
    for lens in _registry.LENSES:
        assert lens.name
        assert lens.title
        assert lens.result.reasons
        assert set(lens.aliases.values()) <= set(lens.result.units)
    for places in ("measured", "acts"):
        order = [getattr(lens, places) for lens in _registry.LENSES]
        assert len(set(order)) == len(order)
    tiny = {"verdict": "clear", "severity": 0.0, "summary": ""}
    with pytest.raises(ValueError, match="none of those of the lens tiny"):
        TinyResult(**tiny, reason_code="other")
    with pytest.raises(ValueError, match="'rows'.* has no unit"):
        TinyResult(**tiny, reason_code="tiny_cells", numbers={"rows": 1})
    for value in ("many", [1], np.ones(2)):
        with pytest.raises(ValueError, match="must be a number, an Interval or None"):
            LensResult(**tiny, numbers={"cells": value})


def test_every_declared_number_is_reported():
    demo = load_demo()
    known = {"X_target": demo.X_target, "y_target": demo.y_target}
    known["X_pool"] = demo.X_target
    known["verified"] = VerifiedLabels([0], demo.y[:1])
    known["votes"] = np.column_stack([demo.y, demo.y_true, np.roll(demo.y, 1)])
    model = make_pipeline(StandardScaler(), LogisticRegression())
    report = diagnose(demo.X, demo.y, **known, sources=demo.sources, estimator=model)
    for lens in _registry.LENSES:
        assert report.lenses[lens.name].numbers.keys() == lens.result.units.keys()


def _result(**changed):
    fields = {
        "verdict": "found",
        "severity": 0.5,
        "reason_code": "tiny_cells",
        "summary": "x",
        "numbers": {"cells": Interval(float("nan"), float("nan"), float("nan"), "m")},
        "evidence": {"t": [{"a": float("nan")}]},
        "predictions": (Prediction(sentence="a", outcome="refuted", measured="b"),),
        "remedies": (LogisticRegression(C=2.0),),
        "flagged": np.array([True, False]),
    }
    return TinyResult(**fields | changed)


def test_results_compare_by_value():
    assert _result() == _result()
    for changed in (
        {"verdict": "clear"},
        {"numbers": {"cells": None}},
        {"evidence": {"t": [{"a": 1.0}]}},
        {"remedies": (LogisticRegression(C=3.0),)},
        {"flagged": np.array([True, True])},
        {"flagged": None},
    ):
        assert _result() != _result(**changed), changed
    plain = {"verdict": "clear", "severity": 0.0, "summary": ""}
    assert LensResult(**plain) != TinyResult(**plain, reason_code="tiny_cells")
    X, y = load_breast_cancer(return_X_y=True)
    first, second = diagnose(X[:150], y[:150]), diagnose(X[:150], y[:150])
    assert first.lenses == second.lenses


def test_results_of_models_with_states_compare_by_value_too():
    model = LogisticRegression(random_state=np.random.RandomState(0))
    same = LogisticRegression(random_state=np.random.RandomState(0))
    other = LogisticRegression(random_state=np.random.RandomState(1))
    assert _result(remedies=(model,)) == _result(remedies=(same,))
    assert _result(remedies=(model,)) != _result(remedies=(other,))
    with pytest.raises(ValueError, match="verdict='bogus' must be one of"):
        _result(verdict="bogus")
