"""What an input must be, said in words that name argument, value and cure."""

from skdataquality.utils._validation._column_names import (
    refuse_mixed_names,
    refuse_repeated_columns,
)
from skdataquality.utils._validation._encoded import encode_labels
from skdataquality.utils._validation._feature_frames import check_feature_frame
from skdataquality.utils._validation._label_columns import as_label_column, is_one_hot
from skdataquality.utils._validation._labels import as_label_array
from skdataquality.utils._validation._lengths import check_same_length
from skdataquality.utils._validation._positions import positions
from skdataquality.utils._validation._quantities import (
    MANY_VALUES,
    ROWS_OF_CODE,
    SOME_VALUES,
    is_continuous,
    is_quantity,
)
from skdataquality.utils._validation._rows import refuse_documents
from skdataquality.utils._validation._tables import (
    check_table,
    refuse_complex,
    remember_columns,
)
from skdataquality.utils._validation._weights import check_weights
