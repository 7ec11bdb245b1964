"""The diagnosis of repeated rows, and of whether they matter."""

from skdataquality.duplicates._lens._lens import (
    DuplicateLensResult,
    duplicate_lens,
)
