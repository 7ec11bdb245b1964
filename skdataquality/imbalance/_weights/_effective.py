"""How many rows those of a class are worth, as they come to repeat each other."""

import numpy as np

BETA = 0.999


def effective_number(n_rows, beta=BETA):
    """Effective number of rows, ``(1 - beta ** n) / (1 - beta)``.

    Y. Cui et al., "Class-balanced loss based on effective number of samples", CVPR
    2019, equation 2. Between 1, of any number with ``beta`` 0, and n, towards 1.

    Parameters
    ----------
    n_rows : float or ndarray
        Numbers, or weights, of rows.
    beta : float, default=0.999
        In [0, 1).

    Returns
    -------
    effective : float or ndarray
    """
    if beta == 0:
        return np.ones_like(n_rows, dtype=float)
    return -np.expm1(n_rows * np.log(beta)) / (1 - beta)
