"""What a comparison shows: the same numbers and names wherever it is read."""

import json
import math
import re
import sys
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer, make_scorer
from sklearn.model_selection import TunedThresholdClassifierCV

from skdataquality.base import Interval
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import (
    RemedyComparison,
    RemedyComparisonDisplay,
    _held_out,
    compare_remedies,
)
from skdataquality.model_selection._shown import kinds_of
from skdataquality.model_selection._shown._words import LEGEND, number_writer, unseen
from skdataquality.utils._stats._paired import paired_test
from skdataquality.verified import VerifiedLabels

COLUMNS = ["remedy", "score", "gain", "lower", "upper", "p_holm"]
EVERY = [*COLUMNS, "expected_gain", "seconds"]


def paired(gain, standard_error):
    return paired_test(gain, standard_error, 50, level=0.95, method="row-wise")


def made(gains, *, base=0.8, order=("accuracy", "roc_auc"), **fields):
    """Build a comparison from (gain, standard error) by metric, then by remedy."""
    names = list(next(iter(gains.values())))
    flat = np.full(4, base)
    return RemedyComparison(
        {
            m: {"nothing": flat} | {n: flat + gains[m][n][0] for n in names}
            for m in gains
        },
        [(np.arange(2), np.arange(2))] * 4,
        order[0],
        dict.fromkeys(["nothing", *names], LogisticRegression()),
        1 / 3,
        tests_={m: {n: paired(*gains[m][n]) for n in names} for m in gains},
        **fields,
    )


def expecting(found, gains):
    """Copy a comparison and say what its model expects, by metric, then by remedy."""
    found = replace(found)
    vars(found)["expected_gains_"] = gains
    return found


GAINS = {
    "roc_auc": {"prune": (0.001, 0.004), "balance": (-0.002, 0.004)},
    "accuracy": {"prune": (0.03, 0.02), "balance": (0.12, 0.02)},
}
TRUE = {
    "true_tests_": {"accuracy": {"prune": paired(0.09, 0.01)}},
    "true_means_": {
        "accuracy": {
            "nothing": 0.85,
            "prune": Interval(0.94, 0.9, 0.97, "drawn rows"),
            "balance": 0.84,
        }
    },
    "verified_": VerifiedLabels(range(50), ["a"] * 50),
}
KINDS = {"accuracy": "decisions", "roc_auc": "ranking"}


@pytest.fixture
def found():
    return made(GAINS, seconds_={"nothing": 0.5, "prune": 12.25, "balance": 0.75})


@pytest.fixture
def verified(found):
    return expecting(replace(found, **TRUE), {"accuracy": {"prune": 0.07}})


def heads_of(result):
    """Column names as text, Markdown and HTML have them, of every table shown."""
    text = [line.split() for line in repr(result).splitlines()]
    markdown = result.to_markdown().splitlines()
    return [
        [line for line in text if line[:2] == ["remedy", "score"]],
        [line.split()[1::2] for line in markdown if line.startswith("| remedy")],
        [
            re.findall('<th scope="col">(.*?)</th>', head)
            for head in re.findall("<thead>(.*?)</thead>", result._repr_html_())
        ],
    ]


def test_columns_have_the_same_names_everywhere(found, verified):
    known = [*COLUMNS, "seconds"]
    for heads in heads_of(found):
        assert heads == [known, known]
    for heads in heads_of(verified):
        assert heads == [EVERY, EVERY, known]
    assert list(found.table_[0])[:8] == EVERY == list(LEGEND)
    assert ["remedy", *found.to_frame()][:8] == EVERY
    assert list(found.to_dict()["tables"]["accuracy"][0])[:8] == EVERY
    bare = replace(found, seconds_={})
    for heads in heads_of(bare):
        assert heads == [COLUMNS, COLUMNS]


def test_every_column_shown_has_its_sentence(verified):
    for text in (repr(verified), verified.to_markdown(), verified._repr_html_()):
        seen = text.replace("&quot;", '"')
        assert all(sentence in seen for sentence in LEGEND.values())
    assert "seconds" not in replace(verified, seconds_={}).to_text()


def test_all_metrics_are_shown_the_deciding_one_first(found, verified):
    for text in (repr(found), found.to_text(), found.to_markdown()):
        start = text.index("roc_auc, on the given")
        assert text.index("accuracy, on the given") < start
    assert "roc_auc" not in found.to_text("accuracy")
    assert "accuracy" not in found.to_markdown("roc_auc")
    every = found.to_frame("all")
    assert list(every.columns[:2]) == ["metric", "score"]
    assert sorted(every["metric"]) == ["accuracy"] * 3 + ["roc_auc"] * 3
    assert list(found.to_frame().index) == ["balance", "prune", "nothing"]
    assert list(verified.to_frame("all", labels="true")["metric"]) == ["accuracy"] * 3


