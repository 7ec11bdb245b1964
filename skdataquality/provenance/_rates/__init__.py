"""How often the rows of each source are flagged: rates, intervals and tests."""

from skdataquality.provenance._rates._beta_binomial import (
    correlation,
    rest_rate,
    shrunk_interval,
    shrunk_rates,
    unusual_among_peers,
)
from skdataquality.provenance._rates._by_source import (
    error_rates_by_source,
    highest_first,
)
from skdataquality.provenance._rates._clusters import (
    blocks_of_neighbours,
    design_effects,
    encode_clusters,
)
from skdataquality.provenance._rates._comparable import why_not_compared
from skdataquality.provenance._rates._exact import exact_interval
from skdataquality.provenance._rates._flags import (
    check_flags,
)
from skdataquality.provenance._rates._hierarchy import RHO, log_half_cauchy, weights
from skdataquality.provenance._rates._stratified import (
    stratified_excess,
)
from skdataquality.provenance._rates._tails import (
    hypergeometric_tail,
)
