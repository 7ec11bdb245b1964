"""What has one name is one number, wherever it is shown."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from skdataquality import diagnose
from skdataquality.cli._app import app
from skdataquality.label_noise import (
    LabelErrorDetector,
    _declared,
    find_label_issues,
    label_error_rate,
    label_noise_lens,
)
from skdataquality.leakage import leakage_lens
from skdataquality.report._markdown import escaped
from skdataquality.utils._draws import draw_seed
from skdataquality.workflows import check_gates, fix_table, review_table

DEPTHS = ("standard", "thorough")


def made(n=300, seed=0):
    """Wrong labels, copies of some of them, rows without a label, a leak, an index."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 3)).round(4), columns=list("abc"))
    side = frame.a + frame.b + 0.2 * rng.normal(size=n) > 0
    side[:25] = ~side[:25]
    frame["clinic"] = np.where(np.arange(n) % 3, "x", "y")
    frame["label"] = np.where(side, "+", "-")
    frame["row_id"] = rng.permutation(n)
    frame = pd.concat([frame, frame[:8], frame[100:110]], ignore_index=True)
    frame.loc[[40, 90], "label"] = None
    return frame


@pytest.fixture(scope="module", params=DEPTHS)
def views(request, tmp_path_factory):
    """The same table in every view, the probabilities that it rests on among them."""
    folder, seen = tmp_path_factory.mktemp("views"), {}
    made().to_csv(folder / "t.csv", index=False)

    def spy(y, proba, **options):
        seen["y"], seen["proba"] = y, proba
        return label_noise_lens(y, proba, **options)

    options = ["-l", "label", "--source", "clinic", "--depth", request.param]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_declared, "label_noise_lens", spy)
        report = diagnose(
            pd.read_csv(folder / "t.csv"),
            "label",
            sources=["clinic"],
            depth=request.param,
        )
    for command, more in {
        "diagnose": ["--json", folder / "r.json"],
        "fix": ["--review", folder / "review.csv"],
    }.items():
        result = run(command, folder / "t.csv", *options, *more)
        seen[command] = " ".join(result.stdout.split())
    seen["json"] = json.loads((folder / "r.json").read_text())
    seen["review.csv"] = pd.read_csv(folder / "review.csv")
    seen["lineage"] = pd.read_csv(folder / "t.lineage.csv")
    seen["review"] = review_table(
        made(), "label", sources=["clinic"], depth=request.param
    )
    return request.param, report, seen


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    return result


def test_the_label_error_rate_is_one_number(views):
    _, report, seen = views
    rate = label_error_rate(seen["y"], seen["proba"], random_state=0).overall
    assert report.lenses["label_noise"].numbers["label_error_rate"] == rate
    shown = seen["json"]["lenses"]["label_noise"]["numbers"]["label_error_rate"]
    assert shown == rate.to_dict()
    for bound in ("lower", "estimate", "upper"):
        gate = check_gates(report, [f"label_error_rate.{bound} > 0.05"]).gates[0]
        assert gate.metric == "label_noise.label_error_rate"
        assert gate.observed == getattr(rate, bound)
        assert gate.interval == rate


def test_flagged_rows_are_counted_alike(views):
    _, report, seen = views
    lens = report.lenses["label_noise"]
    n = lens.numbers["flagged_rows"]
    assert n > 20
    assert n == lens.flagged.sum() == len(lens.review)
    assert n == seen["json"]["lenses"]["label_noise"]["numbers"]["flagged_rows"]
    by_class = lens.evidence["classes"]
    counted = sum(line["rows"] * line["flagged_share"].estimate for line in by_class)
    assert counted == pytest.approx(n)
    assert lens.evidence["flagged rows, worst first"] == lens.review[:10]
    assert lens.evidence_rows["flagged rows, worst first"] == n
    assert f"(first 10 of {n}; rows numbered from 0)" in report.to_markdown()
    frame = report.to_frame("label_noise")
    assert sorted(frame.row) == np.flatnonzero(lens.flagged).tolist()
    review = seen["review"]
    assert len(review) == n
    assert review.attrs["verdict"] == lens.verdict == "found"
    dropped = seen["lineage"].query("fate == 'dropped'").input_row
    n_gone = int(review.input_row.isin(dropped).sum())
    assert n_gone > 0
    assert f"review {n - n_gone} labels look wrong; none was changed" in seen["fix"]
    gone = f"{n_gone} more on rows that were dropped, so a diagnosis flags {n}"
    assert gone in seen["fix"]