def test_numbers_of_a_column_have_the_same_decimals(found):
    lines = found.to_text("roc_auc").splitlines()
    assert lines[2:5] == [
        "prune    0.8010  +0.0010  -0.0070  +0.0090   1.000     12.2",
        "nothing  0.8000                                         0.5",
        "balance  0.7980  -0.0020  -0.0100  +0.0060   1.000      0.8",
    ]


@pytest.mark.parametrize("scale", [1e-9, 1e-4, 1, 1e5, 1e12])
def test_decimals_show_the_width_of_an_interval(scale):
    say = number_writer([{"lower": -0.31 * scale, "upper": 0.5 * scale}])
    assert float(say(0.0449 * scale)) == pytest.approx(0.0449 * scale, abs=0.01 * scale)
    assert say(-0.0 * scale) in ("0", say(0.0))
    assert say(math.nan) == ""


def test_one_very_sure_remedy_leaves_the_others_readable():
    rows = [{"lower": -1e-5, "upper": 1e-5}, {"lower": -0.1, "upper": 0.1}]
    assert number_writer(rows)(0.123456) == "0.123"


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ([0.02, 0.021, math.nan], "gains below 0.021 would stay unseen"),
        (
            [0.006, 0.03, 0.0],
            "gains below 0.006 to 0.03 would stay unseen, depending on the remedy",
        ),
        ([math.nan, 0.0], ""),
    ],
)
def test_what_would_stay_unseen(gains, said):
    assert unseen([{"minimum_detectable_gain": g} for g in gains]) == said


def test_what_would_stay_unseen_stands_under_each_table(found):
    rows = found.table("roc_auc")
    smallest = max(r["minimum_detectable_gain"] for r in rows[:1])
    said = f"gains below {smallest:.2g} would stay unseen"
    for text in (repr(found), found.to_markdown(), found._repr_html_()):
        assert said in text
        assert "min gain" not in text


def test_no_gain_is_said_with_what_would_stay_unseen():
    none = made({"roc_auc": GAINS["roc_auc"]}, order=["roc_auc"])
    assert none.best_ == "nothing"
    assert none.verdict_ == (
        "no gain beyond noise in roc_auc, on the given labels; "
        "gains below 0.011 would stay unseen"
    )
    assert none.verdict_ in " ".join(repr(none).split("\n"))
    assert none.verdict_ in none._repr_html_()
    alone = made({"accuracy": {}})
    assert alone.verdict_ == "no remedy was tried, on the given labels"


def test_a_gain_is_said_with_its_interval_and_labels(found, verified):
    assert found.verdict_ == (
        "balance gains 0.120 in accuracy over nothing, on the given labels; "
        "95 % interval 0.080 to 0.160"
    )
    assert verified.verdict_ == (
        "prune gains 0.090 in accuracy over nothing, on the true labels, from 50 "
        "verified rows; 95 % interval 0.070 to 0.110"
    )


# -- true labels -------------------------------------------------------------------


def test_true_labels_decide_and_are_shown_first(found, verified):
    assert (found.best_, verified.best_) == ("balance", "prune")
    assert verified.ranking_ == ["prune", "nothing", "balance"]
    first, last = verified.table(labels="true")[::2]
    assert (first["score"], first["gain"], first["p_holm"] < 1e-6) == (0.94, 0.09, True)
    assert last["gain"] == pytest.approx(-0.01)
    assert math.isnan(last["lower"])  # balance has no test of its own
    assert not last["beyond_noise"]
    assert verified.table("accuracy") == verified.table(labels="given")
    given = [{k: row[k] for k in COLUMNS} for row in verified.table()]
    assert given == [{k: row[k] for k in COLUMNS} for row in found.table()]
    for text in (repr(verified), verified.to_markdown(), verified._repr_html_()):
        heads = [
            "true labels, from 50 verified rows (",
            "accuracy, on the given labels",
        ]
        assert text.index(heads[0]) < text.index(heads[1])
    plain = json.loads(json.dumps(verified.to_dict(), allow_nan=False))
    assert [row["remedy"] for row in plain["true_tables"]["accuracy"]] == [
        "prune",
        "nothing",
        "balance",
    ]
    assert found.to_dict()["true_tables"] == {}


