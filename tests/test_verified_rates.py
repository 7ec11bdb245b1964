"""A rate from verified rows is unbiased and covers, whatever the model."""

import numpy as np
import pandas as pd
import pytest

from skdataquality import diagnose
from skdataquality.label_noise import LabelAudit, label_error_rate, label_noise_lens
from skdataquality.label_noise._audit._plan import plan_from_design
from skdataquality.verified import VerifiedLabels
from skdataquality.workflows import check_gates, review_table

N = 1200


def table(seed=0, rate=0.1, n=N):
    """Given labels, true ones and the probabilities of a good model."""
    rng = np.random.default_rng(seed)
    p = rng.beta(0.3, 0.3, n)
    truth = (rng.random(n) < p).astype(int)
    return np.where(rng.random(n) < rate, 1 - truth, truth), truth, p


def both(p):
    return np.column_stack([1 - p, p])


MODELS = {
    "good": lambda p, rng: p,
    "useless": lambda p, rng: rng.beta(0.3, 0.3, p.size),
    "inverted": lambda p, rng: 1 - p,
}


def audited(y, truth, proba, n_rows=100, seed=0):
    """Verified labels of an audit whose reviewer knows the truth."""
    plan = LabelAudit(n_rows, random_state=seed).plan(y, proba)
    return answers(plan, y, truth)


def answers(plan, y, truth, answered=None):
    """Verified labels of a reviewer who stops after so many rows."""
    done = plan.rows[:answered]
    return VerifiedLabels(
        done,
        truth[done],
        plan.inclusion_probability[:answered],
        unanswered=plan.rows[done.size :],
        given=y[done],
        purpose="audit",
        n_rows=y.size,
    )


Y, TRUTH, P = table()
AUDIT = audited(Y, TRUTH, both(P))


@pytest.mark.filterwarnings("ignore:the labels agree with the columns")  # inverted
@pytest.mark.parametrize(
    ("model", "answered"),
    [("good", None), ("useless", None), ("useless", 60), ("inverted", None)],
)
def test_the_interval_covers_whatever_the_model(model, answered):
    rng = np.random.default_rng(1)
    proba = both(MODELS[model](P, rng))
    design = LabelAudit(100)._design(Y, proba, np.ones(N, dtype=bool), np.arange(2))
    draws = np.random.RandomState(0)
    truth, ends = (Y != TRUTH).mean(), []
    for _ in range(200):
        plan = plan_from_design(
            *design, codes=Y, classes=np.arange(2), random_state=draws
        )
        verified = answers(plan, Y, TRUTH, answered)
        rate = label_error_rate(Y, proba, verified=verified).overall
        ends.append((rate.estimate, rate.lower, rate.upper))
    estimate, lower, upper = np.array(ends).T
    assert np.mean((lower <= truth) & (truth <= upper)) >= 0.93
    assert abs(estimate.mean() - truth) < 3.5 * estimate.std() / np.sqrt(200)


def test_it_is_the_estimate_of_the_plan():
    plan = LabelAudit(100, random_state=0).plan(Y, both(P))
    is_wrong = Y[plan.rows] != TRUTH[plan.rows]
    theirs = plan.estimate(plan.rows, is_wrong)
    ours = label_error_rate(Y, both(P), verified=AUDIT)
    for end in ("estimate", "lower", "upper"):
        assert getattr(ours.overall, end) == pytest.approx(getattr(theirs.overall, end))
    assert ours.overall.method == theirs.overall.method
    assert ours.basis == theirs.basis == "verified rows"
    for line, other in zip(ours.by_class, theirs.by_class, strict=True):
        assert line["rows"] == other["rows"]
        assert line["rate"].estimate == pytest.approx(other["rate"].estimate)
        assert line["rate"].lower <= other["rate"].estimate <= line["rate"].upper


def test_the_lens_has_the_number_of_the_function():
    lens = label_noise_lens(Y, both(P), verified=AUDIT)
    rate = label_error_rate(Y, both(P), verified=AUDIT).overall
    assert lens.numbers["label_error_rate"] == rate
    assert rate.method.startswith("verified rows")