def test_each_count_says_its_rule_in_every_view(views):
    """Rows that are flagged, that disagree, that repeat: three words, three rules."""
    _, report, seen = views
    numbers = {
        "label_noise": ("flagged_rows", "disagreeing_rows", "undecidable_rows"),
        "duplicates": ("repeated_rows", "near_rows"),
    }
    html, markdown = report._repr_html_(), report.to_markdown()
    for lens, names in numbers.items():
        rules = {n: report.lenses[lens].units[n].counts for n in names}
        assert len(set(rules.values())) == len(names)
        for name, rule in rules.items():
            value, words = report.lenses[lens].numbers[name], name.replace("_", " ")
            assert seen["json"]["lenses"][lens]["units"][name]["counts"] == rule
            assert f"| {words} | {value} | {escaped(rule)} |" in markdown
            assert f"{words}: {value} ({rule})" in html
            gate = check_gates(report, [f"{lens}.{name} > 1e6"]).gates[0]
            assert gate.reason.endswith(f"Counted: {rule}.")
            assert gate.observed == value
    lens = report.lenses["label_noise"]
    shown = f"{lens.numbers['flagged_rows']} ({lens.units['flagged_rows'].counts})"
    assert shown in seen["diagnose"]
    step = next(step for step in report.plan if step["lens"] == "label_noise")
    assert "probably wrong, among those flagged" in step["expect"]
    assert "exact copies of rows dropped (features and label equal)" in seen["fix"]


def test_the_review_file_holds_every_flagged_row(views):
    _, report, seen = views
    lens = report.lenses["label_noise"]
    written, gone = seen["review.csv"].input_row, seen["lineage"]
    gone = set(gone.query("fate == 'dropped'").input_row)
    assert set(written) == set(np.flatnonzero(lens.flagged)) - gone
    assert len(written) > 10
    assert "input_row is 0 for the first row below the header" in seen["fix"]


def test_the_review_is_that_of_the_lens(views):
    _, report, seen = views
    review = seen["review"]
    lens = report.lenses["label_noise"].review
    assert review.input_row.tolist() == [line["row"] for line in lens]
    assert review.given.tolist() == made().label[review.input_row].tolist()
    assert review.suggested.tolist() == [line["suggested"] for line in lens]
    assert review.quality.is_monotonic_increasing
    written = seen["review.csv"]
    kept = review[review.input_row.isin(written.input_row)]
    assert written.input_row.tolist() == kept.input_row.tolist()
    assert written.quality.tolist() == kept.quality.tolist()


def test_flags_are_those_of_the_function_or_of_the_detector(views):
    depth, report, seen = views
    frame = made().dropna(subset="label").reset_index(drop=True)
    if depth == "standard":
        flags = find_label_issues(seen["y"], seen["proba"])
    else:
        detector = LabelErrorDetector(random_state=draw_seed(0))
        flags = detector.fit(frame[["a", "b", "c"]], frame.label).issue_mask_
    mask = report.lenses["label_noise"].flagged
    is_labelled = made().label.notna()
    np.testing.assert_array_equal(mask[is_labelled], flags)
    assert not mask[~is_labelled].any()


def test_a_seed_is_the_same_for_the_leaks_of_every_view(monkeypatch):
    seeds = []

    def spy(*tables, random_state, **options):
        seeds.append(random_state)
        return leakage_lens(*tables, random_state=random_state, **options)

    monkeypatch.setattr("skdataquality.leakage._declared.leakage_lens", spy)
    monkeypatch.setattr("skdataquality.workflows._fix_table.leakage_lens", spy)
    diagnose(made(150), "label", random_state=3)
    fix_table(made(150), "label", random_state=3)
    assert len(seeds) == 2
    assert seeds[0] == seeds[1]
