"""Sheets: whatever a spreadsheet does to one, the answers come back, or one line."""

import csv
import io
import json
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skdataquality.label_noise import LabelAudit
from skdataquality.report import read_verified, write_sheet
from skdataquality.report._sheets._answers import Answers
from skdataquality.report._sheets._stored_plan import load_plan, plan_place

quick = settings(max_examples=60, deadline=None, derandomize=True)


@dataclass
class Plan:
    """The least that a plan offers: no strata."""

    rows: np.ndarray
    given: np.ndarray
    inclusion_probability: np.ndarray
    purpose: str
    n_total: int


def drawn(labels, n=6, purpose="audit", seed=0):
    labels = np.asarray(labels)
    rows = np.random.default_rng(seed).permutation(labels.size)[:n]
    chance = np.full(rows.size, rows.size / labels.size)
    return Plan(rows, labels[rows], chance, purpose, labels.size)


def table_of(labels):
    n = len(labels)
    frame = pd.DataFrame(
        {"size": np.arange(n) + 0.5, "note": [f"n {i}" for i in range(n)]}
    )
    frame["kind"] = labels
    return frame


ANIMALS = ["cat", "dog", "Élan"] * 4


class Sheet:
    """A sheet on disk as rows of text, to be filled and saved again."""

    def __init__(self, folder, labels=ANIMALS, **options):
        self.path = folder / "audit.csv"
        self.table = table_of(labels)
        self.plan = drawn(labels, **options)
        self.plan_path = write_sheet(self.path, self.table, self.plan, "kind")
        text = self.path.read_text("utf-8-sig")
        self.head, *self.body = csv.reader(io.StringIO(text, newline=""))
        self.at = {"given": -3, "answer": -2, "key": -1}

    def fill(self, answers):
        for row, answer in zip(self.body, answers, strict=False):
            row[self.at["answer"]] = answer
        return self

    def text(self, delimiter=",", newline="\r\n", quoting=csv.QUOTE_MINIMAL):
        out = io.StringIO(newline="")
        writer = csv.writer(
            out, delimiter=delimiter, lineterminator=newline, quoting=quoting
        )
        writer.writerows([self.head, *self.body])
        return out.getvalue()

    def save(self, *, encoding="utf-8", **options):
        self.path.write_bytes(self.text(**options).encode(encoding))
        return self

    def read(self, **options):
        return read_verified(self.path, self.table, **options)


def right_answers(sheet):
    return [str(label) for label in sheet.plan.given]


# ----------------------------------------------------------------- what is written
def test_a_sheet_tells_no_more_than_the_row_and_its_label(tmp_path):
    labels = np.array(["cat", "dog"] * 100)
    proba = np.random.default_rng(0).dirichlet([1, 1], 200)
    plan = LabelAudit(60, random_state=0).plan(labels, proba)
    frame = table_of(labels)
    write_sheet(tmp_path / "a.csv", frame, plan, "kind")
    sheet = pd.read_csv(tmp_path / "a.csv")
    assert list(sheet)[:4] == ["input_row", "size", "note", "given kind"]
    assert list(sheet)[4].startswith("answer (is the given label wrong? yes or no")
    assert sheet.shape[1] == 6
    assert sheet.input_row.tolist() == plan.rows.tolist()
    assert sheet["size"].tolist() == frame["size"][plan.rows].tolist()
    assert sheet.iloc[:, 4].isna().all()
    # a key holds the plan, the place, the row and a digest
    keys = sheet.iloc[:, 5].str.extract(r"k(\w{8})-(\d{5})-(\d+)-(\w{8})$")
    assert keys[1].astype(int).tolist() == list(range(1, 61))
    assert keys[2].astype(int).tolist() == plan.rows.tolist()


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_sheet(tmp_path / f"{name}.csv", table_of(ANIMALS), drawn(ANIMALS), "kind")
    for ending in ("csv", "plan.json"):
        first, second = (tmp_path / f"{name}.{ending}" for name in "ab")
        assert first.read_bytes() == second.read_bytes()


def test_sheet_and_plan_appear_together_or_not_at_all(tmp_path):
    (tmp_path / "audit.plan.json").write_text("mine")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        Sheet(tmp_path)
    assert not (tmp_path / "audit.csv").exists()
    assert (tmp_path / "audit.plan.json").read_text() == "mine"


