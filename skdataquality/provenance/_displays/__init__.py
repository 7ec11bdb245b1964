"""Figures of where errors come from."""

from skdataquality.provenance._displays._error_attribution_display import (
    ErrorAttributionDisplay,
)
