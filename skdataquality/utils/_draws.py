"""What is drawn at random: generators of our own, seeds, and rows.

No draw touches numpy's global generator.
"""

import numpy as np

# any number; for draws whose outcome must not change between runs
FIXED_SEED = 20_260_101


def own_rng(random_state):
    """Random state that never touches numpy's global one: None is fresh entropy."""
    from sklearn.utils import check_random_state  # takes seconds; few draws need it

    if random_state is None:
        return np.random.RandomState()
    return check_random_state(random_state)


def draw_seed(random_state):
    """Integer seed for a part of the work; a RandomState gives a new one each time."""
    return int(own_rng(random_state).randint(np.iinfo(np.int32).max))


def draw_rows(n_rows, most, random_state=None):
    """Row numbers in rising order: all, or at most so many drawn at random.

    A Generator or RandomState is drawn from as it is.
    """
    if most is None or n_rows <= most:
        return np.arange(n_rows)
    rng = random_state
    if not isinstance(rng, np.random.RandomState):
        rng = np.random.default_rng(rng)
    return np.sort(rng.choice(n_rows, most, replace=False))