def test_columns_of_the_same_names_as_ours_stay_apart(tmp_path):
    frame = table_of(ANIMALS).rename(columns={"size": "input_row", "note": "answer"})
    frame["Given  Kind"] = frame["key (leave as it is)"] = 1
    plan = drawn(ANIMALS)
    path = tmp_path / "a.csv"
    write_sheet(path, frame, plan, "kind")
    sheet = pd.read_csv(path)
    assert sheet.columns.is_unique
    name = next(n for n in sheet if n.startswith("answer ("))
    sheet[name] = "no"
    sheet.to_csv(path, index=False)
    assert read_verified(path, frame).labels.tolist() == plan.given.tolist()


@pytest.mark.parametrize("name", ["audit.xlsx", "audit", "audit.plan.json"])
def test_a_sheet_has_a_name_that_spreadsheets_open_as_text(tmp_path, name):
    with pytest.raises(ValueError, match=r"must end in .csv, .tsv or .txt"):
        write_sheet(tmp_path / name, table_of(ANIMALS), drawn(ANIMALS), "kind")


def test_tsv_has_tabs(tmp_path):
    path = tmp_path / "audit.tsv"
    write_sheet(path, table_of(ANIMALS), drawn(ANIMALS), "kind")
    assert pd.read_csv(path, sep="\t").shape == (6, 6)


def test_formulas_are_marked_and_come_back(tmp_path):
    labels = ["=1+1", "+ve", "-ve", "@x"] * 4
    sheet = Sheet(tmp_path, labels)
    assert all(row[-3].startswith("'") for row in sheet.body)
    sheet.fill([row[-3] for row in sheet.body]).save()  # copied from the given ones
    assert sheet.read().labels.tolist() == sheet.plan.given.tolist()


# ------------------------------------------------------------------ round trips
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), min_size=1
)
AWKWARD = st.sampled_from(
    ["a,b", 'say "so"', "a\nb", "=1+1", "'=1", "''", "é", "e\u0301 b", "x;y", "a\tb"]
    + ["yes", "no", "x", "?", "true", "0", "1", "-1", "1,5", "cannot say", "Yes", "漢"]
)


@quick
@given(
    labels=st.lists(TEXT | AWKWARD, min_size=2, max_size=4, unique=True), data=st.data()
)
def test_any_label_that_is_answered_comes_back(labels, data, tmp_path_factory):
    sheet = Sheet(tmp_path_factory.mktemp("s"), labels * 3, n=6)
    picks = data.draw(st.lists(st.sampled_from(labels), min_size=6, max_size=6))
    sheet.fill(picks).save()
    assert sheet.read().labels.tolist() == picks


@pytest.mark.parametrize(
    "labels", [[1.0, 2.5, 3.0], [0, 1], [True, False], [7, 10**12]]
)
def test_labels_keep_their_type(tmp_path, labels):
    sheet = Sheet(tmp_path, labels * 4)
    answers = [labels[0]] * 3 + [labels[1]] * 3
    sheet.fill(map(str, answers)).save()
    found = sheet.read()
    assert found.labels.tolist() == answers
    assert [type(label) for label in found.labels] == [type(a) for a in answers]
    assert found.given.tolist() == sheet.plan.given.tolist()


def test_what_excel_makes_of_a_sheet(tmp_path):
    """Semicolons, decimal commas, capitals, other order, columns gone, lines empty."""
    sheet = Sheet(tmp_path, [True, False] * 8, n=10)
    truth = [bool(label) ^ (k % 3 == 0) for k, label in enumerate(sheet.plan.given)]
    sheet.fill(["wahr" if t else "FALSE" for t in truth])
    for row in sheet.body:
        row[1] = row[1].replace(".", ",")
        row[-3] = row[-3].upper()
    sheet.body.sort(key=lambda row: row[1])
    sheet.head = [sheet.head[-1], "my notes", *sheet.head[1:-1], "", ""]
    sheet.body = [[r[-1], "hm", *r[1:-1], "", ""] for r in sheet.body]
    sheet.body += [[""] * 8, []]
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        sheet.save(delimiter=";", encoding=encoding)
        found = dict(zip(sheet.read().rows, sheet.read().labels, strict=True))
        assert found == dict(zip(sheet.plan.rows, truth, strict=True))


