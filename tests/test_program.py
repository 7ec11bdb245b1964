"""The winner as a program: it repeats the comparison, fits, and keeps the model."""

import os
import pickle
import runpy
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.compose import RemediedClassifier
from skdataquality.exceptions import OverlapWarning
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies
from skdataquality.shift import ShiftWeightedClassifier, TargetData
from skdataquality.utils._draws import draw_rows
from skdataquality.workflows import compare_table
from skdataquality.workflows._program import Scored, program_for


def made(n=120):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(n, 2)).round(3), columns=["a", "b"])
    frame["g"] = rng.integers(0, 30, n)
    frame["label"] = np.where(frame.a + rng.normal(size=n) > 0.5, "p", "q")
    return pd.concat([frame, frame[:7]], ignore_index=True)


def run(program, *options):
    return subprocess.run(
        [sys.executable, "-W", "error", str(program), *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(program).anchor,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


MODEL = make_pipeline(StandardScaler(), LogisticRegression())


@pytest.mark.parametrize(
    ("group", "max_rows", "cv", "metric"),
    [
        (None, None, None, "balanced_accuracy"),
        ("g", None, 4, "neg_log_loss"),
        (None, 90, 3, "roc_auc"),
        ("g", 90, 3, "accuracy"),
    ],
)
def test_a_program_prints_the_score_of_the_comparison(
    tmp_path, capsys, group, max_rows, cv, metric
):
    frame = made()
    frame.loc[3, "label"] = None
    frame.to_csv(tmp_path / "t.csv", index=False)
    known = frame[frame.label.notna()]
    rows = draw_rows(len(known), max_rows, 5)
    X, y = known[["a", "b"]].iloc[rows], known.label.iloc[rows]
    comparison = compare_remedies(
        MODEL,
        {"balance": ClassBalanceWeighter()},
        X,
        y,
        groups=None if group is None else known[group].iloc[rows],
        cv=cv,
        scoring=metric,
        random_state=0,
    )
    scored = Scored(
        metric,
        comparison.folds_,
        group=group,
        drawn=None if max_rows is None else (5, max_rows),
    )
    source = program_for(
        comparison.candidates_["balance"],
        table="t.csv",
        label="label",
        left_out=["g"],
        scored=scored,
    )
    (tmp_path / "w.py").write_text(source)
    runpy.run_path(str(tmp_path / "w.py"))
    mean = comparison.scores_[metric]["balance"].mean()
    assert capsys.readouterr().out == (
        f"{metric} {mean:.3f}, mean of {comparison.n_splits_} held-out folds\n"
        f"fitted on {len(known)} rows: RemediedClassifier\n"
    )


def test_the_folds_of_a_comparison_are_its_splits():
    frame = made()
    X, y = frame[["a", "b"]], frame.label
    for groups in (None, frame.g):
        found = compare_remedies(
            MODEL, {}, X, y, groups=groups, random_state=np.random.RandomState(3)
        )
        again = [s for fold in found.folds_ for s in fold.split(X, y, groups)]
        assert len(again) == found.n_splits_
        for pair, other in zip(found.splits_, again, strict=True):
            np.testing.assert_array_equal(pair[0], other[0])
            np.testing.assert_array_equal(pair[1], other[1])
    given = compare_remedies(MODEL, {}, X, y, cv=[(range(60), range(60, 120))] * 2)
    assert given.folds_ == ()


@pytest.mark.filterwarnings("ignore::skdataquality.exceptions.WeakModelWarning")
def test_the_rows_of_a_table_that_were_compared_can_be_drawn_again():
    frame = made(150)
    result = compare_table(frame, "label", max_rows=100, cv=2)
    seed, n_rows = result.drawn
    assert n_rows == 100
    X = frame[["a", "b"]].iloc[
        np.sort(np.random.default_rng(seed).choice(len(frame), 100, replace=False))
    ]
    (fold,) = result.comparison.folds_
    for pair, other in zip(
        result.comparison.splits_, fold.split(X, frame.label[X.index]), strict=True
    ):
        np.testing.assert_array_equal(pair[1], other[1])
    assert compare_table(frame, "label", cv=2).drawn is None


def test_numbers_are_split_without_the_label(tmp_path, capsys):
    frame = made()
    frame["label"] = frame.a * 2 + frame.b
    frame.to_csv(tmp_path / "t.csv", index=False)
    result = compare_table(frame, "label", cv=3)
    source = program_for(
        result.comparison.candidates_["nothing"],
        table="t.csv",
        label="label",
        left_out=result.left_out,
        scored=Scored("r2", result.comparison.folds_, is_regression=True),
    )
    (tmp_path / "w.py").write_text(source)
    runpy.run_path(str(tmp_path / "w.py"))
    mean = result.comparison.scores_["r2"]["nothing"].mean()
    assert capsys.readouterr().out.startswith(f"r2 {mean:.3f}, mean of 3 held-out")


def test_a_program_keeps_its_model_when_asked_and_replaces_nothing(
    tmp_path, monkeypatch, capsys
):
    frame = made()
    frame.to_csv(tmp_path / "t.csv", index=False)
    estimator = RemediedClassifier(MODEL, ClassBalanceWeighter())
    source = program_for(estimator, table="t.csv", label="label", left_out=["g"])
    (tmp_path / "w.py").write_text(source)
    kept = tmp_path / "m.joblib"
    done = run(tmp_path / "w.py", "--save", str(kept))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.endswith(f"saved: {kept}\n")
    fitted = joblib.load(kept)
    expected = estimator.fit(frame[["a", "b"]], frame.label)
    np.testing.assert_array_equal(
        fitted.predict_proba(frame[["a", "b"]]),
        expected.predict_proba(frame[["a", "b"]]),
    )
    before = kept.read_bytes()
    for name, said in {"m.joblib": "exists", "m.pkl": "must end in .joblib"}.items():
        monkeypatch.setattr(sys, "argv", ["w.py", "--save", str(tmp_path / name)])
        with pytest.raises(SystemExit, match="2"):
            runpy.run_path(str(tmp_path / "w.py"), run_name="__main__")
        out, err = capsys.readouterr()
        assert said in err
        assert out == ""
    assert kept.read_bytes() == before


def test_no_target_row_leaves_with_a_kept_model(tmp_path):
    frame = made()
    frame.to_csv(tmp_path / "t.csv", index=False)
    target = frame[["a", "b"]] + 123.456
    target.to_csv(tmp_path / "p.csv", index=False)
    estimator = ShiftWeightedClassifier(MODEL, X_target=TargetData(target))
    with pytest.raises(ValueError, match="pass their file as target"):
        program_for(estimator, table="t.csv", label="label")
    source = program_for(
        estimator, table="t.csv", label="label", left_out=["g"], target="p.csv"
    )
    (tmp_path / "w.py").write_text(source)
    with pytest.warns(UserWarning, match="hardly overlap"):
        model = runpy.run_path(str(tmp_path / "w.py"))["estimator"]
    assert model.X_target is not None
    saving = source.split("# no target row leaves with the model\n")[1]
    exec(dedent(saving.split("    if options.save")[0]), {"estimator": model})
    assert model.X_target is None
    assert str(float(target.a[0])).encode() not in pickle.dumps(model, protocol=0)


def test_target_rows_of_a_program_may_differ_in_columns(tmp_path):
    frame = made()
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame[["label", "a"]].to_csv(tmp_path / "p.csv", index=False)
    estimator = ShiftWeightedClassifier(MODEL, X_target=TargetData(frame[["a"]]))
    source = program_for(
        estimator, table="t.csv", label="label", left_out=["g"], target="p.csv"
    )
    (tmp_path / "w.py").write_text(source)
    with pytest.warns(OverlapWarning, match="^X_target lacks b: left out of both"):
        runpy.run_path(str(tmp_path / "w.py"))


def test_a_program_reads_like_one_written_by_hand(tmp_path):
    estimator = RemediedClassifier(MODEL, ClassBalanceWeighter())
    source = program_for(estimator, table="t.csv", label="y", why="Chosen: balance.")
    assert source.startswith('"""Chosen: balance."""\n\nimport argparse\n')
    assert (
        "estimator = RemediedClassifier(\n"
        "    estimator=make_pipeline(\n"
        "        StandardScaler(),\n"
        "        LogisticRegression(),\n"
        "    ),\n"
        "    remedy=ClassBalanceWeighter(),\n"
        ")\n"
    ) in source
    assert max(map(len, source.splitlines())) <= 88
    (tmp_path / "w.py").write_text(source)
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", str(tmp_path / "w.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    if "No module named ruff" in done.stderr:
        pytest.skip("ruff is not installed")
    assert done.returncode == 0, done.stdout
