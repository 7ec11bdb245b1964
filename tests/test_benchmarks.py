"""The benchmark harness: its statistics, its files, its pages. Nothing is timed."""

import ast
import math
import re
import time

import numpy as np
import pandas as pd
import pytest

from benchmarks import __main__, _harness, _speed, _tables
from benchmarks._problem import Part, Target, grid
from benchmarks._results import ResultTable, cell
from benchmarks.label_noise import downstream, quality, suite

PEERS = (
    r"(from|import) "
    r"(cleanlab|tabaudit|snorkel|crowdkit|torch|densratio|adapt|skada|quapy)\b"
)


# ---------------------------------------------------------------- statistics
def test_ratios_are_paired_repeat_by_repeat():
    ours, theirs = [1.0, 2.0, 4.0], [3.0, 4.0, 20.0]
    found = _speed.summary(theirs, ours)
    assert found["seconds"] == 4
    assert (found["seconds_min"], found["seconds_max"]) == (3, 20)
    assert (found["ratio"], found["ratio_min"], found["ratio_max"]) == (3, 2, 5)


def question(theirs):
    return _speed.Question(
        lambda n: (np.arange(n, dtype=float),),
        {"ours": lambda x: x + 1, "theirs": theirs},
        np.testing.assert_array_equal,
        floors={"floor": lambda x: np.zeros(1000 * x.size)},
    )


def test_one_row_per_library_and_floor():
    rows = _speed.measure(question(lambda x: 1 + x), (100,), n_repeats=3)
    assert [row["library"] for row in rows] == ["ours", "theirs", "floor"]
    assert rows[0]["ratio_min"] == rows[0]["ratio_max"] == 1
    assert all(row["seconds_min"] <= row["seconds"] for row in rows)


def test_peak_memory_counts_what_numpy_allocates():
    call = question(None).floors["floor"]
    x = np.zeros(1000)
    found = _speed.memory(lambda: call(x), x.nbytes)
    assert found["peak_mb"] == pytest.approx(8, rel=0.01)
    assert found["peak_share_of_input"] == pytest.approx(1000, rel=0.01)


def test_other_answers_are_not_timed():
    with pytest.raises(AssertionError):
        _speed.measure(question(lambda x: x + 2), (100,), n_repeats=1)


def test_the_ratio_of_a_race_is_to_its_first_call():
    calls = {"slow": lambda: time.sleep(0.02), "quick": lambda: None}
    clock = iter(range(0, 1000, 2))  # says that each call takes two
    slow, quick = _speed.race(calls, 3, shortest=0, timer=lambda: next(clock))
    assert [row["library"] for row in (slow, quick)] == ["slow", "quick"]
    assert slow["seconds"] == quick["seconds"] == 2
    assert set(slow) == set(_speed.TIMES.split())


def test_the_peak_of_a_call_in_a_new_process_counts_what_it_holds():
    size = np.int64(5_000_000)
    result, used = _speed.in_new_process(_speed.alone, np.ones, size)
    assert result.size == size
    assert set(used) == set(_speed.ALONE.split())
    assert used["input_mb"] == size.nbytes / 1e6
    assert used["peak_mb"] == pytest.approx(40, abs=4)


# ---------------------------------------------------------------- files
@pytest.fixture
def problem(monkeypatch):
    """Three tasks, each with a row that says how often it was measured."""
    counts = {}

    def measure(data, rate):
        counts[data] = counts.get(data, 0) + 1
        return [{"value": counts[data] / 3, "undefined": math.nan}]

    part = Part(
        measure,
        "value undefined",
        full=grid(data="abc", rate=[0.1]),
        quick=grid(data="ab", rate=[0.1]),
        tables={"All rows.": _tables.as_they_are},
        targets=lambda rows, quick: [Target("value", rows["value"].max(), 0.5, True)],
    )
    for module in (_harness, _tables):
        monkeypatch.setattr(module, "parts_of", lambda name: {"part": part})
        monkeypatch.setattr(module, "text_of", lambda name: "What is measured.")


def lines_of(folder):
    return (folder / "some_part.csv").read_text().splitlines()


def values(folder):
    rows = ResultTable(folder / "some_part.csv", []).rows
    return {row["data"]: round(3 * float(row["value"])) for row in rows}


def test_a_run_starts_anew(problem, tmp_path):
    for expected in (1, 2):
        _harness.run("some", folder=tmp_path)
        assert values(tmp_path) == dict.fromkeys("abc", expected)


def test_resume_measures_only_what_is_missing(problem, tmp_path):
    _harness.run("some", folder=tmp_path, only=["b"])
    _harness.run("some", folder=tmp_path, resume=True)
    assert values(tmp_path) == dict.fromkeys("bac", 1)


def test_a_part_of_the_tasks_leaves_the_other_rows(problem, tmp_path):
    _harness.run("some", folder=tmp_path)
    _harness.run("some", folder=tmp_path, only=["b", "c"])
    assert values(tmp_path) == {"a": 1, "b": 2, "c": 2}


