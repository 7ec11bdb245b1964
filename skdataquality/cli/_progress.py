"""A bar on stderr, and only on a terminal."""

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class StderrBar:
    """scikit-learn callback: one bar, advanced by each task of the outermost fit.

    scikit-learn's own ProgressBar writes to stdout, where the result goes.
    """

    def __init__(self, description):
        self.description = description

    def setup(self, estimator, context):
        """Open the bar."""
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._progress.start()
        self._task = self._progress.add_task(
            self.description, total=context.max_subtasks
        )

    def on_fit_task_begin(self, estimator, context):
        """Do nothing."""

    def on_fit_task_end(self, estimator, context):
        """Advance by one for each task directly below the root."""
        if context.parent is not None and context.parent.parent is None:
            self._progress.advance(self._task)

    def teardown(self, estimator, context):
        """Close the bar."""
        self._progress.stop()


def bars(description):
    """Return callbacks for a terminal, and none for a file or a pipe."""
    return (StderrBar(description),) if sys.stderr.isatty() else ()
