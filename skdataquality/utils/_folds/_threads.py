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
    another thread may never end (threadpoolctl issue 239). A library that has one
    thread is left alone: if another thread holds it down for a while, to reset it would
    hold it down for good.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kinds = {"blas"} if n_rows >= MANY_ROWS else {"blas", "openmp"}
    controller = _controller(len(sys.modules))
    before = [
        (library, library.num_threads)
        for library in controller.lib_controllers
        if library.user_api in kinds and library.num_threads != 1
    ]
    try:
        limited = controller.select(filepath=[each.filepath for each, _ in before])
        with limited.limit(limits=1):
            yield
    finally:  # of an interrupt while they were set
        for library, n_threads in before:
            if library.num_threads != n_threads:
                library.set_num_threads(n_threads)


@lru_cache(maxsize=1)
def _controller(n_modules):
    """Find the loaded libraries, again only once modules have been imported.

    The search takes milliseconds, as long as fitting a small model.
    """
    return ThreadpoolController()
