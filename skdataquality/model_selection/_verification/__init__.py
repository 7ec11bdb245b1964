"""The comparison on the true labels, from a few rows that a person verifies."""

from skdataquality.model_selection._verification._ask import (
    check_verified,
    classes_of,
    question_for,
    question_of,
)
from skdataquality.model_selection._verification._expected import expected_gains
from skdataquality.model_selection._verification._plan import (
    NothingToVerifyError,
    VerificationPlan,
    plan_rows,
)
from skdataquality.model_selection._verification._truth import judge_truth

__all__ = [
    "NothingToVerifyError",
    "VerificationPlan",
    "check_verified",
    "classes_of",
    "expected_gains",
    "judge_truth",
    "plan_rows",
    "question_for",
    "question_of",
]
