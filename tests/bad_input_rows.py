"""The 72 bad inputs, by number: where each is tested, or why it does not apply.

A test is named as ``file::function``, without ``tests/test_`` and ``.py``.
"""

TESTED = {
    1: [
        "bad_inputs::test_wrong_features_raise",
        "bad_inputs_functions::test_a_table_without_rows",
    ],
    2: ["bad_inputs::test_wrong_features_raise"],
    3: [
        "bad_input_rows::test_fewer_rows_than_folds",
        "folds::test_folds_are_capped_by_the_rarest_class",
    ],
    4: [
        "bad_inputs::test_wrong_features_raise",
        "bad_inputs_functions::test_what_is_no_table_raises",
    ],
    5: [
        "bad_inputs::test_wrong_features_raise",
        "bad_inputs_functions::test_what_is_no_table_raises",
    ],
    6: [
        "bad_inputs::test_wrong_features_raise",
        "bad_inputs_functions::test_what_is_no_table_raises",
    ],
    7: [
        "bad_inputs::test_wrong_labels_raise",
        "bad_inputs::test_wrong_weights_raise",
        "bad_inputs_functions::test_lengths_of_lens_arguments",
        "validation::test_lengths_must_agree",
    ],
    8: ["bad_inputs::test_a_column_of_labels_is_ravelled_with_a_warning"],
    9: ["bad_inputs::test_wrong_labels_raise"],
    10: ["bad_input_rows::test_more_columns_than_rows"],
    11: ["bad_input_rows::test_memory_is_a_small_multiple_of_the_input"],
    12: ["bad_input_rows::test_a_group_without_rows_is_no_group"],
    13: [
        "bad_inputs::test_wrong_labels_raise",
        "diagnose::test_one_class_is_reported_not_raised",
    ],
    14: ["bad_inputs::test_a_class_with_one_member_stays"],
    15: ["folds::test_folds_are_capped_by_the_rarest_class"],
    16: ["bad_inputs::test_wrong_labels_raise"],
    17: ["bad_inputs::test_wrong_labels_raise"],
    18: ["bad_inputs::test_wrong_labels_raise"],
    19: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    20: ["bad_inputs::test_wrong_labels_raise"],
    21: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    22: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    23: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    24: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    25: ["bad_inputs::test_wrong_labels_raise"],
    26: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    27: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    28: ["bad_inputs::test_wrong_labels_raise"],
    29: ["bad_input_rows::test_labels_that_look_alike_are_listed"],
    30: ["bad_input_rows::test_labels_that_look_alike_are_listed"],
    31: ["bad_input_rows::test_ten_thousand_classes_make_no_dense_table"],
    32: ["out_of_fold::test_a_class_that_a_training_fold_lacks"],
    33: ["bad_inputs::test_wrong_labels_raise"],
    35: ["bad_input_rows::test_samplers_pass_odd_columns_through"],
    36: ["bad_inputs::test_wrong_features_raise"],
    37: ["bad_inputs::test_wrong_features_raise"],
    38: ["bad_numbers::test_numbers_of_odd_size_give_a_result"],
    39: ["bad_numbers::test_numbers_of_odd_size_give_a_result"],
    40: ["bad_numbers::test_large_numbers_give_a_result_or_an_error"],
    41: ["bad_numbers::test_numbers_of_odd_size_give_a_result"],
    42: [
        "bad_numbers::test_types_of_numbers_give_the_result_of_float64",
        "bad_numbers::test_samplers_keep_the_type",
    ],
    43: ["bad_numbers::test_types_of_numbers_give_the_result_of_float64"],
    44: ["bad_numbers::test_types_of_numbers_give_the_result_of_float64"],
    45: [
        "bad_numbers::test_unsigned_numbers_do_not_wrap_around",
        "bad_numbers::test_large_integers_are_told_apart",
    ],
    46: ["bad_inputs::test_wrong_features_raise"],
    48: ["bad_input_rows::test_samplers_pass_odd_columns_through"],
    49: ["bad_inputs::test_wrong_features_raise"],
    50: ["bad_input_rows::test_column_names_that_are_not_strings"],
    51: ["bad_input_rows::test_reordered_columns_are_refused_later"],
    52: ["bad_inputs::test_wrong_features_raise"],
    53: ["bad_input_rows::test_samplers_pass_odd_columns_through"],
    54: ["bad_input_rows::test_samplers_pass_odd_columns_through"],
    55: ["bad_input_rows::test_rows_that_are_all_equal"],
    56: ["diagnose::test_conflicting_labels_among_copies_are_counted"],
    57: [
        "bad_inputs::test_awkward_inputs_give_the_plain_result",
        "bad_numbers::test_every_sparse_format_gives_the_dense_result",
        "bad_numbers::test_outliers_of_sparse_rows_are_refused",
    ],
    58: ["bad_numbers::test_sparse_rows_without_entries"],
    59: ["bad_inputs::test_a_read_only_memory_map_is_enough"],
    60: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    61: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    62: ["bad_inputs::test_wrong_features_raise"],
    63: ["bad_input_rows::test_folds_of_32_bit_positions"],
    64: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    65: [
        "bad_inputs::test_awkward_inputs_give_the_plain_result",
        "bad_inputs::test_different_indices_are_matched_by_position_with_a_warning",
    ],
    66: ["bad_inputs::test_awkward_inputs_give_the_plain_result"],
    68: ["bad_inputs_functions::test_wrong_labels_or_probabilities_raise"],
    69: ["validation::test_in_sample_probabilities_warn"],
    70: ["bad_inputs::test_wrong_weights_raise"],
    71: [
        "target_data::test_the_same_rows_are_weighted_alike",
        "target_data::test_what_is_no_table_raises",
        "diagnose::test_target_columns_are_aligned_or_refused_at_once",
        "target_data::test_rows_that_can_be_separated_warn",
    ],
    72: [
        "provenance::test_missing_values_are_a_source_of_their_own",
        "provenance::test_lens_says_when_it_cannot_tell",
        "provenance::test_useless_column_is_left_out_and_named",
        "diagnose::test_markdown_and_html_escape_what_the_data_say",
        "safe_csv::test_what_a_spreadsheet_would_run_is_marked",
    ],
}

DOES_NOT_APPLY = {
    34: "there is no room that applies a review by the identifiers of rows",
    47: "scikit-learn reads numeric strings as numbers, and so does what is built on "
    "it: the result is that of the numbers (test_numeric_strings_are_numbers)",
    67: "a missing cell in a column of text is a value like any other: samplers keep "
    "it and the default model encodes it; another model decides for itself "
    "(test_samplers_pass_odd_columns_through)",
}
