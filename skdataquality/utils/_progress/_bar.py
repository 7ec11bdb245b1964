"""One word for a progress bar: ``callbacks="bar"``."""

import sys

WIDTH = 30
MOST = 79


def callbacks_of(given, description):
    """Return callbacks; "bar" is one bar on stderr, where a person looks on.

    Anything but the word is handed on as it is.
    """
    if not isinstance(given, str):
        return given
    if given != "bar":
        raise ValueError(
            f"callbacks={given!r} must be 'bar', or a sequence of scikit-learn "
            f"callbacks, for example callbacks=[ProgressBar()]."
        )
    return (Bar(description),) if _is_watched() else ()


def _is_watched():
    """Whether stderr is a terminal or the output of a notebook's cell."""
    return sys.stderr.isatty() or type(sys.stderr).__module__.startswith("ipykernel")


class Bar:
    """scikit-learn callback: one line on stderr, with the step of the outermost fit.

    scikit-learn's own ProgressBar writes to stdout, where the result goes.
    """

    def __init__(self, description):
        self.description = description

    def setup(self, estimator, context):
        """Begin with no step done."""
        self._n_done, self._n_steps, self._shown = 0, context.max_subtasks, 0

    def on_fit_task_begin(self, estimator, context):
        """Name the step that begins."""
        if _is_step(context):
            self._draw(context.task_name)

    def on_fit_task_end(self, estimator, context):
        """Count the step that ends."""
        if _is_step(context):
            self._n_done += 1

    def teardown(self, estimator, context):
        """Wipe the line."""
        self._write("")

    def _draw(self, step):
        filled = WIDTH * self._n_done // max(self._n_steps, 1)
        done = f"{'#' * filled}{'-' * (WIDTH - filled)}"
        step = "".join(c if c.isprintable() else "?" for c in str(step))
        line = f"{self.description} {done} {self._n_done + 1}/{self._n_steps} {step}"
        self._write(line[:MOST])

    def _write(self, line):
        print(f"\r{line:<{self._shown}}", end="", file=sys.stderr, flush=True)
        if not line:
            print("\r", end="", file=sys.stderr, flush=True)
        self._shown = len(line)


def _is_step(context):
    return context.parent is not None and context.parent.parent is None