def test_scores_that_verified_rows_cannot_give_come_last(verified):
    means = TRUE["true_means_"]["accuracy"] | {"balance": math.nan}
    found = replace(verified, true_means_={"accuracy": means})
    assert found.ranking_ == ["prune", "nothing", "balance"]
    assert found.to_text().count("balance") == 3
    none = replace(found, true_tests_={"accuracy": {}})
    assert none.best_ == "balance"
    assert "true labels" not in none.verdict_


def test_tables_that_do_not_exist_are_refused(found, verified):
    with pytest.raises(ValueError, match=r"labels='true', but no verified labels"):
        found.table(labels="true")
    with pytest.raises(ValueError, match=r"score 'roc_auc' \(they score \['accuracy'"):
        verified.table("roc_auc", labels="true")
    with pytest.raises(ValueError, match="labels='both' must be 'given' or 'true'"):
        found.table(labels="both")
    with pytest.raises(ValueError, match="labels='true', but no"):
        found.to_frame("all", labels="true")
    with pytest.raises(ValueError, match="metric='f1' was not computed"):
        found.to_frame("f1")


@pytest.mark.parametrize(
    ("chosen", "expected", "said"),
    [
        ({"prune": (0.01, 0.02)}, {"prune": 0.05}, "the model expects +0.050 of prune"),
        ({"prune": (0.01, 0.02)}, {"prune": 0.002}, None),
        ({"prune": (0.01, 0.02)}, {}, None),
        ({"prune": (0.1, 0.02)}, {"prune": -0.01}, "expects no gain of prune (-0.010)"),
        ({"prune": (0.1, 0.02)}, {"prune": 0.08}, None),
    ],
)
def test_the_account_of_the_model_is_advice(chosen, expected, said):
    without = made({"accuracy": chosen})
    found = expecting(without, {"accuracy": expected})
    assert found.best_ == without.best_
    if said is None:
        assert found.remarks_ == ()
    else:
        (remark,) = found.remarks_
        assert said in remark
        assert f"- {remark}" in re.sub(r"\n  ", " ", repr(found))
        known = replace(without, **TRUE)
        assert expecting(known, {"accuracy": expected}).remarks_ == ()


# -- moved thresholds --------------------------------------------------------------


def cost(y, decided):
    return -np.mean(y != decided)


def test_metrics_are_told_by_what_they_read():
    names = {
        "decisions": [
            *("accuracy", "balanced_accuracy", "f1_macro", "precision", "recall"),
            *("jaccard", "matthews_corrcoef"),
        ],
        "ranking": ["roc_auc", "roc_auc_ovr", "average_precision"],
        "probabilities": ["neg_log_loss", "neg_brier_score", "d2_log_loss_score"],
    }
    for kind, metrics in names.items():
        scorers = {f"my {name}": get_scorer(name) for name in metrics}
        assert set(kinds_of(scorers, DummyClassifier()).values()) == {kind}
        assert kinds_of(scorers, DummyClassifier()).keys() == scorers.keys()
        assert kinds_of(scorers, DummyRegressor()) == {}
    own = {"cost": make_scorer(cost), "any": cost}
    own["soft"] = make_scorer(cost, response_method="predict_proba")
    assert kinds_of(own, DummyClassifier()) == {"cost": "decisions"}


@pytest.mark.parametrize(
    ("auc", "kind", "said"),
    [
        (0.0, "ranking", "it moves the threshold and ranks no better"),
        (-0.05, "ranking", "it moves the threshold and ranks no better"),
        (0.1, "ranking", None),
        (0.0, "probabilities", "it may only move the threshold"),
    ],
)
def test_a_gain_in_decisions_alone_is_a_moved_threshold(auc, kind, said):
    gains = {"accuracy": {"b": (0.12, 0.02)}, "roc_auc": {"b": (auc, 0.004)}}
    found = made(gains, metric_kinds_={"accuracy": "decisions", "roc_auc": kind})
    if said is None:
        assert found.remarks_ == ()
    else:
        (remark,) = found.remarks_
        assert said in remark
        assert remark.startswith("b gains 0.120 in accuracy and nothing beyond noise")
        assert remark in found.to_dict()["notes"]
        assert remark in found._repr_html_()


def test_no_gain_in_decisions_needs_no_remark():
    gains = {"accuracy": {"b": (0.01, 0.02)}, "roc_auc": {"b": (0.0, 0.004)}}
    assert made(gains, metric_kinds_=KINDS).remarks_ == ()


