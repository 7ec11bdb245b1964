"""The loss of a softmax model that is seen through a noise matrix."""

import numpy as np
from scipy.special import log_softmax, logsumexp


class ForwardLoss:
    """Mean forward-corrected log loss plus penalty, with its gradient.

    The gradient by the scores of a row is its softmax minus the posterior of the true
    class given the label, so with the identity matrix it is that of plain logistic
    regression. Scaled as scikit-learn's, so that ``tol`` means the same; a lower C
    penalises more, though never the intercepts.

    Parameters
    ----------
    X : {ndarray, sparse matrix} of shape (n_samples, n_features)
    codes : ndarray of shape (n_samples,), int
        Given labels.
    noise_matrix : ndarray of shape (n_classes, n_classes)
        ``noise_matrix[i, j]`` is P(given label i | true class j).
    weight : ndarray of shape (n_samples,), or None
    C : float
        Inverse strength of the penalty, positive.
    fit_intercept : bool

    References
    ----------
    .. [1] G. Patrini et al., "Making deep neural networks robust to label noise: a
       loss correction approach", CVPR 2017, theorem 2.
    """

    def __init__(self, X, codes, noise_matrix, weight, C, fit_intercept):
        with np.errstate(divide="ignore"):
            self.log_noise = np.log(noise_matrix)
        self.X, self.codes, self.fit_intercept = X, codes, fit_intercept
        self.n_scores = n_scores(noise_matrix)
        weight = np.ones(codes.size) if weight is None else weight
        self.share = weight / weight.sum()
        self.penalty = 1 / (C * weight.sum())

    def unpack(self, theta):
        """Split the parameters into coefficients and intercepts."""
        theta = theta.reshape(self.n_scores, -1)
        if self.fit_intercept:
            return theta[:, :-1], theta[:, -1]
        return theta, np.zeros(self.n_scores)

    def __call__(self, theta):
        """Return loss and gradient."""
        coef, intercept = self.unpack(theta)
        scores = one_per_class(linear_scores(self.X, coef, intercept))
        log_proba = log_softmax(scores, axis=1)
        log_joint = log_proba + self.log_noise[self.codes]
        log_likelihood = logsumexp(log_joint, axis=1)
        posterior = np.exp(log_joint - log_likelihood[:, None])
        by_score = self.share[:, None] * (np.exp(log_proba) - posterior)
        by_score = by_score[:, -self.n_scores :]

        value = -self.share @ log_likelihood + 0.5 * self.penalty * (coef**2).sum()
        by_coef = (self.X.T @ by_score.astype(self.X.dtype, copy=False)).T
        gradient = by_coef + self.penalty * coef
        if self.fit_intercept:
            gradient = np.column_stack([gradient, by_score.sum(axis=0)])
        return value, gradient.ravel()


def n_scores(classes):
    """Score two classes by one number, as scikit-learn does: the penalty differs."""
    return 1 if len(classes) == 2 else len(classes)


def linear_scores(X, coef, intercept):
    """Multiply in the precision of X, which is then not copied."""
    return X @ coef.T.astype(X.dtype, copy=False) + intercept


def one_per_class(scores):
    """Scores of all classes, where two classes have one score between them."""
    if scores.shape[1] > 1:
        return scores
    return np.column_stack([np.zeros(scores.shape[0]), scores])