@pytest.mark.parametrize(
    ("rate", "n_rows", "verdict"),
    [
        (0.15, 200, "found"),
        (0.01, 400, "clear"),
        (0.08, 100, "suspect"),
        (0.05, 30, "cannot tell"),
    ],
)
def test_the_verdict_rests_on_the_interval(rate, n_rows, verdict):
    y, truth, p = table(3, rate)
    verified = audited(y, truth, both(p), n_rows)
    lens = label_noise_lens(y, both(p), verified=verified)
    seen = lens.numbers["label_error_rate"]
    rule = {
        "found": seen.lower > 0.05,
        "clear": seen.upper <= 0.05,
        "suspect": 0.01 < seen.lower <= 0.05 < seen.upper,
        "cannot tell": seen.lower <= 0.01 and seen.upper > 0.05,
    }
    assert lens.verdict == verdict
    assert [word for word, holds in rule.items() if holds] == [verdict]
    assert (lens.numbers["rows_to_verify"] == 0) == (verdict in ("found", "clear"))
    assert bool(lens.remedies) == (verdict in ("found", "suspect"))
    assert lens.p_value is None


def test_the_rows_asked_for_mostly_decide():
    """Verifying as many rows more as are asked for settles the verdict."""
    y, truth, p = table(3, 0.08, n=2500)
    decided = []
    for seed in range(12):
        lens = label_noise_lens(
            y, both(p), verified=audited(y, truth, both(p), 60, seed)
        )
        if n := lens.numbers["rows_to_verify"]:
            more = audited(y, truth, both(p), 60 + n, seed + 100)
            again = label_noise_lens(y, both(p), verified=more)
            decided.append(again.verdict in ("found", "clear"))
    assert len(decided) > 3
    assert np.mean(decided) > 0.6


NO_RATE = {
    "comparison": {"inclusion_probability": [0.3] * 20, "purpose": "comparison"},
    "no plan drew": {},
    "a chance of its own": {"inclusion_probability": np.linspace(0.01, 0.03, 20)},
    "drawn from a part": {"inclusion_probability": [0.5] * 20},
}


@pytest.mark.parametrize("why", NO_RATE)
def test_rows_that_show_no_rate_leave_it_to_the_model(why):
    verified = VerifiedLabels(np.arange(20), TRUTH[:20], **NO_RATE[why])
    alone = label_noise_lens(Y, both(P))
    lens = label_noise_lens(Y, both(P), verified=verified)
    assert lens.verdict == alone.verdict
    assert lens.numbers["label_error_rate"] == alone.numbers["label_error_rate"]
    words = "tell remedies apart" if why == "comparison" else why
    assert any(words in said for said in lens.limits)
    assert label_error_rate(Y, both(P), verified=verified).basis == "model-based"
    n_wrong = int((Y[:20] != TRUTH[:20]).sum())
    assert lens.numbers["verified_wrong_rows"] == n_wrong
    assert any(f"{n_wrong} label" in said for said in lens.limits)
    assert len(lens.evidence["verified wrong"]) == n_wrong


def test_verified_rows_are_listed_nowhere_else():
    alone = label_noise_lens(Y, both(P))
    flagged = np.flatnonzero(alone.flagged)
    disagreeing = [line["row"] for line in alone.evidence["rows to verify"]]
    rows = np.union1d(flagged[::2], disagreeing[::2])
    verified = VerifiedLabels(rows, TRUTH[rows])
    lens = label_noise_lens(Y, both(P), verified=verified)
    assert not lens.flagged[rows].any()
    np.testing.assert_array_equal(
        np.flatnonzero(lens.flagged), np.setdiff1d(flagged, rows)
    )
    for title in ("flagged rows, worst first", "rows to verify"):
        assert not {line["row"] for line in lens.evidence[title]} & set(rows)
    assert len(lens.review) == lens.numbers["flagged_rows"] == lens.flagged.sum()


def test_permuting_rows_permutes_what_is_said():
    order = np.random.default_rng(5).permutation(N)
    place = np.argsort(order)
    moved = VerifiedLabels(
        place[AUDIT.rows], AUDIT.labels, AUDIT.inclusion_probability, purpose="audit"
    )
    first = label_noise_lens(Y, both(P), verified=AUDIT)
    second = label_noise_lens(Y[order], both(P)[order], verified=moved)
    assert (
        first.numbers["label_error_rate"].to_dict()
        == second.numbers["label_error_rate"].to_dict()
    )
    np.testing.assert_array_equal(first.flagged[order], second.flagged)


# ------------------------------------------------------------------------- diagnose


