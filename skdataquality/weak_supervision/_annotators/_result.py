"""What votes add up to: :class:`Consensus`."""

from dataclasses import dataclass, field

import numpy as np

from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._shown import ShownResult

WORST = 3


@dataclass(frozen=True, eq=False, repr=False)
class Consensus(ShownResult):
    """Labels on which votes agree, how good they are, and how good who voted is.

    Made by :func:`consensus` and :func:`crowdlab`.

    Attributes
    ----------
    labels : ndarray of shape (n_rows,)
        Consensus of each row; without votes and without a model, that of the highest
        prior.
    quality : ndarray of shape (n_rows,), float64
        Estimated probability that it is right, in [0, 1]; higher is better.
    needs_vote : ndarray of shape (n_rows,), bool
        True where a single vote of a mean annotator for the second best class would
        overturn it, and where there is no vote.
    ask_scores : ndarray of shape (n_rows,), float64
        Which row to ask for first: lowest first. See :func:`relabel_scores`.
    agreement : ndarray of shape (n_rows,), float64
        Share of the votes that are for it; NaN without votes.
    n_votes : ndarray of shape (n_rows,), int
    posterior : ndarray of shape (n_rows, n_classes), float64
        Probability of each class; rows sum to 1.
    classes : ndarray of shape (n_classes,)
        Labels, sorted; columns of ``posterior``.
    annotators : ndarray of shape (n_annotators,)
        Names.
    annotator_quality : ndarray of shape (n_annotators,), float64
        Between 0 and 1, higher is better; NaN without votes.
    annotator_weight : ndarray of shape (n_annotators,), float64
        What a vote weighs, in the units of the method.
    annotator_agreement : ndarray of shape (n_annotators,), float64
        Share of the votes that are for the consensus, of which they are a part.
    annotator_n_votes : ndarray of shape (n_annotators,), int
    model_weight : float
        What the classifier's probabilities weigh beside them; 0 without.
    method : str
        How labels and qualities came about.
    """

    labels: np.ndarray
    quality: np.ndarray
    needs_vote: np.ndarray
    ask_scores: np.ndarray
    agreement: np.ndarray
    n_votes: np.ndarray
    posterior: np.ndarray = field(repr=False)
    classes: np.ndarray
    annotators: np.ndarray
    annotator_quality: np.ndarray
    annotator_weight: np.ndarray
    annotator_agreement: np.ndarray
    annotator_n_votes: np.ndarray
    model_weight: float
    method: str

    def _facts(self):
        worst = self.worst_annotators(WORST)
        return {
            "rows": self.labels.size,
            "without a vote": int((self.n_votes == 0).sum()),
            "classes": self.classes.tolist(),
            "mean quality": float(self.quality.mean()),
            "need another vote": int(self.needs_vote.sum()),
            "annotators": self.annotators.size,
            "lowest quality": worst,
            "method": self.method,
        }

    def worst_annotators(self, n=WORST):
        """Return the annotators of lowest quality, worst first.

        Parameters
        ----------
        n : int, default=3

        Returns
        -------
        quality : dict of name to float
        """
        order = np.lexsort((-self.annotator_n_votes, self.annotator_quality))
        known = [j for j in order if self.annotator_n_votes[j]][:n]
        names = self.annotators.tolist()
        return {names[j]: float(self.annotator_quality[j]) for j in known}

    def to_frame(self):
        """Return one line per row, in the order of the rows.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``label``, ``quality``, ``needs_vote``, ``ask_score``,
            ``agreement``, ``n_votes``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        columns = {
            "label": self.labels,
            "quality": self.quality,
            "needs_vote": self.needs_vote,
            "ask_score": self.ask_scores,
            "agreement": self.agreement,
            "n_votes": self.n_votes,
        }
        return pandas_frame(columns, "Consensus.to_frame", "the attributes")

    def annotators_to_frame(self):
        """Return one line per annotator, lowest quality first.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``annotator``, ``quality``, ``weight``, ``agreement``, ``n_votes``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        columns = {
            "annotator": self.annotators,
            "quality": self.annotator_quality,
            "weight": self.annotator_weight,
            "agreement": self.annotator_agreement,
            "n_votes": self.annotator_n_votes,
        }
        order = np.lexsort((-self.annotator_n_votes, self.annotator_quality))
        sorted_columns = {name: values[order] for name, values in columns.items()}
        return pandas_frame(
            sorted_columns, "Consensus.annotators_to_frame", "the attributes"
        )
