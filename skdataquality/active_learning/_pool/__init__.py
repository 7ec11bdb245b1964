"""The diagnosis: what labelled rows do not cover of a pool."""

from skdataquality.active_learning._pool._lens import pool_lens
from skdataquality.active_learning._pool._result import PoolLensResult
