"""Learning curves that are power laws are foretold, and noise shows in intervals."""

import numpy as np
import pytest

from skdataquality.active_learning._simulation import extrapolate

SIZES = np.array([20, 40, 80, 160])


def law_scores(n, floor, height, exponent):
    return 1 - floor - height * (np.asarray(n) / 160.0) ** -exponent


@pytest.mark.parametrize("exponent", [0.4, 0.7, 1.2])
@pytest.mark.parametrize("floor", [0.0, 0.05])
def test_a_curve_without_noise_is_continued(exponent, floor):
    truth = law_scores([160, 320], floor, 0.1, exponent)
    law = extrapolate(SIZES, law_scores(SIZES, floor, 0.1, exponent))
    gain = law.gain(160, 320)
    assert gain.estimate == pytest.approx(truth[1] - truth[0], rel=0.1)
    assert law.score(320).estimate == pytest.approx(truth[1], abs=0.004)


def test_gains_add_up_and_a_score_grows_by_its_gain():
    law = extrapolate(SIZES, law_scores(SIZES, 0.02, 0.2, 0.6))
    gains = [law.gain(*ends).estimate for ends in ((160, 200), (200, 500), (160, 500))]
    assert gains[0] + gains[1] == pytest.approx(gains[2])
    grown = law.score(500).estimate - law.score(160).estimate
    assert grown == pytest.approx(gains[2])


def test_a_gain_is_never_negative_nor_more_than_the_error():
    rng = np.random.default_rng(0)
    for _ in range(20):
        law = extrapolate(SIZES, rng.uniform(0.5, 1, size=(4, 4)))
        gain = law.gain(160, 1000)
        assert 0 <= gain.lower <= gain.estimate <= gain.upper <= 1


def test_scores_of_another_scale_have_the_law_on_that_scale():
    scores = law_scores(SIZES, 0.02, 0.2, 0.6)
    gain = extrapolate(SIZES, scores).gain(160, 320)
    shifted = extrapolate(SIZES, scores - 1, best=0).gain(160, 320)
    assert shifted.estimate == pytest.approx(gain.estimate)
    assert shifted.upper == pytest.approx(gain.upper)


def test_an_interval_is_wider_the_noisier_the_scores_are():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(5, 4))
    widths = []
    for size in (0.002, 0.01, 0.05):
        scores = np.minimum(law_scores(SIZES, 0.05, 0.1, 0.7) + size * noise, 1)
        gain = extrapolate(SIZES, scores).gain(160, 320)
        widths.append(gain.upper - gain.lower)
    assert widths == sorted(widths)


def test_intervals_cover_the_gain_of_noisy_curves():
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(150):
        floor, height = rng.uniform(0, 0.1), rng.uniform(0.02, 0.2)
        exponent = rng.uniform(0.3, 1.2)
        scores = law_scores(SIZES, floor, height, exponent)
        noisy = np.minimum(scores + rng.normal(scale=0.02, size=(5, 4)), 1)
        truth = np.diff(law_scores([160, 320], floor, height, exponent))[0]
        gain = extrapolate(SIZES, noisy).gain(160, 320, level=0.9)
        covered.append(gain.lower <= truth <= gain.upper)
    assert np.mean(covered) >= 0.85


def test_a_model_that_is_always_right_has_nothing_to_gain():
    gain = extrapolate(SIZES, np.ones(4)).gain(160, 320)
    assert gain.upper == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    ("n_rows", "scores", "said"),
    [
        ([10, 20], [0.5], "one column of scores"),
        ([10, 10], [0.5, 0.6], "two different"),
        ([0, 10], [0.5, 0.6], "positive"),
        ([10, 20], [0.5, np.nan], "finite"),
        ([10, 20], [0.5, 1.2], "at most best=1"),
    ],
)
def test_what_is_no_curve_is_refused(n_rows, scores, said):
    with pytest.raises(ValueError, match=said):
        extrapolate(n_rows, scores)
