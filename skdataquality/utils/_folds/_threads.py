"""How many threads a fit may use."""

import sys
from contextlib import contextmanager
from functools import lru_cache

from threadpoolctl import ThreadpoolController

MANY_ROWS = 10_000


@contextmanager
def few_threads(n_rows):
    """One BLAS thread always; one OpenMP thread where more would only wait."""
    limits = {"blas": 1} if n_rows >= MANY_ROWS else {"blas": 1, "openmp": 1}
    with _controller(len(sys.modules)).limit(limits=limits):
        yield


@lru_cache(maxsize=1)
def _controller(n_modules):
    """Find the loaded libraries, again only once modules have been imported.

    The search takes milliseconds, as long as fitting a small model.
    """
    return ThreadpoolController()
