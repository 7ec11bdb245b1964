"""One thread per test process: the tests run in parallel, one process per core."""

import gc
import os
from functools import partial
from importlib import import_module
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, find, settings, strategies

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# a busy machine fails no test
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)
def pytest_collection():
    gc.disable()  # thousands of tests are made, none is garbage


def pytest_collection_finish():
    """Let no collection of garbage during a test walk through all the tests."""
    # Hypothesis makes its generator at the first example and warns if nothing
    # refers to it; what frozen objects refer to cannot be seen
    find(strategies.none(), lambda _: True)
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture
def stable_cleanlab(monkeypatch):
    """Let cleanlab rank ties by position, not as the processor has it."""
    import numpy as np  # not before the numbers of threads are set

    stable = SimpleNamespace(
        **vars(np) | {"argsort": partial(np.argsort, kind="stable")}
    )
    for name in ("internal.util", "filter", "rank"):
        monkeypatch.setattr(import_module(f"cleanlab.{name}"), "np", stable)