def framed(n=400, seed=0):
    """Wrong labels, rows without a label first and in the middle."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 3)).round(4), columns=list("abc"))
    side = frame.a + frame.b > 0
    truth = np.where(side, "yes", "no").astype(object)
    frame["label"] = np.where(rng.random(n) < 0.1, np.where(side, "no", "yes"), truth)
    frame.loc[[0, 1, 90], "label"] = None
    return frame, truth


@pytest.mark.parametrize("max_rows", [200, None])
def test_rows_are_those_of_the_table_as_it_is_passed(max_rows):
    frame, truth = framed()
    labelled = np.flatnonzero(frame.label.notna())
    rows = np.random.default_rng(1).choice(labelled, 80, replace=False)
    given = frame.label.to_numpy()[rows]
    verified = VerifiedLabels(
        rows, truth[rows], [80 / 397] * 80, given=given, n_rows=len(frame)
    )
    report = diagnose(frame, "label", verified=verified, max_rows=max_rows)
    lens = report.lenses["label_noise"]
    rate = lens.numbers["label_error_rate"]
    assert rate.estimate == pytest.approx((given != truth[rows]).mean())
    assert not lens.flagged[rows].any()
    listed = lens.evidence["verified wrong"]
    wrong = np.sort(rows[given != truth[rows]])
    assert [labelled[line["row"]] for line in listed] == wrong.tolist()
    assert [line["verified"] for line in listed] == truth[wrong].tolist()


def test_gates_read_the_verdicts_of_the_person():
    frame, truth = framed()
    rows = np.flatnonzero(frame.label.notna())[::9]
    chance = [rows.size / 397] * rows.size
    report = diagnose(
        frame, "label", verified=VerifiedLabels(rows, truth[rows], chance)
    )
    for given in (report, report.to_dict()):
        gates = check_gates(
            given, ["label_error_rate.upper > 0.9", "label_error_rate.lower > 0"]
        ).gates
        assert [gate.outcome for gate in gates] == ["passed", "failed"]
        assert all("verified rows" in gate.reason for gate in gates)


def test_a_number_that_holds_is_read_though_the_lens_cannot_tell():
    y, truth, p = table(3, 0.05)
    lens = label_noise_lens(y, both(p), verified=audited(y, truth, both(p), 30))
    assert lens.verdict == "cannot tell"
    report = {"lenses": {"label_noise": lens.to_dict()}}
    rate, floor = check_gates(
        report, ["label_error_rate.upper > 0.9", "noise_floor.upper > 0.9"]
    ).gates
    assert rate.outcome == "passed"
    assert floor.outcome == "cannot compute"


@pytest.mark.parametrize(
    ("verified", "message"),
    [
        (np.ones(400, dtype=bool), "pass VerifiedLabels"),
        (VerifiedLabels([400], ["yes"]), "verified holds row 400"),
        (VerifiedLabels([5], ["yes"], given=["maybe"]), "is of another table"),
    ],
)
def test_what_is_of_another_table_is_refused(verified, message):
    with pytest.raises(ValueError, match=message):
        diagnose(framed()[0], "label", verified=verified)


def test_a_sheet_that_is_not_read_yet_is_told_who_reads_it():
    frame = pd.DataFrame({"a": np.arange(60.0), "y": ["u", "v"] * 30})
    for ask in (diagnose, review_table):
        with pytest.raises(ValueError, match=r"verified is a str: .*read_verified\("):
            ask(frame, "y", verified="sheet.csv")


def test_labels_outside_the_classes_are_refused():
    """A verdict, such as False, would count as "the given label is wrong"."""
    frame = pd.DataFrame({"a": np.arange(60.0), "y": ["u", "v"] * 30})
    for ask in (diagnose, review_table):
        with pytest.raises(ValueError, match="False"):
            ask(frame, "y", verified=VerifiedLabels([3], [False]))
        with pytest.raises(ValueError, match="no class of y, first 'w' in row 3"):
            ask(frame, "y", verified=VerifiedLabels([3], ["w"]))


def test_a_quantity_takes_no_verified_labels():
    X = np.random.default_rng(0).normal(size=(200, 2))
    with pytest.raises(ValueError, match="the label is a quantity"):
        diagnose(X, X[:, 0] * 1.5, verified=VerifiedLabels([0], [1.0]))


def test_classes_that_are_numbers_are_told_as_the_report_spells_them():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 2))
    y = np.where(X[:, 0] > 0, 1.5, 0.5)
    verified = VerifiedLabels([3, 4], [y[3], 2.0 - y[4]])
    report = diagnose(X, y, task="classification", verified=verified)
    assert [
        line["row"] for line in report.lenses["label_noise"].evidence["verified wrong"]
    ] == [4]
