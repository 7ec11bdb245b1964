"""Annotators: do they agree, what is the consensus, and whom to ask next."""

from skdataquality.weak_supervision._annotators._agreement import (
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
)
from skdataquality.weak_supervision._annotators._answers import answers_of
from skdataquality.weak_supervision._annotators._consensus import (
    consensus,
    consensus_of,
)
from skdataquality.weak_supervision._annotators._crowdlab import has_overlap
from skdataquality.weak_supervision._annotators._public import (
    crowdlab,
    relabel_scores,
    warn_of_single_votes,
)
from skdataquality.weak_supervision._annotators._result import Consensus
from skdataquality.weak_supervision._annotators._tied_vote import majority_codes
from skdataquality.weak_supervision._annotators._voted_rows import (
    VotedRows,
    given_codes,
    one_annotator,
)
