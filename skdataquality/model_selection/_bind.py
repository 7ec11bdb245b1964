"""Bind remedies to an estimator, and give them the target data they take."""

from collections.abc import Mapping

from sklearn.base import clone

from skdataquality.compose import RemedyChain, apply_remedy
from skdataquality.model_selection._shown import NOTHING


def bind_all(estimator, remedies):
    """Bind every remedy, "nothing" first."""
    if not isinstance(remedies, Mapping):
        raise ValueError(
            f"remedies is a {type(remedies).__name__} and must be a dict, with a name "
            f"for each remedy, for example {{'undersample': RandomUnderSampler()}}."
        )
    if wrong := [name for name in remedies if not isinstance(name, str)]:
        raise ValueError(f"remedies has names that are not text: {wrong[:5]}; use str.")
    if remedies.get(NOTHING) is not None:
        raise ValueError(
            f"remedies['{NOTHING}']={remedies[NOTHING]!r}, but this name is kept for "
            f"the baseline, None: give the remedy another name."
        )
    bound = {}
    for name, remedy in {NOTHING: None, **remedies}.items():
        try:
            bound[name] = clone(apply_remedy(estimator, remedy))
        except ValueError as error:
            raise ValueError(f"remedies[{name!r}]: {error}") from error
    return bound


def give_target(candidates, target):
    """Set the target rows where they are missing; candidates are clones of ours."""
    takers = {
        name: [part for part in _parts(bound) if _lacks_target(part)]
        for name, bound in candidates.items()
    }
    takers = {name: parts for name, parts in takers.items() if parts}
    if target is None:
        return [
            f"{name!r} takes X_target and got none: it corrects nothing"
            for name in takers
        ]
    for parts in takers.values():
        for part in parts:
            part.set_params(X_target=target)
    if not takers:
        return ["X_target was given, but every remedy has its own, or takes none"]
    return []


def _parts(bound):
    """Yield the candidate, its remedy, and what that chains."""
    queue = [bound]
    while queue:
        part = queue.pop()
        yield part
        if isinstance(part, RemedyChain):
            queue.extend(remedy for _, remedy in part.steps)
        else:
            queue.append(getattr(part, "remedy", None))
        queue = [part for part in queue if part is not None]


def _lacks_target(part):
    if not hasattr(part, "get_params"):
        return False
    return part.get_params(deep=False).get("X_target", ...) is None
