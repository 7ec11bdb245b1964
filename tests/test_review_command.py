"""Labels reviewed sheet by sheet, until it no longer pays: function and command."""

import csv
import io
import json
import os
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from typer.testing import CliRunner

from skdataquality.cli._app import app
from skdataquality.report import write_sheet
from skdataquality.review import LabelReviewQueue
from skdataquality.workflows import audit_table, query_table, review_rounds

MODEL = "sklearn.linear_model:LogisticRegression"
OF_KIND = ("--label", "kind", "--estimator", MODEL)
REVIEW = ("review", "train.csv", *OF_KIND)
LR = LogisticRegression()
DRAW = (*REVIEW, "--batch", "30", "--sheet", "batch1.csv")


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


def made(n=240, *, wrong=24, seed=0, names=("ham", "spam")):
    """A table of which the first labels are wrong, and its true labels."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    frame = pd.DataFrame({"size": (rng.normal(size=n) + 4 * truth).round(3)})
    frame["other"] = rng.normal(size=n).round(3)
    given = truth.copy()
    given[:wrong] = 1 - given[:wrong]
    names = np.array(names)
    frame["kind"] = names[given]
    return frame, names[truth]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made()[0].to_csv("train.csv", index=False)
    return tmp_path


def fill(path, truth, *, rows=slice(None), delimiter=","):
    """Answer some lines as the truth has it, and save as Excel does."""
    text = Path(path).read_text("utf-8-sig")
    head, *body = csv.reader(io.StringIO(text, newline=""))
    for line in body[rows]:
        line[-2] = str(truth[int(line[0])])
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=delimiter).writerows([head, *body])


def rows_of(path):
    return pd.read_csv(path).input_row.tolist()


# ------------------------------------------------------------------- the loop
def test_batch_after_batch_until_it_no_longer_pays(folder):
    frame, truth = made()
    before = (folder / "train.csv").read_bytes()
    said = run(*REVIEW, "--batch", "15", "--sheet", "batch1.csv")
    assert said.exit_code == 0, said.output
    assert "15 rows to check next, 1 of them random" in said.stdout
    seen, k = [], 1
    while (folder / f"batch{k}.csv").exists():
        seen += rows_of(f"batch{k}.csv")
        fill(f"batch{k}.csv", truth, delimiter=";")
        lines = [shlex.split(x) for x in said.stdout.splitlines() if "--verified" in x]
        on, _ = lines
        said = run(*on[1:])
        assert said.exit_code == 0, said.output
        k += 1
    assert k > 2
    assert "Reviewing no longer pays: about" in said.stdout
    assert "wrong labels remain" in " ".join(said.stdout.split())
    assert "No sheet is written." in said.stdout
    assert max(map(len, said.stdout.splitlines())) <= 80
    assert len(set(seen)) == len(seen)
    last = f"batch{k - 1}.csv"
    fixed = run(*REVIEW, "--verified", last, "--output", "fixed.csv")
    assert fixed.exit_code == 0, fixed.output
    corrected = pd.read_csv("fixed.csv")
    expected = frame.assign(kind=np.where(frame.index.isin(seen), truth, frame.kind))
    pd.testing.assert_frame_equal(corrected, expected, check_dtype=False)
    assert (corrected.kind != truth).sum() <= 2
    assert (folder / "train.csv").read_bytes() == before


def test_the_last_sheet_suffices_and_all_of_them_say_the_same(folder):
    truth = made()[1]
    run(*DRAW)
    fill("batch1.csv", truth)
    on = ("--verified", "batch1.csv", "--batch", "20", "--cost", "0")
    assert run(*REVIEW, *on, "--sheet", "batch2.csv").exit_code == 0
    fill("batch2.csv", truth)
    last = ("--verified", "batch2.csv", "--batch", "10")
    both = ("--verified", "batch1.csv", *last)
    swapped = (*last, "--verified", "batch1.csv")
    cost = ("--cost", "0", "--json")
    found = []
    for k, verified in enumerate((last, both, swapped)):
        result = run(*REVIEW, *verified, "--sheet", f"next{k}.csv", *cost, f"{k}.json")
        assert result.exit_code == 0, result.output
        found.append(json.loads((folder / f"{k}.json").read_text()))
    assert found[0] == found[1]
    assert [s["sheet"] for s in found[0]["sheets"]] == ["batch1.csv", "batch2.csv"]
    assert [s["checked"] for s in found[0]["sheets"]] == [30, 20]
    assert sorted(found[2]["rows"]) == sorted(found[0]["rows"])
    assert (folder / "next0.csv").read_bytes() == (folder / "next1.csv").read_bytes()
    assert not set(rows_of("next0.csv")) & {
        *rows_of("batch1.csv"), *rows_of("batch2.csv")
    }  # fmt: skip


def test_the_rows_are_those_of_the_queue(folder):
    frame, truth = made()
    X = frame[["size", "other"]]
    review = review_rounds(frame, "kind", estimator=LR, n_rows=30)
    run(*DRAW)
    assert rows_of("batch1.csv") == review.plan.rows.tolist()
    answers = review.plan.verified(truth[review.plan.rows])
    on = review_rounds(frame, "kind", estimator=LR, n_rows=30, verified=answers)
    fill("batch1.csv", truth)
    from_file = review_rounds(
        frame, "kind", estimator=LR, n_rows=30, verified="batch1.csv"
    )
    assert from_file.stop == on.stop
    assert from_file.mended.tolist() == on.mended.tolist()
    assert from_file.sheet_options["design"]["earlier"][0]["name"] == "batch1.csv"
    seed = _seed_of(frame)
    queue = LabelReviewQueue(LR, batch_size=30, random_state=seed).fit(X, frame.kind)
    assert queue.next_batch().rows.tolist() == review.plan.rows.tolist()
    queue.submit(queue.next_batch().verified(truth[review.plan.rows]))
    assert on.stop == queue.stop_
    assert on.mended.tolist() == queue.labels_.tolist()


def _seed_of(frame):
    from skdataquality.diagnosis._inputs import prepare

    return prepare(
        frame, "kind", X_target=None, sources=None, groups=None, ids=(), time=None,
        max_rows=None, n_jobs=None, random_state=0,
    ).seed  # fmt: skip


def test_the_same_seed_gives_the_same_sheet(folder):
    run(*DRAW)
    first = [(folder / n).read_bytes() for n in ("batch1.csv", "batch1.plan.json")]
    again = run(*DRAW)
    assert again.exit_code == 2
    assert "batch1.csv exists: choose another name" in again.stderr
    run(*DRAW, "--overwrite")
    assert first == [
        (folder / n).read_bytes() for n in ("batch1.csv", "batch1.plan.json")
    ]


def test_nothing_in_the_sheet_tells_what_models_think(folder):
    run(*DRAW)
    head = pd.read_csv("batch1.csv").columns.tolist()
    assert head[:4] == ["input_row", "size", "other", "given kind"]
    assert len(head) == 6


# ------------------------------------------------------------- answers of any kind
def test_a_wrong_label_whose_right_one_is_not_known_stays(folder):
    frame, truth = made()
    frame.loc[200:, "kind"] = "eggs"
    frame.loc[200:, "size"] += 20
    frame.to_csv("train.csv", index=False)
    run(*DRAW)
    answers = np.where(truth == frame.kind, "no", "yes").astype(object)
    answers[200:] = "no"
    asked = rows_of("batch1.csv")
    wrong = [row for row in asked if answers[row] == "yes"]
    answers[wrong[0]], answers[wrong[1]] = truth[wrong[0]], "?"
    fill("batch1.csv", answers)
    told = run(*REVIEW, "--verified", "batch1.csv", "--output", "fixed.csv")
    assert told.exit_code == 0, told.output
    assert f"Of {len(wrong) - 2} wrong ones the right label is not known" in told.stdout
    assert "1 label corrected" in told.stdout
    kinds = pd.read_csv("fixed.csv").kind
    changed = np.flatnonzero(kinds != frame.kind)
    assert changed.tolist() == [wrong[0]]


def test_rows_without_an_answer_come_back_and_those_nobody_can_tell_do_not(folder):
    truth = made()[1].astype(object)
    run(*DRAW)
    asked = rows_of("batch1.csv")
    truth[asked[0]] = "?"
    fill("batch1.csv", truth, rows=slice(0, 10))
    every = ("--batch", "500", "--cost", "0")
    on = run(*REVIEW, "--verified", "batch1.csv", "--sheet", "batch2.csv", *every)
    assert on.exit_code == 0, on.output
    assert sorted(rows_of("batch2.csv")) == sorted(set(range(240)) - set(asked[:10]))


def test_blanks_that_may_be_right_are_asked_about(folder):
    frame, truth = made()
    run(*DRAW)
    marks = np.where(truth == frame.kind, "", "yes")
    fill("batch1.csv", marks)
    verified = (*REVIEW, "--verified", "batch1.csv", "--json", "-")
    asked = run(*verified)
    assert asked.exit_code == 3
    assert "Pass --blank right if" in asked.stderr
    told = json.loads(run(*verified, "--blank", "right").stdout)
    assert told["sheets"][0]["checked"] == 30


def test_answers_of_an_audit_mend_their_rows_and_are_not_asked_again(folder):
    frame, truth = made()
    audit = audit_table(frame, "kind", n_rows=40)
    write_sheet("audit.csv", frame, audit.plan, "kind", **audit.sheet_options)
    fill("audit.csv", truth)
    on = run(*REVIEW, "--verified", "audit.csv", "--sheet", "b.csv", "--cost", "0")
    assert on.exit_code == 0, on.output
    assert not set(rows_of("b.csv")) & set(audit.plan.rows.tolist())
    # its rows were not drawn as those of a batch are, and say nothing of what remains
    line = next(x for x in on.stdout.splitlines() if x.startswith("audit.csv"))
    assert line.split()[3:] == ["0", "0", "0"]


@pytest.mark.parametrize("names", [(0, 1), (False, True), ("yes", "no"), (1.0, 1.5)])
def test_labels_of_any_type(folder, names):
    frame, truth = made(names=names)
    frame.to_csv("train.csv", index=False)
    task = ("--task", "classification") if names == (1.0, 1.5) else ()
    assert run(*DRAW, *task).exit_code == 0
    fill("batch1.csv", truth)
    done = run(*REVIEW, *task, "--verified", "batch1.csv", "--output", "fixed.csv")
    assert done.exit_code == 0, done.output
    asked = rows_of("batch1.csv")
    assert pd.read_csv("fixed.csv").kind[asked].tolist() == truth[asked].tolist()


def test_rows_without_a_label_are_not_asked_about(folder):
    frame, truth = made()
    frame.loc[::4, "kind"] = None
    frame.to_csv("train.csv", index=False)
    run(*DRAW)
    assert all(row % 4 for row in rows_of("batch1.csv"))
    fill("batch1.csv", truth)
    done = run(*REVIEW, "--verified", "batch1.csv", "--output", "fixed.csv")
    assert done.exit_code == 0, done.output
    assert "30 of 180 labels checked" in done.stdout
    assert pd.read_csv("fixed.csv").kind.isna().sum() == 60


def test_of_a_large_table_a_random_part_is_reviewed(folder):
    frame, truth = made(400)
    review = review_rounds(frame, "kind", estimator=LR, n_rows=30, max_rows=150)
    assert review.n_reviewed == 150
    assert any("models see 150 of 400 rows" in note for note in review.notes)
    answers = review.plan.verified(truth[review.plan.rows])
    on = review_rounds(frame, "kind", estimator=LR, verified=answers, max_rows=150)
    asked = review.plan.rows
    assert on.mended[asked].tolist() == truth[asked].tolist()
    with pytest.raises(ValueError, match="not among the 150 reviewed now: pass the"):
        review_rounds(
            frame, "kind", estimator=LR, verified=answers, max_rows=150, random_state=1
        )


def test_columns_that_give_the_label_away_and_roles_are_no_features(folder):
    frame, _ = made()
    frame["leak"] = (frame.kind == "ham").map({True: 7, False: 9})
    frame["nr"] = np.arange(len(frame)) + 1000
    review = review_rounds(frame, "kind", estimator=LR, n_rows=30, ids=["nr"])
    assert any("leak" in note for note in review.notes)
    plain = review_rounds(
        frame[["size", "other", "kind"]], "kind", estimator=LR, n_rows=30
    )
    assert sorted(review.plan.rows) == sorted(plain.plan.rows)


# ------------------------------------------------------------------------- one line
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "review needs --sheet FILE"),
        (("--sheet", "-"), "not stdout"),
        (("--sheet", "a.xlsx"), "must end in .csv, .tsv or .txt"),
        (("--sheet", "train.csv"), "is an input"),
        (("--sheet", "a.csv", "--output", "b.csv"), "--output goes with --verified"),
        (("--sheet", "a.csv", "--blank", "right"), "--blank goes with --verified"),
        (("--verified", "a.csv", "--batch", "3"), "--batch goes with --sheet"),
        (("--verified", "nowhere.csv", "--output", "b.csv"), "does not exist"),
        (("--verified", "train.csv", "--output", "-"), "not to stdout"),
        (("--verified", "train.csv", "--json", "-"), "no line with a key"),
        (("--sheet", "a.csv", "--id", "nr"), "'nr' is not a column"),
    ],
)
def test_wrong_use(folder, arguments, said):
    result = run(*REVIEW, *arguments)
    assert result.exit_code in (2, 3), result.output
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert os.listdir() == ["train.csv"]


def test_labels_that_cannot_be_reviewed(folder):
    frame, _ = made()
    frame.assign(kind="ham").to_csv("one.csv", index=False)
    frame.assign(kind=None).to_csv("none.csv", index=False)
    for name, label, said in (
        ("train.csv", "size", "is a quantity, and a review is of labels"),
        ("train.csv", "kin", "did you mean 'kind'?"),
        ("one.csv", "kind", "1 class"),
        ("none.csv", "kind", "no row has a label"),
    ):
        result = run("review", name, "-l", label, "--sheet", "a.csv")
        assert result.exit_code == 3
        assert said in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1
    assert not (folder / "a.csv").exists()


def test_a_sheet_of_another_batch_job_or_table(folder):
    frame, truth = made()
    run(*DRAW)
    fill("batch1.csv", truth)
    on = ("--verified", "batch1.csv", "--sheet", "batch2.csv", "--cost", "0")
    assert run(*REVIEW, *on).exit_code == 0
    fill("batch2.csv", truth)
    plan = ("--plan", "batch1.plan.json")
    result = run(*REVIEW, "--verified", "batch2.csv", *plan, "--json", "-")
    assert result.exit_code == 3
    assert "batch2.csv was written for the plan" in result.stderr
    (folder / "batch2.plan.json").unlink()
    result = run(*REVIEW, "--verified", "batch2.csv", "--json", "-")
    assert "batch2.plan.json is missing" in result.stderr
    unlabelled = frame.assign(kind=frame.kind.where(frame.index < 200))
    query = query_table(unlabelled, "kind", n_rows=5)
    write_sheet("next.csv", unlabelled, query.plan, "kind", **query.sheet_options)
    fill("next.csv", truth)
    unlabelled.to_csv("part.csv", index=False)
    result = run("review", "part.csv", "-l", "kind", "--verified", "next.csv")
    assert "next.csv was written for a query, not for a review" in result.stderr
    frame[:200].to_csv("train.csv", index=False)
    result = run(*REVIEW, "--verified", "batch1.csv", "--json", "-")
    assert "a table with 240 rows and this one has 200" in result.stderr


def test_a_row_answered_in_two_sheets(folder):
    truth = made()[1]
    run(*DRAW)
    run(*REVIEW, "--batch", "20", "--sheet", "other.csv")  # before the first is done
    fill("batch1.csv", truth)
    fill("other.csv", truth)
    two = ("--verified", "batch1.csv", "--verified", "other.csv")
    result = run(*REVIEW, *two, "--json", "-")
    assert result.exit_code == 3
    assert "batch1.csv and other.csv both answer input_row" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    same = run(*REVIEW, *two[:2], *two[:2], "--json", "-")
    assert "batch1.csv and batch1.csv are the same sheet" in same.stderr


def test_names_from_outside_are_shown_as_text():
    frame, truth = made(names=("<b>|*x*\x1b[31m", "=1+1\n2"))
    label = "<i>k|\x1b"
    frame = frame.rename(columns={"kind": label})
    review = review_rounds(frame, label, estimator=LR, n_rows=20)
    answers = review.plan.verified(truth[review.plan.rows])
    found = review_rounds(frame, label, estimator=LR, verified=answers)
    for text in (str(review), str(found), repr(found)):
        assert "\x1b" not in text
    assert "<i>" not in found._repr_html_()
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))
