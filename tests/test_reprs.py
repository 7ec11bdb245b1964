"""What a notebook shows of a result: one line or a small table, whatever the rows."""

import numpy as np
import pytest

from skdataquality import diagnose
from skdataquality.base import LensResult
from skdataquality.label_noise import LabelAudit, label_error_rate
from skdataquality.lineage import Lineage
from skdataquality.model_selection import out_of_fold
from tests.entry_points import LR, plain_data


@pytest.fixture(scope="module")
def results():
    X, y, target = plain_data()
    X, y = np.tile(X, (5, 1)) + np.random.default_rng(0).normal(size=(300, 3)), [*y] * 5
    oof = out_of_fold(LR, X, y, cv=3, random_state=0)
    audit = LabelAudit(60, random_state=0)
    plan = audit.plan(y, oof.proba)
    report = diagnose(X, y, X_target=target, estimator=LR, cv=3, random_state=0)
    return {
        "report": report,
        **report.lenses,
        "predictions": oof,
        "rate": label_error_rate(y, oof.proba, random_state=0),
        "plan": plan,
        "estimate": audit.estimate(plan.rows, np.zeros(plan.n_rows, dtype=bool)),
        "lineage": Lineage.identity(300),
    }


def test_a_result_says_what_it_is_in_one_line(results):
    for name, result in results.items():
        assert repr(result).startswith(type(result).__name__ + "("), name
        assert len(repr(result)) < 400, name
        assert "\n" not in repr(result), name
    assert repr(results["predictions"]) == "OutOfFold(300 rows, 300 covered, 2 classes)"
    assert repr(results["plan"]).startswith("AuditPlan(60 of 300 rows; strata: ")


def test_a_lens_is_a_small_table_in_a_notebook(results):
    for name in ("leakage", "shift", "label_noise"):
        shown = results[name]._repr_html_()
        assert shown.startswith(f"<div><b>{results[name].title}: ")
        for number in results[name].numbers:
            assert f"<td>{number}</td>" in shown


def test_a_lens_of_another_package_has_the_short_repr_or_its_own():
    from dataclasses import dataclass

    @dataclass(frozen=True, kw_only=True, eq=False)
    class Mine(LensResult):
        more: list

    class Own(LensResult):
        def __repr__(self):
            return "own"

    said = {"verdict": "found", "severity": 1.0, "summary": "it's so"}
    assert repr(Mine(**said, more=[1] * 1000)) == 'Mine(found: "it\'s so")'
    assert repr(Own(**said)) == "own"


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", "\x1b[31m", "\u202etxt", "a&b", '"><img>']
)
def test_what_the_data_say_is_escaped(payload):
    result = LensResult(verdict="found", severity=1.0, summary=f"column {payload}")
    shown = result._repr_html_()
    assert "<script" not in shown
    assert "<img" not in shown
    assert all(c.isprintable() for text in (repr(result), shown) for c in text)