def test_rows_come_back_with_versions_and_without_nan(problem, tmp_path):
    _harness.run("some", folder=tmp_path)
    head, columns, first, *_ = lines_of(tmp_path)
    assert head.startswith("# python ")
    assert f"numpy {np.__version__}" in head
    assert (columns, first) == ("data,rate,value,undefined", "a,0.1,0.333333,")
    rows = _harness.results_of("some", tmp_path)["part"]
    assert rows["undefined"].isna().all()
    assert rows.attrs["made_with"] == [head.removeprefix("# ")]


def test_rows_measured_with_other_versions_are_named_too(problem, tmp_path):
    _harness.run("some", folder=tmp_path)
    path = tmp_path / "some_part.csv"
    path.write_text("\n".join(["# python 2.7", *lines_of(tmp_path)[1:]]) + "\n")
    _harness.run("some", folder=tmp_path, only=["b"])
    old, new, columns, *_ = lines_of(tmp_path)
    assert (old, new[:10], columns[:5]) == ("# python 2.7", "# python 3", "data,")
    _harness.run("some", folder=tmp_path)
    assert "# python 2.7" not in lines_of(tmp_path)


@pytest.mark.parametrize("row", [{"a": 1}, {"a": 1, "b": 2, "c": 3}])
def test_rows_of_other_columns_are_refused(tmp_path, row):
    table = ResultTable(tmp_path / "some.csv", ["a", "b"])
    table.append([{"b": 1, "a": 1}])
    with pytest.raises(ValueError, match=r"declared are \['a', 'b'\]"):
        table.append([row])


def test_a_part_named_like_its_problem_has_the_short_name():
    assert _harness.csv_path("", "some", "some").name == "some.csv"
    assert _harness.csv_path("", "some", "part").name == "some_part.csv"


# ---------------------------------------------------------------- the command
@pytest.fixture
def command(problem, tmp_path, monkeypatch):
    """Run the command on the problem ``some``; its results are in tmp_path."""
    monkeypatch.setattr(_harness, "problem_names", lambda: ["some"])
    monkeypatch.setattr(_harness, "RESULTS", tmp_path)

    def call(*arguments):
        monkeypatch.setattr("sys.argv", ["benchmarks", *arguments])
        return __main__.main()

    return call


def test_a_quick_run_changes_no_file(command, tmp_path):
    assert command("run", "some", "--quick") is None
    assert list(tmp_path.iterdir()) == []


def test_a_missed_target_fails_the_run(command, tmp_path, capsys):
    assert command("run", "--all") is None
    assert command("run", "--all") == "targets missed: some"  # 2 / 3 is over 0.5
    assert "| value  | 0.6667   | at most | 0.5   | no  |" in capsys.readouterr().out
    assert values(tmp_path) == dict.fromkeys("abc", 2)
    assert command("run", "some", "--only", "a") is None  # a part of it shows nothing


@pytest.mark.parametrize("names", [[], ["other"], ["some", "--all"]])
def test_problems_are_to_be_named(command, names, capsys):
    with pytest.raises(SystemExit):
        command("run", *names)
    assert "problems: some" in capsys.readouterr().err


# ---------------------------------------------------------------- every problem
EVERY_PART = [
    (name, part)
    for name in _harness.problem_names()
    for part in _harness.parts_of(name)
]


def test_no_problem_is_overlooked():
    modules = {path.stem for path in _harness.ROOT.iterdir() if path.suffix == ".py"}
    assert {name for name in modules if name[0] != "_"} < set(_harness.problem_names())
    assert "label_noise" in _harness.problem_names()


def test_every_result_belongs_to_a_part():
    by_hand = {"mutation.csv"}  # of benchmarks/_mutation.py, which is no problem
    files = {path.name for path in _harness.RESULTS.iterdir()} - by_hand
    assert files == {_harness.csv_path("", *which).name for which in EVERY_PART}


@pytest.mark.parametrize(("name", "part"), EVERY_PART)
def test_every_part_has_a_result_of_its_columns_and_tasks(name, part):
    declared = _harness.parts_of(name)[part]
    table = ResultTable(_harness.csv_path(_harness.RESULTS, name, part), [])
    assert list(table.rows[0]) == declared.columns
    assert all(None not in row and None not in row.values() for row in table.rows)
    assert [task for task in declared.full if not table.has(task)] == []


def test_pages_can_be_made_where_no_peer_is_installed():
    for path in _harness.ROOT.rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not re.search(PEERS, ast.unparse(node)), path


@pytest.mark.parametrize(("name", "part"), EVERY_PART)
def test_tasks_are_different_and_of_the_same_items(name, part):
    declared = _harness.parts_of(name)[part]
    for tasks in (declared.full, declared.quick):
        assert len({tuple(task.values()) for task in tasks}) == len(tasks) > 0
        assert all(list(task) == list(declared.full[0]) for task in tasks)


