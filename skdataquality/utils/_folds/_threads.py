"""How many threads a fit may use."""

import sys
import threading
from contextlib import contextmanager
from functools import lru_cache

from threadpoolctl import ThreadpoolController

MANY_ROWS = 10_000


@contextmanager
def few_threads(n_rows):
    """One BLAS thread always; one OpenMP thread where more would only wait.

    The main thread alone sets it, for the whole process: threads that set and reset it
    side by side would leave it wrong, and a search for libraries beside NumPy in
    another thread may never end (threadpoolctl issue 239).
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    limits = {"blas": 1} if n_rows >= MANY_ROWS else {"blas": 1, "openmp": 1}
    with _controller(len(sys.modules)).limit(limits=limits):
        yield


@lru_cache(maxsize=1)
def _controller(n_modules):
    """Find the loaded libraries, again only once modules have been imported.

    The search takes milliseconds, as long as fitting a small model.
    """
    return ThreadpoolController()