def test_unicode_text_with_tabs_under_another_name(tmp_path):
    sheet = Sheet(tmp_path).save()
    sheet.fill(right_answers(sheet)).save(encoding="utf-16", delimiter="\t")
    moved = sheet.path.rename(tmp_path / "Copy of audit.txt")
    found = read_verified(moved, sheet.table)
    assert found.labels.tolist() == sheet.plan.given.tolist()


REFORMATTED = {
    "numbers": (["01", "02", "1e3"], {"01": "1", "02": "2", "1e3": "1,00E+03"}),
    "dates": (
        ["2020-03-04", "2020-04-03", "2021-12-31"],
        {
            "2020-03-04": "04.03.2020",
            "2020-04-03": "03.04.2020",
            "2021-12-31": "31.12.2021",
        },
    ),
    "ranges": (["10-12", "1-9", "old"], {"10-12": "12. Okt", "1-9": "01. Sep"}),
}


@pytest.mark.parametrize("kind", REFORMATTED)
def test_answers_are_read_as_given_labels_are_shown(tmp_path, kind):
    labels, shown = REFORMATTED[kind]
    sheet = Sheet(tmp_path, labels * 4, n=12)
    answers = [labels[k % 3] for k in range(12)]
    sheet.fill([shown.get(a, a) for a in answers])
    for row in sheet.body:
        row[-3] = shown.get(row[-3], row[-3])
    assert sheet.save(delimiter=";").read().labels.tolist() == answers


def test_a_label_that_may_be_either_of_two_is_refused(tmp_path):
    sheet = Sheet(tmp_path, ["01", "1", "2"] * 4, n=12)
    sheet.fill(["1"] * 12)
    for row in sheet.body:
        row[-3] = row[-3].lstrip("0")
    with pytest.raises(ValueError, match=r"row \d+: '1' may be any of '01', '1'"):
        sheet.save().read()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("CAT", "cat"),
        (" cat ", "cat"),
        ("e\u0301lan", "Élan"),
        ("'dog", "dog"),
        ("dgo", None),
    ],
)
def test_case_blanks_and_accents_do_not_matter(text, label):
    answers = Answers(["cat", "dog", "Élan"])
    if label is None:
        with pytest.raises(ValueError, match="did you mean 'dog'"):
            answers.read(text)
    else:
        assert answers.texts[answers.read(text)] == label


# -------------------------------------------------------------------- the rules
@pytest.mark.parametrize("right", ["no", "n", "FALSE", "0", "right", "0,0"])
@pytest.mark.parametrize("wrong", ["yes", "Y", "True", "1", "x", "X ", "1.0"])
def test_verdicts_are_words(tmp_path, wrong, right):
    sheet = Sheet(tmp_path).save()
    found = sheet.fill([wrong, right, right, right, right, "?"]).save().read()
    assert found.labels.tolist() == [None, *sheet.plan.given[1:5]]
    assert found.cannot_say.tolist() == [sheet.plan.rows[5]]


def test_of_two_labels_a_wrong_one_is_the_other(tmp_path):
    sheet = Sheet(tmp_path, ["ham", "spam"] * 6)
    found = sheet.fill(["yes"] * 5 + ["no"]).save().read()
    assert all(a != b for a, b in zip(found.labels[:5], found.given[:5], strict=True))
    assert set(found.labels) <= {"ham", "spam"}


@pytest.mark.parametrize(
    "labels", [["yes", "no"], ["y", "n"], ["0", "1"], ["x", "o"], [2, 3]]
)
def test_where_labels_are_such_words_an_answer_is_a_label(tmp_path, labels):
    sheet = Sheet(tmp_path, labels * 6)
    assert sheet.head[-2].startswith("answer (the right label: ")
    found = sheet.fill([str(labels[0])] * 6).save().read()
    assert found.labels.tolist() == [labels[0]] * 6
    with pytest.raises(ValueError, match="is no label of the table"):
        sheet.fill(["true"]).save().read()


def test_where_the_question_mark_is_a_label_it_is_no_excuse(tmp_path):
    sheet = Sheet(tmp_path, ["?", "ok"] * 6)
    assert "cannot say = cannot say" in sheet.head[-2]
    found = sheet.fill(["?"] * 5 + ["cannot say"]).save().read()
    assert found.labels.tolist() == ["?"] * 5
    assert found.cannot_say.size == 1


