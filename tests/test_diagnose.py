"""The diagnosis: its lenses, their order, and what the report says."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose
from sklearn.callback import ProgressBar
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

import skdataquality
from skdataquality import diagnose
from skdataquality.compose._priors import correct_prior, em_prior
from skdataquality.datasets import load_demo, make_label_errors
from skdataquality.duplicates import Deduplicator, duplicate_lens
from skdataquality.imbalance import imbalance_lens
from skdataquality.label_noise import NoisePruningClassifier, label_noise_lens
from skdataquality.report import render
from skdataquality.shift import (
    ShiftWeightedClassifier,
    TargetData,
    shift_lens,
)
from skdataquality.utils._code import as_code
from skdataquality.utils._progress import run_steps

VERDICTS = {"clear", "suspect", "found", "cannot tell"}
MODEL = LogisticRegression()
SCALED = make_pipeline(StandardScaler(), LogisticRegression())


@pytest.fixture(scope="module")
def data():
    X, y = make_classification(
        n_samples=400, n_features=6, class_sep=1.5, flip_y=0, random_state=0
    )
    return X, y


def _diagnose(X, y, **options):
    return diagnose(X, y, estimator=MODEL, **options)


# -- lenses ------------------------------------------------------------------------


def test_repeats_in_a_coarse_table_are_no_evidence():
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 2, size=(200, 3))
    assert duplicate_lens(coarse).verdict == "clear"
    rich = rng.normal(size=(200, 3))
    assert duplicate_lens(rich).verdict == "clear"
    copied = duplicate_lens(np.vstack([rich, rich[:30]]))
    assert copied.verdict == "found"
    assert copied.numbers["repeated_rows"] == 30


def test_conflicting_labels_among_copies_are_counted(data):
    X, y = data
    X, y = np.vstack([X, X[:10]]), np.r_[y, 1 - y[:4], y[4:10]]
    assert duplicate_lens(X, y).numbers["conflicting_groups"] == 4


def _calibrated(n, rng):
    p = rng.beta(0.05, 0.05, n)
    return (rng.random(n) < p).astype(int), np.column_stack([1 - p, p])


def test_label_noise_lens_by_oracle_probabilities():
    """With calibrated probabilities overlap is no noise, and flips are."""
    rng = np.random.default_rng(0)
    found = {"clean": 0, "noisy": 0}
    for _ in range(100):
        y, proba = _calibrated(600, rng)
        found["clean"] += label_noise_lens(y, proba).verdict == "found"
        noisy, _ = make_label_errors(y, 0.08, random_state=rng.integers(1e6))
        found["noisy"] += label_noise_lens(noisy, proba).verdict == "found"
    assert found["clean"] <= 5
    assert found["noisy"] >= 90


def test_a_useless_model_cannot_contradict_a_label():
    rng = np.random.default_rng(0)
    y = (rng.random(500) < 0.1).astype(int)
    proba = np.tile([0.9, 0.1], (500, 1))
    assert label_noise_lens(y, proba).verdict == "cannot tell"


def test_flags_are_listed_by_source():
    demo = load_demo()
    report = diagnose(demo.X, demo.y, sources=demo.sources, estimator=SCALED)
    lens = report.lenses["provenance"]
    assert lens.verdict == "found"
    assert lens.evidence["by clinic"][0]["source"] == demo.careless_clinic


def test_imbalance_lens_by_hand():
    y = np.repeat(["a", "b"], [90, 10])
    proba = np.column_stack([np.full(100, 0.9), np.full(100, 0.1)])
    proba[-2:] = [0.1, 0.9]  # two of the ten rare rows are found
    lens = imbalance_lens(y, proba)
    assert lens.verdict == "found"
    assert lens.numbers["ratio"] == 9
    assert lens.numbers["rarest_recall"].estimate == 0.2
    assert lens.numbers["accuracy"].estimate == 0.92
    assert lens.numbers["majority_baseline"] == 0.9
    assert lens.predictions[0].outcome == "cannot tell"  # .92 is not surely above .9
    even = imbalance_lens(np.repeat(["a", "b"], 50), proba)
    assert even.verdict == "clear"


@pytest.mark.slow
def test_shift_lens_p_values_are_valid():
    """Type I at the 5 % level of the covariate test, on same-distribution halves."""
    rng = np.random.default_rng(0)
    rejected = 0
    for seed in range(40):
        X = rng.normal(size=(160, 3))
        lens = shift_lens(X[:80], X_target=X[80:], random_state=seed)
        rejected += lens.numbers["p_covariate"] < 0.05
    assert rejected <= 6  # P(more | 5 %) = .003


def test_shift_lens_tells_a_changed_prior_from_none(data):
    X, y = data
    rng = np.random.default_rng(0)
    rare = np.r_[
        rng.choice(np.flatnonzero(y == 0), 150), rng.choice(np.flatnonzero(y == 1), 20)
    ]
    fresh = X[rare] + rng.normal(scale=0.01, size=(170, 6))
    lens = shift_lens(X, y, X_target=fresh, estimator=MODEL)
    assert "label prior" in lens.kinds
    expected = lens.evidence["class shares"][1]["expected_target_share"]
    assert abs(expected.estimate - 20 / 170) < 0.08
    known = shift_lens(X, y, X_target=fresh, y_target=y[rare], estimator=MODEL)
    assert "label prior" in known.kinds
    assert known.evidence["class shares"][1]["target_share"] == pytest.approx(20 / 170)


def test_em_recovers_a_prior_from_exact_posteriors():
    rng = np.random.default_rng(0)
    y = (rng.random(20_000) < 0.3).astype(int)
    x = rng.normal(2.0 * y, 1)
    likelihood = np.column_stack([np.exp(-(x**2) / 2), np.exp(-((x - 2) ** 2) / 2)])
    even = likelihood / likelihood.sum(axis=1, keepdims=True)
    prior = em_prior(even, np.array([0.5, 0.5]))
    assert_allclose(prior[1], y.mean(), atol=0.02)
    back = correct_prior(
        correct_prior(even, np.array([0.5, 0.5]), prior), prior, [0.5] * 2
    )
    assert_allclose(back, even, atol=1e-12)


# -- diagnose ----------------------------------------------------------------------


def test_all_lenses_report_and_the_plan_acts_in_order():
    demo = load_demo()
    report = diagnose(demo.X, demo.y, estimator=SCALED)
    assert list(report.lenses) == [
        *("leakage", "duplicates", "entities", "imbalance", "label_noise"),
    ]
    assert {lens.verdict for lens in report.lenses.values()} <= VERDICTS
    steps = [step["lens"] for step in report.plan]
    order = ["leakage", "duplicates", "entities", "label_noise", "imbalance", "shift"]
    assert steps == sorted(steps, key=order.index)
    assert "duplicates" in steps


@pytest.mark.parametrize("n_jobs", [None, pytest.param(2, marks=pytest.mark.slow)])
def test_the_same_seed_gives_the_same_report(data, n_jobs):
    X, y = data
    first = _diagnose(X, y, X_target=X[:100] + 0.5, random_state=3)
    again = _diagnose(X, y, X_target=X[:100] + 0.5, random_state=3, n_jobs=n_jobs)
    assert first.to_json() == again.to_json()


def test_labels_may_be_called_anything(data):
    X, y = data
    plain = _diagnose(X, y).lenses["label_noise"].numbers["flagged_rows"]
    for labels in (np.array(["no", "yes"])[y], y.astype(bool), 2 * y - 1):
        report = _diagnose(X, labels)
        assert report.lenses["label_noise"].numbers["flagged_rows"] == plain


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
def test_frames_with_text_and_gaps_are_encoded(library):
    rng = np.random.default_rng(0)
    size = rng.normal(size=150)
    colour = rng.choice(["red", "green"], 150)
    size_with_gaps = [None if i % 20 == 0 else v for i, v in enumerate(size)]
    frame = library.DataFrame({"size": size_with_gaps, "colour": colour})
    report = diagnose(frame, size > 0, X_target=frame[:60])
    assert next(iter(report.lenses)) == "leakage"
    assert list(report.lenses)[-1] == "shift"


def test_numbers_as_y_are_examined_by_all_lenses_but_imbalance(data):
    X, _ = data
    report = diagnose(X, X[:, 0] * 1.5, X_target=X[:100] + 3)
    assert list(report.lenses) == [
        *("leakage", "duplicates", "entities", "label_noise", "shift"),
    ]
    assert report.lenses["label_noise"].reason_code == "weak_model"  # the copy is out
    assert report.lenses["shift"].verdict == "found"


def test_one_class_is_reported_not_raised(data):
    X, _ = data
    report = diagnose(X, np.zeros(len(X), dtype=int))
    assert report.lenses["label_noise"].verdict == "cannot tell"
    assert report.lenses["duplicates"].verdict == "clear"


def test_thorough_averages_repeats(data):
    X, y = data
    assert _diagnose(X, y, depth="thorough").lenses["label_noise"].verdict in VERDICTS
    with pytest.raises(ValueError, match="depth='deep' must be one of"):
        _diagnose(X, y, depth="deep")


def test_progress_is_shown_and_ended_also_after_an_error(data, capfd):
    X, y = data
    _diagnose(X, y, callbacks=[ProgressBar()])
    assert "diagnose" in capfd.readouterr().out

    class Fails(LogisticRegression):
        def fit(self, X, y, sample_weight=None):
            raise ValueError("no fit today")

    with pytest.raises(ValueError, match="no fit today"):
        diagnose(X, y, estimator=Fails(), callbacks=[ProgressBar()])
    _diagnose(X, y, callbacks=[ProgressBar()])
    with pytest.raises(ValueError, match="must be a sequence of scikit-learn callb"):
        _diagnose(X, y, callbacks=["bar"])


def test_one_word_shows_a_bar_to_a_person_and_nothing_to_a_pipe(
    data, capsys, monkeypatch
):
    X, y = data
    _diagnose(X, y, callbacks="bar")
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("skdataquality.utils._progress._bar._is_watched", lambda: True)
    _diagnose(X, y, callbacks="bar")
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.split("\r")
    n_steps = len(lines) - 3  # beside what is before the first, and the wiping
    assert lines[1].startswith(f"diagnose {'-' * 30} 1/{n_steps} leakage")
    assert f" {n_steps}/{n_steps} " in lines[n_steps]
    assert lines[-2:] == ["", ""] or not "".join(lines[-2:]).strip()
    assert max(map(len, lines)) < 80
    with pytest.raises(ValueError, match="callbacks='bars' must be 'bar', or a"):
        _diagnose(X, y, callbacks="bars")


def test_a_bar_is_wiped_also_after_an_error(data, capsys, monkeypatch):
    monkeypatch.setattr("skdataquality.utils._progress._bar._is_watched", lambda: True)

    def fails(known):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_steps("work", {"a\x1b[31m\nb": fails}, None, "bar")
    err = capsys.readouterr().err
    assert err.endswith("\r")
    assert "\x1b" not in err
    assert "1/1 a?[31m?b" in err


def test_target_data_are_given_once(data):
    X, y = data
    with pytest.raises(ValueError, match="y_target was given without X_target"):
        diagnose(X, y, y_target=y)
    with pytest.raises(ValueError, match="y_target was given twice"):
        diagnose(X, y, X_target=TargetData(X, y), y_target=y)
    with pytest.raises(ValueError, match="X has no column names"):
        diagnose(X, y, sources=["vendor"])
    with pytest.raises(ValueError, match="sources=int must be a dict"):
        diagnose(X, y, sources=3)


# -- the report --------------------------------------------------------------------


@pytest.fixture(scope="module")
def report():
    demo = load_demo()
    return diagnose(
        demo.X,
        demo.y,
        X_target=demo.X_target,
        sources={"<img src=x onerror=alert(1)>": demo.sources["clinic"]},
        estimator=SCALED,
    )


def test_json_is_strict_and_complete(report):
    said = json.loads(report.to_json())
    assert said["schema"] == "skdataquality.report/1"
    assert set(said) == {"schema", "data", "lenses", "plan"}
    for lens in said["lenses"].values():
        assert lens["verdict"] in VERDICTS
        assert 0 <= lens["severity"] <= 1
    assert said["lenses"]["shift"]["kinds"]


def test_intervals_say_how_they_were_made(report):
    for lens in report.to_dict()["lenses"].values():
        for number in lens["numbers"].values():
            if isinstance(number, dict):
                assert number["method"]
                assert number["lower"] <= number["estimate"] <= number["upper"]


def test_text_fits_eighty_columns(report):
    text = str(report)
    assert max(map(len, text.splitlines())) <= 80
    assert "What to do" in text


def test_markdown_and_html_escape_what_the_data_say(report):
    markdown = render(report.to_dict(), "markdown")
    assert "<img" not in markdown
    assert markdown == report.to_markdown()
    said = report.to_dict()
    said["lenses"]["shift"]["summary"] = "<script>alert(1)</script>"
    assert "<script>" not in render(said, "html")
    assert report._repr_html_().count("<tr>") == 1 + len(report.lenses)


def test_suggested_code_runs(report):
    X_target = np.zeros((3, 2))
    coded = [step for step in report.plan if step["code"]]
    assert len(coded) >= 4
    for step in coded:
        code = "\n".join([*step["code"]["imports"], step["code"]["expression"]])
        scope = {"X_target": X_target}
        exec("\n".join(step["code"]["imports"]), scope)
        assert hasattr(eval(step["code"]["expression"], scope), "fit"), code


@pytest.mark.parametrize(
    "estimator",
    [
        Deduplicator(on_conflict="drop"),
        NoisePruningClassifier(LogisticRegression(C=0.1), strategy="relabel"),
        ShiftWeightedClassifier(random_state=3),
    ],
    ids=repr,
)
def test_code_of_an_estimator_builds_its_equal(estimator):
    code = as_code(estimator)
    scope = {}
    exec("\n".join(code["imports"]), scope)
    assert repr(eval(code["expression"], scope)) == repr(estimator)


def test_the_top_level_is_lazy_and_complete():
    for name in skdataquality.__all__:
        assert getattr(skdataquality, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = skdataquality.nonsense
    assert set(skdataquality.__all__) <= set(dir(skdataquality))


def test_show_versions_names_the_libraries(capsys):
    skdataquality.show_versions()
    assert "scikit-learn" in capsys.readouterr().out


def test_repeated_rows_are_no_evidence_of_shift():
    rng = np.random.default_rng(0)
    rejected = 0
    for seed in range(12):
        X = np.repeat(rng.normal(size=(60, 3)), 8, axis=0)
        X_target = np.repeat(rng.normal(size=(40, 3)), 8, axis=0)
        rejected += shift_lens(X, X_target=X_target, random_state=seed).p_value < 0.05
    assert rejected <= 3  # P(more | 5 %) = .002; counting copies rejects nearly always


def test_equal_by_chance_is_not_held_out_together():
    """XOR of coarse columns: every row has twins, and a tree is always right."""
    X = np.random.default_rng(0).integers(0, 2, size=(400, 3))
    y = X[:, 0] ^ X[:, 1] ^ X[:, 2]
    report = diagnose(X, y, estimator=DecisionTreeClassifier())
    accuracy = report.lenses["label_noise"].numbers["out_of_fold_accuracy"]
    assert accuracy.estimate == 1.0
    pruner = NoisePruningClassifier(DecisionTreeClassifier(), random_state=0)
    assert pruner.fit(X, y).lineage_.is_identity


def test_sources_may_be_missing_or_dates(data):
    X, y = data
    vendor = np.array(["a", None, "b", None] * 100, dtype=object)
    day = pd.Series(pd.date_range("2026-01-01", periods=4).to_list() * 100)
    report = _diagnose(X, y, sources={"vendor": vendor, "day": day})
    rows = report.lenses["provenance"].evidence["by vendor"]
    assert {row["source"]: row["rows"] for row in rows} == {
        "a": 100,
        "b": 100,
        "missing": 200,
    }
    assert "2026-01-01" in report.to_json()


def assert_alike(one, other):
    """Equal but for the last bits of numbers, as from another layout of a table."""
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert list(one) == list(other)
        one, other = list(one.values()), list(other.values())
    if isinstance(one, list | tuple):
        for a, b in zip(one, other, strict=True):
            assert_alike(a, b)
    else:
        expected = pytest.approx(other, rel=1e-9) if type(one) is float else other
        assert one == expected


def test_target_columns_are_aligned_or_refused_at_once(data):
    X, y = data
    frame = pd.DataFrame(X, columns=list("abcdef"))
    target = frame[:100] + 0.2
    straight = _diagnose(frame, y, X_target=target)
    reordered = _diagnose(frame, y, X_target=target[list("fedcba")])
    assert_alike(straight.to_dict(), reordered.to_dict())
    with pytest.raises(ValueError, match="cv='oob' must be a number of folds"):
        _diagnose(X, y, cv="oob")


def test_partly_labelled_target_rows_count_where_labelled(data):
    X, y = data
    y_target = y[:100].astype(object)
    y_target[50:] = None
    lens = _diagnose(X, y, X_target=X[:100], y_target=y_target).lenses["shift"]
    shares = [row["target_share"] for row in lens.evidence["class shares"]]
    assert sum(shares) == pytest.approx(1)


def test_the_plan_uses_the_estimator_given():
    demo = load_demo()
    plan = diagnose(demo.X, demo.y, estimator=SCALED).plan
    code = {step["lens"]: step["code"]["expression"] for step in plan}
    assert "StandardScaler" in code["imbalance"]
