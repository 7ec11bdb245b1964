"""The benchmark harness: its statistics, its files, its pages. Nothing is timed."""

import csv

import numpy as np
import pandas as pd
import pytest

from benchmarks import _harness, _speed, _tables
from benchmarks._harness import ResultTable
from benchmarks.label_noise import PARTS, report, suite, summaries


# ---------------------------------------------------------------- statistics
def test_ratios_are_paired_repeat_by_repeat():
    ours, theirs = [1.0, 2.0, 4.0], [3.0, 4.0, 20.0]
    found = _speed.summary(theirs, ours)
    assert found["seconds"] == 4
    assert (found["seconds_min"], found["seconds_max"]) == (3, 20)
    assert (found["ratio"], found["ratio_min"], found["ratio_max"]) == (3, 2, 5)


def problem(theirs):
    return _speed.Problem(
        lambda n: (np.arange(n, dtype=float),),
        {"ours": lambda x: x + 1, "theirs": theirs},
        np.testing.assert_array_equal,
        floors={"floor": lambda x: np.zeros(1000 * x.size)},
    )


def test_one_row_per_library_and_floor():
    rows = _speed.measure(problem(lambda x: 1 + x), (100,), n_repeats=3)
    assert [row["library"] for row in rows] == ["ours", "theirs", "floor"]
    assert rows[0]["ratio_min"] == rows[0]["ratio_max"] == 1
    assert all(row["seconds_min"] <= row["seconds"] for row in rows)


def test_peak_memory_counts_what_numpy_allocates():
    call = problem(None).floors["floor"]
    x = np.zeros(1000)
    found = _speed.memory(lambda: call(x), x.nbytes)
    assert found["peak_mb"] == pytest.approx(8, rel=0.01)
    assert found["peak_share_of_input"] == pytest.approx(1000, rel=0.01)


def test_other_answers_are_not_timed():
    with pytest.raises(AssertionError):
        _speed.measure(problem(lambda x: x + 2), (100,), n_repeats=1)


# ---------------------------------------------------------------- files
@pytest.fixture
def benchmark(monkeypatch):
    """Three tasks, each with a row that says how often it was measured."""
    counts = {}

    class Part:
        @staticmethod
        def tasks(quick):
            return [{"data": name, "rate": 0.1} for name in "abc"]

        @staticmethod
        def measure(data, rate):
            counts[data] = counts.get(data, 0) + 1
            return [{"value": counts[data] / 3, "undefined": float("nan")}]

    monkeypatch.setattr(_harness, "parts_of", lambda name: ("part",))
    monkeypatch.setattr(_harness, "import_module", lambda name: Part)


