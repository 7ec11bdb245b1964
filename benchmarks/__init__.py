"""Problems: ``python -m benchmarks list | run NAME | table NAME``.

A problem is a module or a package here whose name has no leading underscore. Its
docstring says what is measured, and ``PARTS`` names its parts (``_problem.Part``), one
CSV file of results each. Peers are imported where they are called, so that the
documentation can be built from the files where none is installed.
"""

import os

# one thread, to be said before numpy is imported
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
