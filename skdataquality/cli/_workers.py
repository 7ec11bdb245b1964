"""What worker processes write to stderr: their warnings are told, the rest is not."""

import os
import re
import sys
import tempfile
import warnings
from contextlib import contextmanager

from skdataquality.exceptions import DataQualityWarning

NOT_FOR_USERS = {"DeprecationWarning", "PendingDeprecationWarning", "FutureWarning"}
WARNING = re.compile(r"^\S.*:\d+: (\w*Warning): (.+)$", re.M)


@contextmanager
def workers_apart():
    """Keep the stderr of processes that start here from the terminal.

    An interrupt reaches them too, and each would say so, even while it starts. What
    they warn of is a warning of this process at the end.
    """
    try:
        ours = os.dup(2)
    except OSError:  # closed
        yield
        return
    with (
        tempfile.TemporaryFile() as theirs,
        os.fdopen(ours, "w", errors="replace") as e,
    ):
        before = sys.stderr
        sys.stderr.flush()
        os.dup2(theirs.fileno(), 2)
        if _writes_to(before, 2):
            sys.stderr = e
        try:
            yield
        finally:
            e.flush()
            os.dup2(e.fileno(), 2)
            sys.stderr = before
        theirs.seek(0)
        _warn_again(theirs.read().decode("utf-8", "replace"))


def _writes_to(stream, descriptor):
    try:
        return stream.fileno() == descriptor
    except (OSError, ValueError, AttributeError):
        return False


def _warn_again(text):
    for category, message in dict.fromkeys(WARNING.findall(text)):
        if category not in NOT_FOR_USERS:
            warnings.warn(message, DataQualityWarning, stacklevel=3)
