"""How sources of votes behave: against chance, as copies, on classes and rows."""

from skdataquality.weak_supervision._conduct._confused import (
    ConfusedPairs,
    confused_pairs,
)
from skdataquality.weak_supervision._conduct._copies import (
    PairAgreement,
    pair_agreement,
)
from skdataquality.weak_supervision._conduct._evidence import VoteEvidence
from skdataquality.weak_supervision._conduct._label_rate import (
    LabelRate,
    fitted,
    label_rate,
    random_parts,
    rate_of_consensus,
    votes_of_rows,
)
from skdataquality.weak_supervision._conduct._repeats import (
    RepeatedVotes,
    repeated_votes,
)
from skdataquality.weak_supervision._conduct._skill import Skills, skills
from skdataquality.weak_supervision._conduct._split_rows import SplitRows, split_rows
