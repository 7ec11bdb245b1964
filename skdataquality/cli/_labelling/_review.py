"""The command ``review``."""

from skdataquality.cli._console import show
from skdataquality.cli._files import (
    STDOUT,
    cells_writer,
    read_both,
    read_cells,
    write_texts,
)
from skdataquality.cli._labelling._rounds import check_files, check_rounds, following
from skdataquality.cli._sheets import check_blank, texts_of
from skdataquality.report._json import to_json
from skdataquality.report._sheets import plan_place
from skdataquality.utils._shown import wrapped
from skdataquality.workflows import review_rounds
from skdataquality.workflows._labelling._cells import with_labels

BATCH, COST, SHARE = 50, 0.05, 0.08
NO_SHEET = "No sheet is written. --cost with a smaller share goes on nevertheless."
NONE_LEFT = "No sheet is written: every row was looked at."


def run_review(
    reviewed,
    *,
    batch,
    sheet,
    verified,
    plans,
    blank,
    output,
    cost,
    random_share,
    json,
):
    """Write a sheet of labels to check, the corrected table, or both."""
    later = {"--plan": plans, "--blank": blank, "--output": output}
    check_rounds("review", sheet, verified, first={"--batch": batch}, later=later)
    check_blank(blank)
    read = check_files(reviewed, sheet, verified, plans, [json], output)
    frame, _ = read_both(reviewed.read, reviewed.text_format, reviewed.label)
    review = review_rounds(
        frame,
        reviewed.label,
        n_rows=None if sheet is None else batch or BATCH,
        verified=verified,
        plan=plans,
        blank=blank,
        review_cost=cost,
        random_share=random_share,
        **reviewed.choices,
    )
    texts, tables, last = {}, {}, []
    if json is not None:
        texts[json] = to_json(review.to_dict())
    if review.plan is not None:
        texts |= texts_of(reviewed, sheet, frame, review.plan, **review.sheet_options)
        last += _what_next(reviewed, sheet, batch, cost, random_share)
    elif sheet is not None:
        is_left = review.verified is None or review.stop.hit_rate > 0
        last += wrapped(NO_SHEET if is_left else NONE_LEFT)
    if output is not None:
        cells = read_cells(reviewed.table, frame, reviewed.text_format)
        place = list(frame.columns).index(reviewed.label)
        mended = with_labels(cells, place, review.labels, review.mended)
        tables[output] = cells_writer(mended, output, reviewed.text_format)
        last += wrapped(_say_written(output, review))
    write_texts(texts, tables=tables, read=read, overwrite=reviewed.overwrite)
    if STDOUT not in texts:
        show("\n".join([str(review), *([""] if last else []), *last]))


def _what_next(reviewed, sheet, batch, cost, random_share):
    own = {
        "batch": batch,
        "cost": None if cost == COST else cost,
        "random_share": None if random_share == SHARE else random_share,
    }
    return following(
        "review",
        reviewed,
        sheet,
        plan_place(sheet),
        own=own,
        output=f"{reviewed.table.stem}.reviewed.csv",
        of_sheets=("batch",),
    )


def _say_written(output, review):
    n = review.changed_rows.size
    return f"Written: {output}, {n} label{'s' * (n != 1)} corrected"
