"""Which labels a probe takes for wrong ones."""

import pytest

from osmo_runtime.probe.labels import other_labels

SAME = (
    ("1/2", "0.5"),
    ("1/2", " .50"),
    ("$6", "6"),
    ("6", "6.0"),
    ("6.", "6%"),
    ("1,000", "$1000.00"),
    ("Paris", "paris."),
    ("Paris", '"PARIS"'),
    ("(b)", "B"),
    ("two  words", "Two words!"),
)
DIFFERENT = (("6", "-6"), ("1/2", "1/3"), ("1/0", "1"), ("?", "!"), ("nan", "inf"), ("C++", "C"), ("0.5", "5"))


@pytest.mark.parametrize(("label", "other"), SAME)
def test_another_spelling_is_no_wrong_label(label: str, other: str) -> None:
    assert other_labels(label, [other, label, "no"]) == ["no"]
    assert other_labels(other, [other, label, "no"]) == ["no"]


@pytest.mark.parametrize(("label", "other"), DIFFERENT)
def test_what_means_something_else_is_one(label: str, other: str) -> None:
    assert other_labels(label, [label, other]) == [other]
    assert other_labels(other, [label, other]) == [label]


def test_labels_that_share_nothing_come_first() -> None:
    labels = ["Paris, France", "It is 0.5.", "Rome", "Lyon, France"]
    assert other_labels("Paris", labels) == ["It is 0.5.", "Rome", "Lyon, France", "Paris, France"]
    assert other_labels("x = 1/2", labels) == ["Paris, France", "Rome", "Lyon, France", "It is 0.5."]