def values(folder):
    with (folder / "some_part.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["data"]: round(3 * float(row["value"])) for row in rows}


def test_a_run_starts_anew(benchmark, tmp_path):
    for expected in (1, 2):
        _harness.run("some", folder=tmp_path)
        assert values(tmp_path) == dict.fromkeys("abc", expected)


def test_resume_measures_only_what_is_missing(benchmark, tmp_path):
    _harness.run("some", folder=tmp_path, only=["b"])
    _harness.run("some", folder=tmp_path, resume=True)
    assert values(tmp_path) == dict.fromkeys("bac", 1)


def test_a_part_of_the_tasks_leaves_the_other_rows(benchmark, tmp_path):
    _harness.run("some", folder=tmp_path)
    _harness.run("some", folder=tmp_path, only=["b", "c"])
    assert values(tmp_path) == {"a": 1, "b": 2, "c": 2}


def test_rows_come_back_with_versions_and_without_nan(benchmark, tmp_path):
    _harness.run("some", folder=tmp_path)
    text = (tmp_path / "some_part.csv").read_text()
    assert text.startswith("data,rate,value,undefined,versions\na,0.1,0.333333,,")
    rows = _harness.results_of("some", tmp_path)["part"]
    assert rows["undefined"].isna().all()
    assert rows["versions"].str.contains(f"numpy {np.__version__}").all()


def test_rows_of_other_columns_are_refused(tmp_path):
    table = ResultTable(tmp_path / "some.csv")
    table.append([{"a": 1}])
    with pytest.raises(ValueError, match="b"):
        table.append([{"a": 1, "b": 2}])


# ---------------------------------------------------------------- the suite
@pytest.mark.parametrize("noise", list(suite.NOISE)[1:])
def test_wrong_labels_are_where_they_should_be(noise):
    case = suite.make_case("digits", noise, 0.2, 0)
    again = suite.make_case.__wrapped__("digits", noise, 0.2, 0)
    np.testing.assert_array_equal(case.y, again.y)
    share = case.is_wrong.mean()
    assert share == pytest.approx(0.2, abs=0.04 if noise == "pair" else 1e-9)
    pairs = {(a, b) for a, b in zip(case.truth, case.y, strict=True) if a != b}
    assert (len(pairs) == 10) == (noise == "pair")
    assert case.is_usable


def test_feature_noise_seeks_rows_that_resemble_their_new_class():
    case = suite.make_case("digits", "feature", 0.1, 0)
    scaled = suite.StandardScaler().fit_transform(case.X)
    likeness = suite.wrong_class_likeness(scaled, case.truth).max(axis=1)
    assert likeness[case.is_wrong].mean() > 1.5 * likeness[~case.is_wrong].mean()


def test_five_seeds_of_everything():
    tasks = suite.uncorrupted_tasks() + suite.noisy_tasks()
    assert len({tuple(task.values()) for task in tasks}) == 4 * 5 * (1 + 3 * 3)


# ---------------------------------------------------------------- tables and pages
def quality_rows():
    rows = []
    for i, task in enumerate(suite.uncorrupted_tasks() + suite.noisy_tasks()):
        is_noisy = task["noise"] != "none"
        row = {**task, "wrong_share": task["rate"], "versions": "some 1.0"}
        for name, worth in (("ours", 0.9), ("ensemble", 0.8), ("cleanlearning", 0.7)):
            value = worth + 0.01 * (i % 2) if is_noisy else np.nan
            row |= {f"ap_{name}": value, f"f1_{name}": value, f"flagged_{name}": 0.01}
        rows.append(row | {"f1_rule": 0.5, "flagged_rule": 0.03})
    return pd.DataFrame(rows)


def downstream_rows():
    methods = dict.fromkeys(summaries.REMEDIES, 0.8) | {"nothing": 0.7, "truth": 0.9}
    return pd.DataFrame(
        {**task, "model": model, **methods, "versions": "some 1.0"}
        for task in suite.noisy_tasks() + suite.uncorrupted_tasks()
        for model in summaries.MODELS
    )


def test_targets_stand_beside_what_was_measured():
    results = {"quality": quality_rows(), "downstream": downstream_rows()}
    targets, *others = report.tables(results)
    lines = targets.frame.set_index("figure")
    gained = lines.loc["mean average precision over cleanlab ensemble"]
    assert gained.tolist() == ["at least 0.040", "0.100", "yes"]
    assert lines.loc["gap closed by strategy prune, both models", "measured"] == "0.500"
    titles = [table.title for table in others]
    assert titles == ["Ranking", "Flags", "Rules", "Uncorrupted", "Downstream"]
    assert others[0].frame["number"].tolist()[:4] == [180, 60, 60, 60]
    assert others[2].frame["rule"].tolist() == ["rule"]


def test_a_missed_target_says_so():
    assert not _tables.Target("some", 0.1, 0.2).is_met
    assert not _tables.Target("some", 0.3, 0.2, at_most=True).is_met


def test_every_part_is_summarised():
    assert set(report.PARTS) == set(PARTS)
    assert {figure.part for figure in report.FIGURES} <= set(PARTS)


def test_a_page_holds_the_numbers_of_the_file(tmp_path, monkeypatch):
    results = {"quality": quality_rows()}
    monkeypatch.setattr(_tables, "results_of", lambda name: results)
    _tables.write_pages(tmp_path)
    page = (tmp_path / "benchmarks_label_noise.rst").read_text()
    assert ".. csv-table::" in page
    assert "mean average precision over CleanLearning,at least 0.100,0.200,yes" in page
    figure = "benchmarks_label_noise_average_precision.svg"
    assert figure in page
    assert "<svg" in (tmp_path / figure).read_text()


def test_a_page_without_numbers_says_so(tmp_path):
    assert "not measured yet" in _tables.page("label_noise", {}, tmp_path)
