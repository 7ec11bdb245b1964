"""From a table to a diagnosis and a plan."""

from ._diagnose import diagnose
from ._report import DataQualityReport

__all__ = ["DataQualityReport", "diagnose"]