def test_several_remedies_share_a_remark_and_a_tuned_threshold_needs_none():
    sure = (0.12, 0.02)
    gains = {
        "accuracy": {"b": sure, "u": sure, "move the threshold": sure},
        "roc_auc": dict.fromkeys(["b", "u", "move the threshold"], (0.0, 0.01)),
    }
    found = made(gains, metric_kinds_=KINDS)
    found.candidates_["move the threshold"] = TunedThresholdClassifierCV(
        LogisticRegression()
    )
    (remark,) = found.remarks_
    assert remark.startswith("b and u gain 0.120 and 0.120 in accuracy and nothing")
    assert "they move the threshold and rank no better" in remark


def test_a_ranking_tells_more_than_probabilities(found):
    gains = dict(GAINS, neg_log_loss=GAINS["roc_auc"])
    kinds = {**KINDS, "neg_log_loss": "probabilities"}
    (remark,) = made(gains, metric_kinds_=kinds).remarks_
    assert "nothing beyond noise in roc_auc (-0.0020)" in remark
    assert "neg_log_loss" not in remark


def test_decisions_alone_are_told_what_to_ask(found):
    (remark,) = made({"accuracy": GAINS["accuracy"]}, metric_kinds_=KINDS).remarks_
    assert "beside roc_auc" in remark


def test_remarks_after_verification_name_their_labels(verified):
    (remark,) = replace(verified, metric_kinds_=KINDS).remarks_
    assert remark.startswith("on the given labels balance gains")


def test_a_balanced_fit_is_told_from_a_better_ranking():
    X, y = make_classification(1500, 4, weights=[0.9], class_sep=0.5, random_state=0)
    found = compare_remedies(
        LogisticRegression(),
        {"balance": ClassBalanceWeighter()},
        X,
        y,
        cv=5,
        scoring={"mine": "balanced_accuracy", "area": "roc_auc"},
        random_state=0,
    )
    assert found.metric_kinds_ == {"mine": "decisions", "area": "ranking"}
    assert found.best_ == "balance"
    assert "nothing beyond noise in area" in found.remarks_[0]


# -- width -------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1, 1e9, 1e-5, 1e-9])
def test_eighty_columns_hold_all_and_names_stay_whole(scale):
    names = ["deduplicate, prune labels, balance", "deduplicate, prune labels, shift"]
    names += ["", "x" * 300, "a b c " * 40, "漢字 " * 20]
    gains = dict.fromkeys(names, (0.12345 * scale, 0.02 * scale))
    found = made(
        {"a metric " * 20: gains},
        base=-3 * scale,
        order=["a metric " * 20],
        seconds_=dict.fromkeys(names, 12345.6),
    )
    advice = {"a metric " * 20: dict.fromkeys(names, -0.123 * scale)}
    found = expecting(found, advice)
    lines = repr(found).splitlines()
    wide = [sum(1 + ("\u2e80" < c < "\ua000") for c in line) for line in lines]
    assert max(wide) <= 80
    if scale == 1:
        start = next(i for i, line in enumerate(lines) if line.startswith("remedy"))
        shown = [re.sub(r"\s{2,}.*", "", line.strip()) for line in lines[start:]]
        assert all(name in " ".join(shown) for name in names[:2])


# -- seconds -----------------------------------------------------------------------


def test_the_time_of_a_remedy_is_the_sum_over_its_splits(monkeypatch):
    ticks = iter(range(1000))
    monkeypatch.setattr(_held_out, "perf_counter", lambda: next(ticks))
    X, y = make_classification(60, random_state=0)
    found = compare_remedies(
        LogisticRegression(), {"b": ClassBalanceWeighter()}, X, y, cv=3
    )
    assert found.seconds_ == {"nothing": 3, "b": 3}
    assert list(found.to_frame()["seconds"]) == [3, 3]


# -- the figure --------------------------------------------------------------------


@pytest.fixture
def plt():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    yield pytest.importorskip("matplotlib.pyplot")
    sys.modules["matplotlib.pyplot"].close("all")


def drawn(errorbar):
    line, _, (bars,) = errorbar.lines
    none = np.full((2, 2), np.nan)
    segments = [s if len(s) else none for s in bars.get_segments()]
    ends = np.array([segment[:, 0] for segment in segments])
    return np.column_stack([line.get_xdata(), ends])


