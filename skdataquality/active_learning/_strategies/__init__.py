"""Query strategies: which rows a person should label next."""

from skdataquality.active_learning._strategies._badge import (
    BadgeQuery,
)
from skdataquality.active_learning._strategies._base import (
    BaseQueryStrategy,
)
from skdataquality.active_learning._strategies._committee import (
    CommitteeQuery,
)
from skdataquality.active_learning._strategies._diverse_margin import (
    DiverseMarginQuery,
)
from skdataquality.active_learning._strategies._k_center import (
    KCenterQuery,
)
from skdataquality.active_learning._strategies._model import (
    class_probabilities,
)
from skdataquality.active_learning._strategies._random import (
    RandomQuery,
)
from skdataquality.active_learning._strategies._typical import (
    TypicalRows,
)
from skdataquality.active_learning._strategies._typicality import (
    TypicalityQuery,
)
from skdataquality.active_learning._strategies._uncertainty import (
    UncertaintyQuery,
    uncertainty,
)
