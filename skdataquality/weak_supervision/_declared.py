"""What the lens of annotators declares: :data:`LENS`."""

from skdataquality.utils._lens import Lens
from skdataquality.weak_supervision._annotator_lens import (
    AnnotatorLensResult,
    annotator_lens,
)


def _examine(inputs, known):
    """Judge annotators, and learn what their votes say of labels."""
    result = annotator_lens(
        inputs.votes, inputs.y, verified=inputs.verified, missing_label=None
    )
    learned = {
        "voted_rate": result.numbers["voted_error_rate"],
        "wrong_votes": result.wrong_votes,
    }
    return result, learned


def _expect(result):
    rows = result.numbers["contradicted_rows"]
    if not rows:
        return None
    return (
        f"{rows} labels change where the consensus of a label model takes the place of "
        f"the given ones; verify some of them by hand."
    )


LENS = Lens(
    result=AnnotatorLensResult,
    examine=_examine,
    measured=3.5,
    acts=3.5,
    label_kinds=("classes",),
    given=("votes",),
    why=lambda result: "before single labels: mend who gives them",
    expect=_expect,
)