def test_the_figure_shows_the_table(plt, found, verified):
    display = RemedyComparisonDisplay.from_comparison(found)
    rows = [row for row in found.table_ if row["remedy"] != "nothing"]
    numbers = [[row[k] for k in ("gain", "lower", "upper")] for row in rows]
    (errorbar,) = display.errorbars_
    np.testing.assert_allclose(drawn(errorbar), numbers)
    names = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert names == ["balance", "prune"]
    assert [t.get_text() for t in display.text_] == ["+0.120", "+0.030"]
    assert display.ax_.get_title().startswith("balance gains 0.120 in accuracy")
    assert display.ax_.get_legend() is None
    left, right = display.ax_.get_xlim()
    assert left < 0 < right
    both = RemedyComparisonDisplay.from_comparison(verified)
    true, given = both.errorbars_
    row = verified.table(labels="true")[0]
    numbers = [row[k] for k in ("gain", "lower", "upper")]
    np.testing.assert_allclose(drawn(true)[0], numbers)
    assert list(both.gains) == [true.get_label(), given.get_label()]
    assert true.get_label() == "on the true labels, from 50 verified rows"
    assert true.lines[0].get_xdata()[0] == 0.09
    assert true.lines[0].get_marker() != given.lines[0].get_marker()
    other = RemedyComparisonDisplay.from_comparison(verified, metric="roc_auc")
    assert list(other.gains) == ["on the given labels"]
    assert "roc_auc" in other.ax_.get_xlabel()


def test_zero_is_always_in_sight(plt):
    far = made({"accuracy": {"b": (5.0, 0.01)}})
    low, high = RemedyComparisonDisplay.from_comparison(far).ax_.get_xlim()
    assert low < 0 < 5 < high


def test_nothing_of_the_figure_overlaps_or_is_cut(plt):
    names = ["remove duplicates, prune labels, balance", "of $5 and $6", "x" * 90]
    gains = dict.fromkeys([*names, *"abcdefgh"], (0.1, 0.02))
    found = made({"accuracy": gains})
    every = found.table_
    true = {row["remedy"]: 0.5 for row in every}
    tests = {name: paired(0.05, 0.01) for name in gains}
    found = replace(
        found, true_tests_={"accuracy": tests}, true_means_={"accuracy": true}
    )
    display = RemedyComparisonDisplay.from_comparison(found)
    figure = display.figure_
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    for texts in (display.ax_.get_yticklabels(), sorted_by_place(display.text_)):
        boxes = [text.get_window_extent(renderer) for text in texts]
        assert not any(a.overlaps(b) for a, b in pairwise(boxes))
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    assert (box.x0, box.y0) > (-0.01, -0.01)
    assert box.x1 < width
    assert box.y1 < height
    legend = display.ax_.get_legend().get_window_extent(renderer)
    lowest = display.errorbars_[-1].lines[0]
    x, y = lowest.get_xdata()[-1], lowest.get_ydata()[-1]
    assert legend.y1 < display.ax_.transData.transform((x, y))[1]


def sorted_by_place(texts):
    return sorted(texts, key=lambda text: text.get_position()[1])


def test_a_remedy_without_a_test_has_a_dot(plt, verified):
    display = RemedyComparisonDisplay.from_comparison(verified)
    true = display.errorbars_[0].lines[0]
    np.testing.assert_allclose(true.get_xdata(), [0.09, -0.01])
    unknown = Interval(math.nan, math.nan, math.nan, "")
    display = RemedyComparisonDisplay(["b"], {"nowhere": [unknown]}).plot()
    display.figure_.canvas.draw()
    assert display.text_[0].get_text() == ""


def test_the_figure_goes_where_it_is_told(plt, found):
    _, ax = plt.subplots()
    assert RemedyComparisonDisplay.from_comparison(found, ax=ax).ax_ is ax


@pytest.mark.parametrize(
    ("names", "gains", "said"),
    [
        (["a"], {"given": [0.1]}, "gains holds 0.1"),
        (["a", "b"], {"given": [Interval(0, 0, 0, "m")]}, "one interval per name"),
        ([], {"given": []}, "one remedy or more"),
        (["a"], {}, "one interval per name"),
        (["a"], {k: [Interval(0, 0, 0, "m")] for k in "xyz"}, "two kinds of labels"),
    ],
)
def test_what_cannot_be_drawn_is_refused(plt, names, gains, said):
    with pytest.raises(ValueError, match=said):
        RemedyComparisonDisplay(names, gains).plot()


def test_only_a_comparison_is_drawn(plt):
    with pytest.raises(ValueError, match="is no RemedyComparison"):
        RemedyComparisonDisplay.from_comparison(SimpleNamespace())
    alone = made({"accuracy": {}})
    with pytest.raises(ValueError, match="one remedy or more"):
        RemedyComparisonDisplay.from_comparison(alone)


def test_without_matplotlib_the_extra_is_named(monkeypatch, found):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"skdataquality\[plot\]"):
        RemedyComparisonDisplay.from_comparison(found)