@pytest.mark.parametrize("name", _harness.problem_names())
def test_every_page_says_what_was_measured_and_not_what_was_asked_for(name, tmp_path):
    results = _harness.results_of(name)
    frames = [frame for _, _, frame in _tables.frames_of(name, results)]
    page = _tables.page(name, results, tmp_path)
    assert len(frames) >= len(_harness.parts_of(name))
    assert all(_tables.csv_table(frame) in page for frame in frames)
    assert not any({"target", "met"} & set(frame) for frame in frames)
    assert "at least" not in page


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
    assert len({tuple(task.values()) for task in suite.CASES}) == 4 * 5 * (1 + 3 * 3)


# ---------------------------------------------------------------- tables and pages
def quality_rows():
    rows = []
    for i, task in enumerate(suite.CASES):
        is_noisy = task["noise"] != "none"
        row = {**task, "wrong_share": task["rate"]}
        for name, worth in (("ours", 0.9), ("ensemble", 0.8), ("cleanlearning", 0.7)):
            value = worth + 0.01 * (i % 2) if is_noisy else np.nan
            row |= {f"ap_{name}": value, f"f1_{name}": value, f"flagged_{name}": 0.01}
        for rule in quality.RULES:
            row |= {f"f1_{rule}": 0.5, f"flagged_{rule}": 0.03}
        rows.append(row)
    return with_versions(rows)


def downstream_rows():
    methods = dict.fromkeys(downstream.REMEDIES, 0.8) | {"nothing": 0.7, "truth": 0.9}
    return with_versions(
        {**task, "model": model, **methods}
        for task in suite.CASES
        for model in downstream.MODELS
    )


def with_versions(rows):
    frame = pd.DataFrame(rows)
    frame.attrs["made_with"] = ["some 1.0"]
    return frame


def test_targets_stand_beside_what_was_measured():
    results = {"quality": quality_rows(), "downstream": downstream_rows()}
    targets = _harness.targets_of("label_noise", results)
    lines = _tables.targets_frame(targets).set_index("figure")
    gained = lines.loc["mean average precision over cleanlab ensemble"]
    assert gained.tolist() == ["0.1", "at least", "0.04", "yes"]
    assert lines.loc["gap closed by strategy prune, both models", "measured"] == "0.5"
    assert len(targets) > len(_harness.targets_of("label_noise", results, quick=True))


def test_tables_of_rows():
    results = {"quality": quality_rows(), "downstream": downstream_rows()}
    tables = list(_tables.frames_of("label_noise", results))
    captions = [caption.split()[0] for _, caption, _ in tables]
    assert captions == ["Ranking:", "Flags:", "Rules:", "Uncorrupted:", "Mean"]
    assert tables[0][2]["number"].tolist()[:4] == ["180", "60", "60", "60"]
    assert tables[2][2]["rule"].tolist() == list(quality.RULES)


def test_a_missed_target_says_so():
    assert not Target("some", 0.1, 0.2).is_met
    assert not Target("some", 0.3, 0.2, at_most=True).is_met
    assert not Target("undefined", math.nan, 0.2).is_met


def test_what_is_compared_stands_side_by_side():
    rows = pd.DataFrame(
        {
            "case": ["b", "b", "a"],
            "tool": ["ours", "theirs", "ours"],
            "recall": [0.5, 1.0, 0.25],
        }
    )
    frame = _tables.side_by_side("case", "tool", "recall")(rows)
    assert list(frame) == ["case", "ours", "theirs"]
    assert frame.loc[0].tolist() == ["b", 0.5, 1.0]
    assert frame.loc[1].tolist()[:2] == ["a", 0.25]
    assert _tables.markdown(frame.map(cell)).splitlines()[1:] == [
        "| ---- | ---- | ------ |",
        "| b    | 0.5  | 1      |",
        "| a    | 0.25 |        |",
    ]


def test_a_page_holds_the_numbers_of_the_file(tmp_path):
    page = _tables.page("label_noise", {"quality": quality_rows()}, tmp_path)
    assert ".. csv-table::" in page
    assert "   all,180,0.905,0.805,0.705,100%,100%" in page
    assert page.endswith("Measured with: some 1.0.\n")
    figure = "benchmarks_label_noise_quality_1.svg"
    assert figure in page
    assert "<svg" in (tmp_path / figure).read_text()


def test_every_problem_gets_a_page(problem, tmp_path, monkeypatch):
    rows = with_versions([{"data": "a", "rate": 0.1, "value": 1 / 3}])
    monkeypatch.setattr(_tables, "problem_names", lambda: ["some"])
    monkeypatch.setattr(_tables, "results_of", lambda name: {"part": rows})
    _tables.write_pages(tmp_path)
    page = (tmp_path / "benchmarks_some.rst").read_text()
    assert page.startswith("Some: measured\n==============\n\nWhat is measured.")
    assert "   data,rate,value\n   a,0.1,0.3333\n" in page


def test_a_page_without_numbers_says_so(tmp_path):
    assert "not measured yet" in _tables.page("label_noise", {}, tmp_path)