def test_marks_and_blanks_need_a_word(tmp_path):
    sheet = Sheet(tmp_path).fill(["x", "", "", "x", "", ""]).save()
    with pytest.raises(ValueError, match="2 answers say .* 4 rows are blank"):
        sheet.read()
    right = sheet.read(blank="right")
    assert [label is None for label in right.labels] == [1, 0, 0, 1, 0, 0]
    open_rows = sheet.read(blank="unanswered")
    assert open_rows.rows.size == 2
    assert open_rows.unanswered.size == 4


def test_corrections_and_blanks_need_a_word_too(tmp_path):
    sheet = Sheet(tmp_path)
    other = "dog" if sheet.plan.given[0] == "cat" else "cat"
    with pytest.raises(ValueError, match=r"blank='right'"):
        sheet.fill([other]).save().read()


def test_a_sheet_done_from_the_top_is_a_random_part(tmp_path):
    sheet = Sheet(tmp_path).fill(["no", "?", "no"]).save()
    found = sheet.read()
    assert found.rows.tolist() == sheet.plan.rows[[0, 2]].tolist()
    assert found.unanswered.tolist() == sheet.plan.rows[3:].tolist()
    np.testing.assert_allclose(found.weight, 12 / 2)


def test_a_sheet_that_was_sorted_and_half_done_is_refused(tmp_path):
    sheet = Sheet(tmp_path)
    sheet.body.sort(key=lambda row: row[1])
    assert sheet.body[0][-1] != min(row[-1] for row in sheet.body)
    with pytest.raises(ValueError, match="sorted or filtered"):
        sheet.fill(["no"] * 2).save().read()
    assert sheet.fill(["no"] * 6).save().read().rows.size == 6


def test_lines_that_were_deleted_are_no_random_part(tmp_path):
    sheet = Sheet(tmp_path).fill(["no"] * 6)
    sheet.body = sheet.body[3:]
    with pytest.raises(ValueError, match="sorted or filtered"):
        sheet.save().read()


def test_a_plan_without_strata_is_as_good(tmp_path):
    sheet = Sheet(tmp_path, purpose="comparison").fill(["no"] * 6).save()
    assert sheet.read().purpose == "comparison"


# --------------------------------------------------------------- one clear line
def refused(sheet, match, **options):
    with pytest.raises(ValueError, match=match) as caught:
        sheet.read(**options)
    assert len(str(caught.value).splitlines()) <= 3


def test_unknown_answers_name_the_row_and_the_nearest_label(tmp_path):
    sheet = Sheet(tmp_path).fill(["no", "cta"]).save()
    row = sheet.plan.rows[1]
    refused(sheet, rf"row {row}: 'cta' is no label of the table; did you mean 'cat'")


def test_unknown_answers_name_all_that_may_be_answered(tmp_path):
    sheet = Sheet(tmp_path).fill(["no", "looks fine"]).save()
    row = sheet.plan.rows[1]
    refused(
        sheet,
        rf"input_row {row}: 'looks fine' is no label of the table: write yes or no, or "
        rf"one of .*'cat', .*, or \? for cannot say\.$",
    )
    (tmp_path / "numbers").mkdir()
    numbers = Sheet(tmp_path / "numbers", ["0", "1"] * 6)
    numbers.fill(["seven"]).save()
    refused(numbers, r": write one of '0', '1', or \? for cannot say\.$")


def test_labels_with_commas_are_told_apart_in_the_header():
    named = Answers(["Nein, nicht", "ja"]).header()
    assert 'the right label: "Nein, nicht", ja; ?' in named


def test_a_changed_label_names_the_row(tmp_path):
    sheet = Sheet(tmp_path).fill(["no"] * 6)
    other = "dog" if sheet.plan.given[2] == "cat" else "cat"
    sheet.body[2][-3] = other
    refused(sheet.save(), f"row {sheet.plan.rows[2]}: the given label was changed")
    sheet.body[2][-3] = "cow"
    refused(sheet.save(), f"row {sheet.plan.rows[2]}: the given label was changed")


def test_nothing_answered(tmp_path):
    refused(Sheet(tmp_path), "no answer in any of 6 rows")


def test_every_answer_is_cannot_say(tmp_path):
    refused(Sheet(tmp_path).fill(["?"] * 6).save(), r"'\?' in all 6 rows")


