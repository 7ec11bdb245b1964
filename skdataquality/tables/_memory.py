"""How much memory a file may take, and what to say when it would take more."""

import os
from contextlib import contextmanager
from numbers import Integral
from pathlib import Path

_SHARE = 2  # half of what is free
_CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


class TooLargeError(ValueError):
    """A file would take more memory than it may."""


class Budget:
    """Most bytes that a file may become in memory.

    Parameters
    ----------
    path : path-like
        The file, for messages.
    most : int or None
        None takes half of the memory that the machine has free.
    """

    def __init__(self, path, most):
        whole = isinstance(most, Integral) and not isinstance(most, bool)
        if most is not None and not (whole and most >= 1):
            raise ValueError(
                f"max_bytes={most!r} must be a positive whole number, or None for half "
                f"of the free memory."
            )
        self.path, self.given = path, most
        self.most = _free_memory() // _SHARE if most is None else int(most)

    def check(self, n_bytes):
        """Raise if so many bytes are more than the file may take."""
        if n_bytes > self.most:
            stated = "half of the free memory" if self.given is None else "max_bytes"
            raise TooLargeError(
                f"{self.path} would take more than {self.most} bytes in memory "
                f"({stated}): pass a larger max_bytes, or max_rows (or fewer) for a "
                f"sample."
            )


@contextmanager
def enough_memory(path):
    """Say plainly that memory ran out."""
    try:
        yield
    except MemoryError as error:  # pyarrow's is one too
        raise ValueError(
            f"{path}: not enough memory to read it: free some memory, or pass max_rows "
            f"for a sample."
        ) from error


def _free_memory():
    """Return the bytes that are free for this process, as far as it can tell."""
    free = _machine_memory()
    for limit, used in _CGROUPS:
        try:
            left = int(Path(limit).read_text()) - int(Path(used).read_text())
        except (OSError, ValueError):  # no such group, or "max"
            continue
        free = min(free, max(left, 0))
    return free


def _machine_memory():
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        amounts = dict(line.split(":") for line in lines)
        return int(amounts["MemAvailable"].split()[0]) * 1024
    except (OSError, ValueError, KeyError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 1 << 33  # nothing is known: that of a small machine
