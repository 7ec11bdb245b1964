"""What is tried on every estimator and function is tried on all that are public."""

import inspect

import skdataquality
from tests import catalogue
from tests.entry_functions import ON_PROBABILITIES, ON_TABLES
from tests.entry_points import ENTRY

PUBLIC = {
    name: getattr(room, name)
    for room in [getattr(skdataquality, room) for room in skdataquality._ROOMS]
    for name in room.__all__
}
BASES = {  # to derive from
    "BaseQueryStrategy",
    "BaseWrapper",
    "ClassifierWrapper",
    "RegressorWrapper",
}
SCORERS = {"ImportanceWeightedScorer"}  # tests/test_importance_weighted_scorer.py
ESTIMATORS = {
    name
    for name, public in PUBLIC.items()
    if inspect.isclass(public)
    and hasattr(public, "fit")
    and name not in BASES | SCORERS
}
SPLITTERS = {name for name, public in PUBLIC.items() if hasattr(public, "split")}
FUNCTIONS = {name for name, public in PUBLIC.items() if inspect.isfunction(public)}

TAKE_VOTES = {  # in test_votes, test_label_models, test_multi_annotator
    "DawidSkene",
    "LabelModel",
    "MajorityVote",
    "MultiAnnotatorClassifier",
    "OneCoin",
    "TripletModel",
    "WeightedVote",
}
TAKE_PART_LABELS = {  # a missing one is no error: tests/test_query_strategies.py
    "BadgeQuery",
    "CommitteeQuery",
    "DiverseMarginQuery",
    "KCenterQuery",
    "RandomQuery",
    "TypicalityQuery",
    "UncertaintyQuery",
}
FILES = "takes a file: tests/test_read_table.py"
SHEETS = "takes a sheet and its plan: tests/test_sheets.py"
TASKS = "takes a batch: tests/test_label_studio.py"
WORDS = "takes text or a report: tests/test_report_text.py"
TABLES = "takes a frame and the name of its label: tests/test_cli_bad_input.py"
RECIPE = "takes no data: tests/test_recommended_classifier.py"
GATES = "takes conditions: tests/test_gate.py"
PLANTS = "plants what it is told to: tests/test_demo.py"
RULES = "takes what a rule looks for: tests/test_ready_made_functions.py"
VOTES = "takes votes: tests/test_"
SOURCES = "takes flags and sources: tests/test_provenance.py"
FITTED = "takes a fitted estimator: tests/test_pipeline_lineage.py"
TAKES_ERRORS = {"ErrorAttribution"}  # not labels: tests/test_error_attribution.py
TAKES_NO_LABELS = {"DuplicateDetector"}  # tests/test_duplicate_detector.py
ELSEWHERE = {  # what is tried there with wrong input, and why not with that of all
    "read_arrays": "takes a file: tests/test_read_arrays.py",
    "read_raw": FILES,
    "read_table": FILES,
    "write_raw": FILES,
    "read_safe_csv": "takes the text of a file: tests/test_safe_csv.py",
    "write_sheet": SHEETS,
    "read_verified": SHEETS,
    "to_label_studio": TASKS,
    "label_studio_config": TASKS,
    "from_label_studio": TASKS,
    "join_answers": "takes answers: tests/test_review_queue.py",
    "render": WORDS,
    "compare_table": TABLES,
    "fix_table": TABLES,
    "review_table": TABLES,
    "audit_table": "takes a frame, or a sheet: tests/test_audit_command.py",
    "query_table": "takes a frame, or a sheet: tests/test_query_command.py",
    "review_rounds": "takes a frame, or a sheet: tests/test_review_command.py",
    "select_table": "takes a frame, or a file: tests/test_select_command.py",
    "plan_warranty": "takes scores: tests/test_list_warranty.py",
    "candidate_remedies": "takes a report: tests/test_cli.py",
    "recommended_candidates": RECIPE,
    "recommended_classifier": RECIPE,
    "check_gates": GATES,
    "load_demo": PLANTS,
    "clean_families": "takes nothing: tests/test_clean_families.py",
    "make_clean_table": "takes a name: tests/test_clean_families.py",
    "make_duplicates": PLANTS,
    "make_label_errors": PLANTS,
    "make_rare_class": PLANTS,
    "make_shifted_sample": PLANTS,
    "labeling_function": "takes a function: tests/test_labeling_functions.py",
    "lf_keywords": RULES,
    "lf_regex": RULES,
    "lf_threshold": RULES,
    "lf_lookup": RULES,
    "lf_classifier": RULES,
    "lf_neighbors": RULES,
    "error_rates_by_source": SOURCES,
    "provenance_lens": SOURCES,
    "pipeline_lineage": FITTED,
    "traced_steps": FITTED,
    "change_point": "takes errors: tests/test_change_point.py",
    "find_slices": "takes errors and sources: tests/test_error_attribution.py",
    "entity_lens": "takes labels or none: tests/test_entities.py",
    "order_dependence": "takes labels or none: tests/test_entities.py",
    "annotator_lens": f"{VOTES}annotator_lens.py",
    "active_learning_curve": "takes an estimator: tests/test_active_learning_curve.py",
    "lf_summary": f"{VOTES}lf_summary.py",
    "next_step": "takes a budget: tests/test_next_step.py",
    "coverage_curve": "takes picks: tests/test_coverage_curve.py",
    "cohen_kappa": f"{VOTES}agreement.py",
    "fleiss_kappa": f"{VOTES}agreement.py",
    "krippendorff_alpha": f"{VOTES}agreement.py",
    "consensus": f"{VOTES}consensus.py",
    "crowdlab": f"{VOTES}crowdlab.py",
    "relabel_scores": f"{VOTES}crowdlab.py",
    "estimate_target_performance": "tests/test_target_performance.py",
    "group_report": "takes groups: tests/test_group_report.py",
    "rows_to_collect": "takes an estimator: tests/test_rows_to_collect.py",
    "worst_group_scorer": "takes a metric: tests/test_worst_group_scorer.py",
    "prefer_nothing": "takes scores of a search: tests/test_compare_remedies.py",
    "residual_provenance_lens": "takes residuals: tests/test_number_sources.py",
    "regression_error_lens": "takes a fitted detector: tests/test_number_verdict.py",
    "price_leaks": "takes a lens and probabilities: tests/test_leakage_target.py",
    "backward_corrected_loss": "takes losses: tests/test_forward_corrected.py",
    "calibrate_joint": "takes counts: tests/test_confident_learning.py",
    "ensemble_proba": "takes no labels: tests/test_confident_learning.py",
}


def names_of(calls):
    return {call.split(",")[0] for call in calls}


def test_the_catalogue_holds_every_estimator():
    instances = [
        instance
        for listed in vars(catalogue).values()
        if isinstance(listed, list)
        for instance in listed
    ]
    assert ESTIMATORS
    assert {type(instance).__name__ for instance in instances} >= ESTIMATORS


def test_every_estimator_and_splitter_is_tried_with_bad_data():
    assert SPLITTERS
    elsewhere = TAKE_VOTES | TAKE_PART_LABELS | TAKES_ERRORS | TAKES_NO_LABELS
    assert names_of(ENTRY) >= (ESTIMATORS | SPLITTERS) - elsewhere
    assert ESTIMATORS - names_of(ENTRY) >= elsewhere


def test_every_function_is_tried_with_bad_data_or_says_where_else():
    called = names_of(ENTRY) | names_of(ON_PROBABILITIES) | names_of(ON_TABLES)
    assert FUNCTIONS
    assert called >= FUNCTIONS - ELSEWHERE.keys()
    assert called <= PUBLIC.keys()
    # no excuse for what needs none
    assert FUNCTIONS - called >= ELSEWHERE.keys()