def test_a_sheet_of_another_plan(tmp_path):
    sheet = Sheet(tmp_path).fill(["no"] * 6).save()
    (tmp_path / "b").mkdir()
    other = Sheet(tmp_path / "b", seed=1)
    refused(sheet, "is the plan .* was written for the plan", plan=other.plan_path)
    sheet.body[0][-1] = other.body[0][-1]
    refused(sheet.save(), "lines of 2 sheets")


def test_a_missing_plan_says_where_it_should_be(tmp_path):
    sheet = Sheet(tmp_path).fill(["no"] * 6).save()
    sheet.plan_path.rename(tmp_path / "else.json")
    refused(sheet, re.escape(f"{plan_place(sheet.path)} is missing"))
    assert sheet.read(plan=tmp_path / "else.json").rows.size == 6


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"schema": "skdataquality.sheet_plan/2"}, "sheet_plan/2.*use the version"),
        ({"n_rows": 3}, "changed or cut off"),
        ({"rows": None}, "changed or cut off"),
    ],
)
def test_a_changed_plan(tmp_path, change, match):
    sheet = Sheet(tmp_path).fill(["no"] * 6).save()
    data = json.loads(sheet.plan_path.read_text())
    sheet.plan_path.write_text(json.dumps(data | change))
    refused(sheet, match)


def test_a_changed_table_names_the_row(tmp_path):
    sheet = Sheet(tmp_path).fill(["no"] * 6).save()
    good, row = sheet.table, sheet.plan.rows[0]
    sheet.table = good.copy()
    sheet.table.loc[row, "size"] = -1.0
    refused(sheet, f"1 of 6 rows differ, first input_row {row}")
    sheet.table = good.copy()
    sheet.table.loc[row, "kind"] = "bat"
    refused(sheet, f"row {row}, .* then and 'bat' now")
    sheet.table = good[:-1]
    refused(sheet, "a table with 12 rows and this one has 11")
    sheet.table = good.drop(columns="note")
    refused(sheet, "lacks the column 'note'")
    elsewhere = np.setdiff1d(np.arange(12), sheet.plan.rows)[0]
    sheet.table = good.copy()
    sheet.table.loc[elsewhere, "kind"] = "bat"
    refused(sheet, "labels have changed")


def test_more_columns_and_other_types_are_the_same_table(tmp_path):
    sheet = Sheet(tmp_path).fill(["no"] * 6).save()
    sheet.table["new"] = 1
    sheet.table["note"] = sheet.table["note"].astype("category")
    assert sheet.read().rows.size == 6


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 zipped", "is a workbook: save the sheet as CSV"),
        (b"a,b\n1,2\n", "no line with a key"),
        (b"\x81\x8d\x8f", "unknown encoding"),
    ],
)
def test_files_that_are_no_sheet(tmp_path, data, match):
    path = tmp_path / "audit.csv"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=match):
        read_verified(path)


def test_lines_are_not_taken_for_others(tmp_path):
    sheet = Sheet(tmp_path).fill(["no"] * 6)
    sheet.body.append(list(sheet.body[0]))
    refused(sheet.save(), f"holds input_row {sheet.plan.rows[0]} twice")
    sheet.body[-1][-1] = sheet.body[-1][-1][:-1] + "g"
    refused(sheet.save(), "in a line without a key")
    sheet.body[-1][-2] = ""
    sheet.body[-1][0] = "sum"
    assert sheet.save().read().rows.size == 6
    sheet.head[-2] = "my own"
    refused(sheet.save(), "has no column 'answer")


def test_letters_that_a_spreadsheet_lost(tmp_path):
    sheet = Sheet(tmp_path, ["кот", "пёс"] * 6)
    sheet.fill(["no"] * 6)
    for row in sheet.body:
        row[-3] = "???"
    refused(sheet.save(), "has lost letters.*CSV in UTF-8")


def test_the_plan_holds_what_an_estimate_needs(tmp_path):
    plan = load_plan(Sheet(tmp_path).plan_path)
    assert plan.classes == ["cat", "dog", "Élan"]
    assert plan.class_counts == [4, 4, 4]
    assert plan.inclusion_probability == [0.5] * 6
    assert (plan.label, plan.n_rows, plan.purpose) == ("kind", 12, "audit")
