"""Run named steps under scikit-learn's callbacks, for functions that are no fit."""

from sklearn.base import BaseEstimator

from skdataquality.utils._progress._bar import callbacks_of
from skdataquality.utils._sklearn import CallbackSupportMixin, fit_context


def run_steps(task_name, steps, start, callbacks=()):
    """Hand a state from step to step, each as one task of the callbacks.

    Raises a ValueError if ``callbacks`` are neither "bar" nor a sequence of
    scikit-learn callbacks.
    """
    owner = StepByStep(task_name, steps, start)
    callbacks = callbacks_of(callbacks, task_name)
    try:
        owner.set_callbacks(*callbacks)
    except TypeError as error:
        raise ValueError(
            f"callbacks={callbacks!r} must be a sequence of scikit-learn callbacks, "
            f"for example callbacks=[ProgressBar()], or 'bar'."
        ) from error
    return owner.fit().state_


class StepByStep(CallbackSupportMixin, BaseEstimator):
    """The estimator on whose behalf callbacks are called."""

    _parameter_constraints: dict = {
        "task_name": [str],
        "steps": [dict],
        "start": "no_validation",
    }

    def __init__(self, task_name, steps, start):
        self.task_name = task_name
        self.steps = steps
        self.start = start

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X=None, y=None):
        """Run the steps."""
        progress = self._init_callback_context(
            task_name=self.task_name, max_subtasks=len(self.steps)
        )
        progress.call_on_fit_task_begin(estimator=self)
        self.state_ = self.start
        for name, step in self.steps.items():
            task = progress.subcontext(task_name=name)
            task.call_on_fit_task_begin(estimator=self)
            self.state_ = step(self.state_)
            task.call_on_fit_task_end(estimator=self)
        progress.call_on_fit_task_end(estimator=self)
        return self
