"""What a notebook shows of a result: few lines or a small table, whatever the rows."""

import importlib
import pickle
import runpy
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from skdataquality import diagnose
from skdataquality.base import LensResult, Prediction
from skdataquality.duplicates import DuplicateDetector, entity_groups
from skdataquality.imbalance import (
    ClassBalanceWeighter,
    group_report,
    rows_to_collect,
)
from skdataquality.label_noise import (
    LabelAudit,
    NoiseMatrices,
    label_error_rate,
    plan_warranty,
)
from skdataquality.lineage import Lineage
from skdataquality.model_selection import compare_remedies, out_of_fold
from skdataquality.provenance import find_slices
from skdataquality.review import next_step
from skdataquality.utils._printable import is_visible
from skdataquality.utils._shown import columns_of
from skdataquality.verified import VerifiedLabels
from skdataquality.weak_supervision import crowdlab, lf_summary
from skdataquality.workflows import (
    Change,
    audit_table,
    check_gates,
    query_table,
    review_rounds,
    select_table,
)
from tests.entry_points import LR, plain_data


@pytest.fixture(scope="module")
def results():
    X, y, target = plain_data()
    X, y = np.tile(X, (5, 1)) + np.random.default_rng(0).normal(size=(300, 3)), [*y] * 5
    oof = out_of_fold(LR, X, y, cv=3, random_state=0)
    audit = LabelAudit(60, random_state=0)
    plan = audit.plan(y, oof.proba)
    report = diagnose(X, y, X_target=target, estimator=LR, cv=3, random_state=0)
    warranty = plan_warranty(y, np.linspace(0, 1, len(y)), random_state=0)
    return {
        "report": report,
        **report.lenses,
        "predictions": oof,
        "rate": label_error_rate(y, oof.proba, random_state=0),
        "plan": plan,
        "estimate": audit.estimate(plan.rows, np.zeros(plan.n_rows, dtype=bool)),
        "lineage": Lineage.identity(300),
        "pairs": DuplicateDetector().fit([NASTY, NASTY + "b", "c"]).pairs_,
        "verified": VerifiedLabels(
            np.arange(300), [NASTY] * 300, given=[NASTY] * 300, reviewer=NASTY
        ),
        "table audit": audited(y),
        **looked_at_next(y),
        "next step": next_step(X, y, budget=30, estimator=LR, random_state=0),
        "verification": compared(X, y).plan_verification(20, random_state=0),
        "warranty plan": warranty,
        "warranty": warranty.evaluate({int(warranty.rows[0]): True}),
        "groups": group_report(y, [y[0]] * 300, [NASTY, "b", NASTY] * 100),
        "entity groups": entity_groups(
            pd.DataFrame({NASTY: np.arange(300) // 3, "x": np.arange(300) // 3 % 7})
        ),
        "rows to collect": rows_to_collect(
            LR, X, np.where(np.asarray(y) == y[0], NASTY, "b"), width=0.05, cv=2
        ),
        "slices": find_slices(
            np.arange(300) % 3 == 0, {NASTY: [NASTY, "b", "c"] * 100}, max_order=1
        ),
        "functions": lf_summary([[0, 1], [1, 1], [0, 0]] * 9, names=[NASTY, "b"]),
        "consensus": crowdlab([[0, 1, 1], [0, 0, 0]] * 9, np.full((18, 2), 0.5)),
        "gates": check_gates(
            report, ["duplicate_share > 0.9", "leakage.verdict == found"]
        ),
    }


def audited(y):
    """Rows to verify of a table whose label is hostile text."""
    y = np.where(np.asarray(y) == y[0], NASTY, "b")
    frame = pd.DataFrame({"x": np.random.default_rng(0).normal(size=y.size), NASTY: y})
    return audit_table(frame, NASTY, n_rows=20)


def looked_at_next(y):
    """Selections, queries and reviews of a table of hostile text."""
    y = np.where(np.asarray(y) == y[0], NASTY, "b").astype(object)
    x = np.random.default_rng(0).normal(size=y.size)
    frame = pd.DataFrame({"x": x, NASTY: y, "where": NASTY})
    review = review_rounds(frame, NASTY, n_rows=20, estimator=LR, ids=["where"])
    selection = select_table(frame, 5, embedding="x", balance=NASTY)
    part = frame.assign(**{NASTY: np.where(np.arange(y.size) < 200, y, None)})
    return {
        "table review": review,
        "review batch": review.plan,
        "review stop": review.stop,
        "table selection": selection,
        "coverage": selection.curve,
        "table query": query_table(part, NASTY, n_rows=5, ids=["where"]),
    }


def compared(X, y):
    remedies = {NASTY: ClassBalanceWeighter()}
    return compare_remedies(LR, remedies, X, y, cv=3, random_state=0)


def test_a_result_says_what_it_is_in_few_lines(results):
    for name, result in results.items():
        assert repr(result).startswith(
            (f"{type(result).__name__}(", f"{type(result).__name__}:")
        ), name
        assert len(repr(result).split("\n")) <= 8, name
        assert max(map(columns_of, repr(result).split("\n"))) <= 80, name
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


# -- every public result ---------------------------------------------------------------

ELSEWHERE = {
    "RemedyComparison",  # has tables of its own, see test_compare_remedies
    "LabelingFunction",  # a rule, no result, see test_labeling_functions
}


DOCS = Path(__file__).parents[1] / "docs"
API_REFERENCE = runpy.run_path(str(DOCS / "api_reference.py"))["API_REFERENCE"]


def public_results():
    for _, _, module, names in API_REFERENCE:
        for name in names:
            value = getattr(importlib.import_module(module), name)
            if is_dataclass(value) and name not in ELSEWHERE:
                yield name, value


def hostile(kind, n=40):
    """A result of a class whose every field holds much, and hostile, text."""
    made = {"verdict": "found", "outcome": "failed", "reason_code": "", "level": 0.95}
    made |= {"estimate": 0.1, "lower": 0.0, "upper": 1.0, "severity": 0.5}
    if kind is Prediction:
        made["outcome"] = "refuted"
    for f in fields(kind):
        if f.name not in made and f.type is dict:
            made[f.name] = {NASTY: 1}
        elif f.name not in made:
            made[f.name] = [NASTY, *range(1000)] if f.name != "summary" else NASTY * n
    wanted = {f.name for f in fields(kind)}
    return {name: value for name, value in made.items() if name in wanted}


NASTY = "<img src=x>\x1b[31m\u202e\u3164 " + "\u6f22" * 50


def made_of(kind, results):
    """One of a class: from the module's fixture, or made of hostile parts."""
    for result in results.values():
        if type(result) is kind:
            return result
    if issubclass(kind, LensResult):
        code = next(iter(kind.reasons), "")
        return kind(verdict="found", severity=1.0, summary=NASTY * 40, reason_code=code)
    return kind(**hostile(kind))


@pytest.mark.parametrize(("name", "kind"), public_results(), ids=lambda v: str(v)[:40])
def test_every_public_result_is_a_few_lines_and_a_small_table(name, kind, results):
    result = made_of(kind, results)
    lines = repr(result).split("\n")
    assert lines[0].startswith(name)
    assert len(lines) <= 12
    for line in lines:
        assert columns_of(line) <= 80
        assert all(map(is_visible, line))
    shown = result._repr_html_()
    assert "<img" not in shown
    assert len(shown) < 20_000
    assert all(map(is_visible, shown.replace("\n", "")))


def test_the_walk_finds_the_results():
    names = {name for name, _ in public_results()}
    assert names > {"AuditPlan", "Gate", "Interval", "Lineage", "TableFix", "Change"}
    assert len(names) > 20


def test_a_plan_is_a_line_for_each_step(results):
    plan = results["report"].plan
    lines = repr(plan).split("\n")
    assert len(lines) == 1 + len(plan)
    assert lines[1].startswith(f"1. {plan[0]['title']}: ")
    assert max(map(columns_of, lines)) <= 80
    assert plan._repr_html_().count("<tr>") == len(plan)
    assert results["report"].to_dict()["plan"] == plan == list(plan)
    assert pickle.loads(pickle.dumps(plan)) == plan


def test_an_array_or_a_long_list_shows_its_size():
    matrices = NoiseMatrices(np.eye(3), np.eye(3), np.full(3, 1 / 3))
    assert "noise_matrix=array of shape (3, 3)" in repr(matrices)
    change = Change("identifiers", 100, tuple(f"id{j}" for j in range(100)))
    assert repr(change).endswith("names=('id0', 'id1', 'id2', 97 more))")
    few = Change("identifiers", 1, ("id",))
    assert repr(few) == "Change(kind='identifiers', n=1, names=('id',))"
