"""How many threads a fit may use."""

from contextlib import contextmanager

from threadpoolctl import threadpool_limits

MANY_ROWS = 10_000


@contextmanager
def few_threads(n_rows):
    """One BLAS thread always; one OpenMP thread where more would only wait."""
    with threadpool_limits(limits=1, user_api="blas"):
        if n_rows >= MANY_ROWS:
            yield
        else:
            with threadpool_limits(limits=1, user_api="openmp"):
                yield
