"""Confidence intervals and significance tests: the one place for both.

What scipy offers is called from scipy; what is written out here is what it lacks:
vectorised binomial intervals, a bootstrap within strata, the corrected resampled
t-test and its row-wise counterpart, Holm's step-down procedure and the Cauchy
combination of p-values. Everywhere `level` is the confidence level, in (0, 1), and an
argument that is not as documented raises a ValueError naming the argument, its value
and the cure.
"""

from skdataquality.utils._stats._checks import check_open_unit
from skdataquality.utils._stats._clusters import effective_share
from skdataquality.utils._stats._folds import (
    NADEAU_BENGIO,
    fold_interval,
    minimum_detectable_gain,
    nadeau_bengio,
    splits_for_gain,
)
from skdataquality.utils._stats._interval import Interval, with_ends
from skdataquality.utils._stats._p_values import (
    SMALL_P,
    benjamini_hochberg,
    cauchy_combination,
    holm,
)
from skdataquality.utils._stats._paired import PairedTest, paired_test
from skdataquality.utils._stats._proportions import (
    clopper_pearson,
    newcombe,
    proportion_interval,
    score_ends,
    stratified_share,
    wilson,
)
from skdataquality.utils._stats._ranks_and_weights import (
    effective_sample_size,
    mann_whitney_auc,
)
from skdataquality.utils._stats._resampling import (
    bootstrap_interval,
    bootstrap_intervals,
    interval_of_draws,
)
from skdataquality.utils._stats._rows import ROWWISE, rowwise_test, share_apart
from skdataquality.utils._stats._series import autocorrelation_time
from skdataquality.utils._stats._shares import fits_shares, same_shares
from skdataquality.utils._stats._strata import stratified_mean
