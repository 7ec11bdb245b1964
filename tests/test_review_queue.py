"""The review of given labels: what is asked, what answers do, what remains."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from skdataquality.exceptions import PoolExhaustedWarning
from skdataquality.lineage import Reason
from skdataquality.report import read_verified, write_sheet
from skdataquality.review import LabelReviewQueue, join_answers
from skdataquality.review._remaining import remaining_errors
from skdataquality.verified import VerifiedLabels

CLASSES = np.array(["cat", "dog", "owl"])


def table(n=150, wrong=30, seed=0):
    """Rows of three groups apart, true labels, and labels of which some are wrong."""
    rng = np.random.default_rng(seed)
    codes = np.arange(n) % 3
    X = rng.normal(size=(n, 2)) + 4 * np.array([[0, 0], [1, 0], [0, 1]])[codes]
    given = codes.copy()
    rows = rng.choice(n, wrong, replace=False)
    given[rows] = (given[rows] + 1) % 3
    return X, CLASSES[codes], CLASSES[given]


def queue_of(**options):
    defaults = {"batch_size": 20, "cv": 3, "n_rounds": 1, "random_state": 0}
    return LabelReviewQueue(LogisticRegression(), **(defaults | options))


def answer(queue, truth, n=None):
    batch = queue.next_batch(n)
    return queue.submit(batch.verified(truth[batch.rows]))


# -- batches -------------------------------------------------------------------------


def test_a_batch_holds_suspects_and_a_share_of_random_rows():
    X, truth, y = table()
    queue = queue_of(random_share=0.2).fit(X, y)
    batch = queue.next_batch()
    assert batch.n_rows == 20
    assert batch.n_random == 4
    suspects = batch.rows[batch.reason == "suspect"]
    assert set(suspects) == set(queue.queue_[:16])
    assert (batch.inclusion_probability[batch.reason == "suspect"] == 1).all()
    # weighed back, the rows of the batch are those of the table
    assert (1 / batch.inclusion_probability).sum() == pytest.approx(150, abs=3)
    assert (y[batch.rows] == batch.given).all()
    assert (truth[suspects] != y[suspects]).mean() > 0.8


def test_random_rows_are_drawn_with_the_chance_that_is_told():
    X, _, y = table(60, 6)
    queue = queue_of(random_share=0.5, batch_size=10).fit(X, y)
    drawn, told = np.zeros(60), np.zeros(60)
    for seed in range(600):
        queue._seed = seed
        batch = queue.next_batch()
        drawn[batch.rows] += 1
        told[batch.rows] = batch.inclusion_probability
    assert (drawn > 0).all()
    np.testing.assert_allclose(drawn / 600, told, atol=0.07)


def test_the_share_of_random_rows_is_kept_in_sum_over_small_batches():
    X, truth, y = table()
    queue = queue_of(random_share=0.1).fit(X, y)
    for _ in range(10):
        answer(queue, truth, 3)
    assert (queue.verified_.inclusion_probability < 1).sum() == 3


def test_the_same_batch_is_named_until_answers_come():
    X, truth, y = table()
    queue = queue_of().fit(X, y)
    first, again = queue.next_batch(), queue.next_batch()
    np.testing.assert_array_equal(first.rows, again.rows)
    answer(queue, truth)
    assert not np.isin(queue.next_batch().rows, first.rows).any()


def test_more_rows_than_are_left_are_all_that_are_left():
    X, truth, y = table(30, 3)
    queue = queue_of(batch_size=20).fit(X, y)
    answer(queue, truth)
    with pytest.warns(PoolExhaustedWarning, match="10 are left"):
        batch = queue.next_batch(50)
    queue.submit(batch.verified(truth[batch.rows]))
    assert queue.stop_
    assert queue.remaining_errors_.upper == 0
    np.testing.assert_array_equal(queue.labels_, truth)
    with pytest.raises(ValueError, match="nothing left to review"):
        queue.next_batch()


@pytest.mark.parametrize("n", [0, -1, 2.5, True, "all"])
def test_a_batch_of_no_size_is_refused(n):
    X, _, y = table()
    with pytest.raises(ValueError, match=r"n=.* whole number of rows"):
        queue_of().fit(X, y).next_batch(n)


# -- answers -------------------------------------------------------------------------


def test_answers_mend_labels_and_leave_the_given_ones_alone():
    X, truth, y = table()
    before = y.copy()
    queue = answer(queue_of().fit(X, y), truth)
    rows = queue.verified_.rows
    np.testing.assert_array_equal(y, before)
    np.testing.assert_array_equal(queue.labels_[rows], truth[rows])
    others = np.setdiff1d(np.arange(150), rows)
    np.testing.assert_array_equal(queue.labels_[others], y[others])
    assert not np.isin(queue.queue_, rows).any()
    changed = np.flatnonzero(queue.labels_ != y)
    np.testing.assert_array_equal(np.flatnonzero(queue.lineage_.relabelled), changed)
    assert set(queue.lineage_.change_reason[changed]) == {Reason.VERIFIED}


def test_reviewing_finds_nearly_all_wrong_labels():
    X, truth, y = table(300, 60)
    queue = queue_of().fit(X, y)
    for _ in range(4):
        answer(queue, truth)
    assert (queue.labels_ != truth).sum() <= 5


def test_the_state_follows_from_the_answers_alone():
    X, truth, y = table()
    queue = queue_of().fit(X, y)
    sets = []
    for _ in range(3):
        batch = queue.next_batch()
        sets.append(batch.verified(truth[batch.rows], reviewer="Ada"))
        queue.submit(sets[-1])
    for verified in (sets, queue.verified_):
        again = queue_of().fit(X, y, verified=verified)
        np.testing.assert_array_equal(again.queue_, queue.queue_)
        np.testing.assert_array_equal(again.sample_scores_, queue.sample_scores_)
        np.testing.assert_array_equal(again.labels_, queue.labels_)
        assert again.remaining_errors_ == queue.remaining_errors_
        assert again.stop_ == queue.stop_
        np.testing.assert_array_equal(again.next_batch().rows, queue.next_batch().rows)
    assert again.verified_.reviewer == "Ada"


def test_rows_that_were_not_answered_come_back_and_others_do_not():
    X, truth, y = table()
    queue = queue_of().fit(X, y)
    batch = queue.next_batch()
    labels = truth[batch.rows].astype(object)
    labels[[1, 2]] = None
    queue.submit(batch.verified(labels, cannot_say=batch.rows[[1]]))
    assert batch.rows[1] not in queue.queue_
    assert batch.rows[2] in queue.queue_
    assert queue.verified_.cannot_say.tolist() == [batch.rows[1]]


def test_a_label_of_which_only_that_it_is_wrong_is_known_leaves_the_table():
    X, _, y = table()
    queue = queue_of().fit(X, y)
    queue.submit(VerifiedLabels([5], [None]))
    assert queue.labels_[5] == y[5]
    assert queue.lineage_.drop_reason[5] == Reason.VERIFIED
    assert queue.lineage_.dropped.sum() == 1
    two = queue_of().fit(X, y == "cat").submit(VerifiedLabels([5], [None]))
    assert two.labels_[5] == (y[5] != "cat")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda b, t: VerifiedLabels([0], ["cat"], n_rows=99), "table with 99 rows"),
        (lambda b, t: VerifiedLabels([0], ["emu"]), "no class of y"),
        (lambda b, t: "sheet.csv", "pass VerifiedLabels"),
        (
            lambda b, t: VerifiedLabels([0], [t[0]], [0.3], purpose="review"),
            "of another batch",
        ),
        (
            lambda b, t: VerifiedLabels(
                b.rows[:1], t[b.rows[:1]], [0.123], purpose="review"
            ),
            "of another batch: row .* chance",
        ),
    ],
)
def test_wrong_answers_are_refused_and_change_nothing(make, said):
    X, truth, y = table()
    queue = queue_of().fit(X, y)
    batch = queue.next_batch()
    assert 0 not in batch.rows
    before = queue.queue_.copy()
    with pytest.raises(ValueError, match=said):
        queue.submit(make(batch, truth))
    np.testing.assert_array_equal(queue.queue_, before)
    assert queue.n_batches_ == 0


def test_a_sheet_that_is_submitted_twice_is_refused():
    X, truth, y = table()
    queue = queue_of().fit(X, y)
    batch = queue.next_batch()
    verified = batch.verified(truth[batch.rows])
    queue.submit(verified)
    with pytest.raises(ValueError, match="answered before"):
        queue.submit(verified)
    with pytest.raises(ValueError, match="answered before"):
        join_answers(verified, verified)


def test_answers_of_other_tables_are_not_joined():
    one, other = (VerifiedLabels([0], ["a"], n_rows=n) for n in (10, 20))
    with pytest.raises(ValueError, match="10 and 20 rows"):
        join_answers(one, other)


def test_one_class_is_refused():
    X, _, _y = table()
    with pytest.raises(ValueError, match="y has 1 class"):
        queue_of().fit(X, np.full(150, "cat"))


def test_a_review_goes_through_sheets(tmp_path):
    X, truth, y = table()
    frame = pd.DataFrame(X, columns=["a", "b"]).assign(animal=y)
    queue = queue_of().fit(frame[["a", "b"]], frame["animal"])
    batch = queue.next_batch()
    write_sheet(tmp_path / "batch1.csv", frame, batch, "animal")
    sheet = pd.read_csv(tmp_path / "batch1.csv")
    assert not {"suggested", "score", "reason"} & set(sheet)
    assert sheet["input_row"].tolist() == batch.rows.tolist()
    answers = next(c for c in sheet if c.startswith("answer"))
    sheet[answers] = truth[sheet["input_row"]]
    sheet.to_csv(tmp_path / "batch1.csv", index=False)
    verified = read_verified(tmp_path / "batch1.csv", frame)
    assert verified.purpose == "review"
    queue.submit(verified)
    again = queue_of().fit(frame[["a", "b"]], frame["animal"], verified=verified)
    np.testing.assert_array_equal(again.queue_, queue.queue_)


def test_it_pickles_in_the_middle_of_a_batch():
    X, truth, y = table()
    queue = answer(queue_of().fit(X, y), truth)
    batch = queue.next_batch()
    loaded = pickle.loads(pickle.dumps(queue))
    verified = batch.verified(truth[batch.rows])
    np.testing.assert_array_equal(
        loaded.submit(verified).queue_, queue.submit(verified).queue_
    )
    assert repr(clone(loaded)) == repr(queue_of())


# -- what remains --------------------------------------------------------------------


def test_without_random_rows_what_remains_is_unknown():
    X, truth, y = table()
    queue = answer(queue_of(random_share=0).fit(X, y), truth)
    left = queue.remaining_errors_
    assert np.isnan(left.estimate)
    assert (left.lower, left.upper) == (0, 130)
    assert "up to 130 wrong labels remain" in queue.stop_.sentence


def test_no_error_found_does_not_mean_that_none_is_there():
    n = 500
    is_random = np.arange(n) < 20
    scores = np.linspace(0, 1, n)
    left = remaining_errors(scores, np.full(n, 0.1), is_random, np.zeros(n, bool))
    assert left.estimate == 0
    assert 480 * 0.05 < left.upper < 480


def test_random_rows_that_are_all_wrong_speak_for_their_stratum():
    n = 400  # the first hundred by score are wrong, the others right
    scores = np.arange(n) / n
    is_wrong = np.arange(n) < 100
    is_random = np.arange(n) % 10 == 0
    left = remaining_errors(
        scores, np.where(is_wrong, 0.9, 0.01), is_random, is_wrong & is_random
    )
    assert left.estimate == pytest.approx(90, abs=5)
    assert left.upper - left.lower < 120


@pytest.mark.parametrize("noise", ["any row", "rows far out"])
def test_the_interval_covers_whatever_the_model_is_worth(noise):
    covered = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(250, 3))
        truth = (X[:, 0] + rng.normal(size=250) > 0).astype(int)  # classes overlap
        chance = np.exp(X[:, 1] * (noise == "rows far out"))
        rows = rng.choice(250, 50, replace=False, p=chance / chance.sum())
        y = truth.copy()
        y[rows] = 1 - y[rows]
        queue = LabelReviewQueue(
            GaussianNB(), batch_size=40, cv=2, n_rounds=1, random_state=seed
        ).fit(X, y)
        for _ in range(2):
            answer(queue, truth)
        left = queue.remaining_errors_
        covered.append(left.lower <= (queue.labels_ != truth).sum() <= left.upper)
    assert np.mean(covered) >= 0.9


def test_reviewing_stops_where_next_rows_are_hardly_wrong():
    X, truth, y = table(300, 15)
    queue = queue_of().fit(X, y)
    assert not queue.stop_
    n_reviewed = 0
    while not queue.stop_:
        answer(queue, truth)
        n_reviewed += 20
    assert n_reviewed < 150
    assert queue.stop_.hit_rate < 0.05
    assert queue.stop_.sentence.startswith("reviewing no longer pays: about ")
    assert str(queue.stop_) == queue.stop_.sentence
    never = queue_of(review_cost=0).fit(X, y, verified=queue.verified_)
    assert not never.stop_


def test_the_queue_does_not_know_where_rows_stand():
    X, _, y = table(60, 6)
    X, y = np.repeat(X[:20], 3, axis=0), np.repeat(y[:20], 3)
    order = np.random.default_rng(0).permutation(60)
    queue = queue_of().fit(X, y)
    queue.sample_scores_ = np.zeros(60)
    rows = queue._ordered(np.ones(60, bool))
    moved = queue_of().fit(X[order], y[order])
    moved.sample_scores_ = np.zeros(60)
    np.testing.assert_array_equal(X[rows], X[order][moved._ordered(np.ones(60, bool))])


def test_a_class_that_no_row_keeps_is_no_hindrance():
    X, _, _ = table(60, 6)
    y = np.where(np.arange(60) < 3, "typo", np.where(X[:, 0] > 2, "dog", "cat"))
    queue = queue_of().fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        queue.submit(VerifiedLabels([0, 1, 2], ["cat"] * 3))
    assert "typo" not in queue.labels_
    assert queue.queue_.size == 57


def test_a_random_row_that_is_by_now_a_suspect_stands_for_no_open_row():
    """Else one wrong row, drawn early among few, speaks for all that are left."""
    covered, excess = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        truth = np.arange(300) % 2
        X = np.c_[rng.normal(size=300) + 6 * truth]
        y = np.where(rng.random(300) < 0.2, 1 - truth, truth)
        queue = LabelReviewQueue(
            GaussianNB(), batch_size=45, cv=2, n_rounds=1, random_state=seed
        ).fit(X, y)
        for _ in range(2):
            answer(queue, truth)
        left, true = queue.remaining_errors_, (queue.labels_ != truth).sum()
        covered.append(left.lower <= true <= left.upper)
        excess.append(left.estimate - true)
    assert np.mean(covered) >= 0.95
    assert np.mean(excess) < 1


def test_the_sentence_says_how_many_random_rows_tell_it():
    X, truth, y = table(300, 15)
    queue = answer(queue_of().fit(X, y), truth)
    assert queue.stop_.n_random == queue.stop_.to_dict()["n_random"] > 1
    said = f"wrong labels remain, by {queue.stop_.n_random} random rows"
    assert queue.stop_.sentence.endswith(said)


def test_the_sentence_of_a_finished_review_says_that_no_row_is_left():
    X, truth, y = table(40, 6)
    queue = answer(queue_of().fit(X, y), truth, 40)
    assert queue.stop_
    assert queue.stop_.sentence.startswith("every row was looked at: about 0 [0, 0]")
