"""Problems x libraries: ``python -m benchmarks list | run NAME | table NAME``.

A benchmark is a package here. Its ``PARTS`` name its modules; each has
``tasks(quick)``, which lists dicts, and ``measure(**task)``, which returns result rows,
dicts too. Its module ``report`` makes tables and figures of the rows and imports no
peer, so that the documentation can be built where none is installed.
"""

import os

# one thread, to be said before numpy is imported
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
