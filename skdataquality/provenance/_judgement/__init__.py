"""Which sources stand out, which only differ, and which merely go along."""

from skdataquality.provenance._judgement._echoes import (
    EXPLAINED,
    TIED,
    explained_by,
)
from skdataquality.provenance._judgement._judge import (
    BY_CLASSES,
    FOUND,
    NOTHING,
    SENTENCES,
    judge,
)
from skdataquality.provenance._judgement._offsets import SENTENCES as OFFSET_SENTENCES
from skdataquality.provenance._judgement._offsets import judge_offsets
