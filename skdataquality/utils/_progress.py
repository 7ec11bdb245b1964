"""Run named steps under scikit-learn's callbacks, for functions that are no fit."""

from sklearn.base import BaseEstimator

from skdataquality.utils._sklearn import CallbackSupportMixin, fit_context


def run_steps(task_name, steps, callbacks=()):
    """Call the steps in order, each as one task of the callbacks.

    Parameters
    ----------
    task_name : str
    steps : dict of str to callable
        Called without arguments.
    callbacks : sequence of scikit-learn callbacks, default=()

    Returns
    -------
    results : dict of str to object
        What each step returned.

    Raises
    ------
    ValueError
        If ``callbacks`` holds something else.
    """
    owner = StepByStep(task_name, steps)
    try:
        owner.set_callbacks(*callbacks)
    except TypeError as error:
        raise ValueError(
            f"callbacks={callbacks!r} must be a sequence of scikit-learn callbacks, "
            f"for example callbacks=[ProgressBar()]."
        ) from error
    return owner.fit().results_


class StepByStep(CallbackSupportMixin, BaseEstimator):
    """The estimator on whose behalf callbacks are called.

    Parameters
    ----------
    task_name : str
        What the bar is called.
    steps : dict of str to callable
        Called in order, without arguments.

    Attributes
    ----------
    results_ : dict of str to object
        What each step returned.
    """

    _parameter_constraints: dict = {"task_name": [str], "steps": [dict]}

    def __init__(self, task_name, steps):
        self.task_name = task_name
        self.steps = steps

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X=None, y=None):
        """Run the steps."""
        progress = self._init_callback_context(
            task_name=self.task_name, max_subtasks=len(self.steps)
        )
        progress.call_on_fit_task_begin(estimator=self)
        self.results_ = {}
        for name, step in self.steps.items():
            task = progress.subcontext(task_name=name)
            task.call_on_fit_task_begin(estimator=self)
            self.results_[name] = step()
            task.call_on_fit_task_end(estimator=self)
        progress.call_on_fit_task_end(estimator=self)
        return self
