"""Fits use one BLAS thread, and leave the process with as many as it had."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.ensemble import BaggingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import (
    OpenBLASController,
    ThreadpoolController,
    threadpool_info,
    threadpool_limits,
)

from skdataquality.label_noise import LabelErrorDetector, NoisePruningClassifier
from skdataquality.utils._folds import _threads, few_threads, run_folds

WORKERS = 4


def n_threads():
    return [(each["user_api"], each["num_threads"]) for each in threadpool_info()]


@pytest.fixture(autouse=True)
def two_threads():
    with threadpool_limits(2):
        before = n_threads()
        yield
        assert n_threads() == before
        assert ("blas", 2) in before


def data():
    X = np.random.default_rng(0).normal(size=(80, 3))
    return X, (X[:, 0] > 0).astype(int)


def detector(n_jobs=None):
    return LabelErrorDetector(
        LogisticRegression(), cv=2, n_rounds=1, n_jobs=n_jobs, random_state=0
    )


BACKENDS = {
    "sequential": nullcontext,
    "threading": lambda: parallel_config("threading", n_jobs=2),
    "processes": lambda: parallel_config("loky", n_jobs=2),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("n_jobs", [None, 2])
def test_threads_are_as_before_after_a_fit(backend, n_jobs):
    before = n_threads()
    with BACKENDS[backend]():
        detector(n_jobs).fit(*data())
        assert n_threads() == before


@pytest.mark.parametrize("backend", BACKENDS)
def test_threads_are_as_before_after_fits_within_bagging(backend):
    pruning = NoisePruningClassifier(LogisticRegression(), detector=detector(2))
    with BACKENDS[backend]():
        BaggingClassifier(pruning, n_estimators=4, n_jobs=2).fit(*data())


def test_threads_are_as_before_after_fits_in_a_pool():
    with ThreadPoolExecutor(WORKERS) as pool:
        fits = [pool.submit(detector(n).fit, *data()) for n in (None, 2) * WORKERS]
        for fit in fits:
            fit.result()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("backend", ["sequential", "threading"])
def test_threads_are_as_before_after_an_exception(error, backend):
    def fail(train, test):
        raise error

    with BACKENDS[backend](), pytest.raises(error):
        run_folds(fail, [([0], [1])] * 4)


@pytest.mark.parametrize("n_set", [1, 2])
def test_threads_are_as_before_after_an_interrupt_while_they_are_set(n_set, patch_set):
    patch_set(n_set)
    with pytest.raises(KeyboardInterrupt), few_threads(10):
        pass


@pytest.fixture
def patch_set(monkeypatch):
    """Interrupt after so many libraries have been set, and set the others as ever."""

    def patch(n_set):
        kind = type(_blas_libraries()[0])
        set_threads, calls = kind.set_num_threads, []

        def interrupted(self, n_threads):
            set_threads(self, n_threads)
            calls.append(n_threads)
            if len(calls) == n_set:
                raise KeyboardInterrupt

        monkeypatch.setattr(kind, "set_num_threads", interrupted)

    return patch


def _blas_libraries():
    return ThreadpoolController().select(user_api="blas").lib_controllers


@pytest.mark.parametrize("backend", ["sequential", "threading"])
def test_every_fold_has_one_blas_thread(backend):
    libraries = _blas_libraries()

    def seen(train, test):
        return {library.num_threads for library in libraries}

    n_jobs = None if backend == "sequential" else 2
    with BACKENDS[backend]():
        assert run_folds(seen, [([0], [1])] * 4, n_jobs=n_jobs) == [{1}] * 4


def test_a_limit_within_a_limit_is_lifted_by_the_outer_one():
    with few_threads(10):
        with few_threads(100_000):
            pass
        assert n_threads() == [(kind, 1) for kind, _ in n_threads()]


def test_many_rows_keep_their_openmp_threads():
    with few_threads(100_000):
        assert set(n_threads()) == {("blas", 1), ("openmp", 2)}


def test_what_another_thread_holds_down_is_left_to_that_thread():
    held, may_lift = threading.Event(), threading.Event()

    def other():
        with threadpool_limits(1, user_api="blas"):
            held.set()
            may_lift.wait()

    thread = threading.Thread(target=other)
    if hasattr(OpenBLASController, "clear_controlling_thread"):  # threadpoolctl 3.8
        OpenBLASController.clear_controlling_thread(force=True)
    thread.start()
    held.wait()
    with few_threads(10):
        may_lift.set()
        thread.join()


def test_no_other_thread_looks_for_libraries(monkeypatch):
    """Beside NumPy in another thread such a search may never end."""

    def search(n_modules):
        raise AssertionError("searched in a thread")

    monkeypatch.setattr(_threads, "_controller", search)
    with ThreadPoolExecutor(1) as pool:
        fits = pool.submit(run_folds, lambda train, test: "fitted", [([0], [1])])
        assert fits.result() == ["fitted"]
