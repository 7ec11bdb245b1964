"""Tables of any library, their columns as arrays and numbers, and cells as codes."""

from skdataquality.utils._frames._alike_nearby import columns_alike_nearby
from skdataquality.utils._frames._codes import (
    cell_bits,
    cell_codes,
    fits_64_bits,
    sorted_codes,
)
from skdataquality.utils._frames._column_words import WHO, is_called_id, words_of
from skdataquality.utils._frames._columns import (
    as_numbers,
    column_as_array,
    dates_as_text,
    is_missing,
    iterate_columns,
    missing_mask,
)
from skdataquality.utils._frames._documents import (
    are_documents,
    is_document,
    sequence_cells,
)
from skdataquality.utils._frames._matching import (
    like_frame,
    listed,
    match_columns,
    named_frame,
    stack_rows,
)
from skdataquality.utils._frames._moments import (
    period_of,
    read_both_moments,
    read_moments_of,
    say_moment,
)
from skdataquality.utils._frames._new_rows import (
    NewCells,
    append_rows,
    continued_index,
)
from skdataquality.utils._frames._readings import (
    LARGE,
    Reading,
    are_written_moments,
    as_floats,
    is_plain,
    read_moments,
    read_numbers,
    read_texts,
    reading_of,
)
from skdataquality.utils._frames._tables import (
    as_frame,
    as_rows,
    column_names,
    is_frame,
    is_number,
    is_pandas,
    own_index,
    pandas_frame,
    row_blocks,
    select_columns,
    without_columns,
)
from skdataquality.utils._frames._text_numbers import numbers_in_text
