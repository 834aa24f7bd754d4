"""Runs on a rollout's own server, which does what its rows order it to, good and bad."""

from pathlib import Path
from typing import Any

import pytest

from tests.server_support import CASES, Served, make_served

#: What comes of an order: a reward, or where it fails and words of the message.
Expected = float | None | tuple[str, str]

SHARED: dict[str, Expected] = {
    "ask": 1.0,
    "well": 1.0,
    "removed": None,
    "workflow": ("workflow", "the tool broke"),
    "workflow timeout": ("timeout", "workflow took 9 s"),
    "grader": ("grader", "no such label"),
    "grader after a reward": ("grader", "no such label"),
    "grader timeout": ("timeout", "grader took 9 s"),
    "no reward": ("grader", "no reward"),
    "no samples": ("grader", "No samples after grading"),
    "infinite": ("grader", "The grader set the reward 'Infinity', which is not a finite number"),
    "text reward": 1.0,
    "truth reward": 1.0,
    "words reward": ("grader", "The grader set the reward 'much', which is not a finite number"),
    "largest reward": 1e308,
    "text messages": ("protocol", "no list of objects"),
    "sample is a list": ("protocol", "sample that is no object"),
    "refuse": ("protocol", "422"),
    "drop": ("protocol", "closed the connection"),
    "redirect": ("protocol", "307"),
    "garbage": ("protocol", "no JSON object"),
    "array": ("protocol", "no JSON object"),
    "no status": ("protocol", "without a status"),
    "other status": ("protocol", "splendid"),
    "hang": ("timeout", "workflow exceeded its 2s deadline"),
}
DELIVERED: dict[str, Expected] = {
    "no grader": ("grader", "no Grader"),
    "other attempt": ("protocol", "another attempt"),
    "wrong token": 1.0,
    "flood": 1.0,
}
ORDERS: dict[str, dict[str, Expected]] = {
    "callbacks": {**SHARED, **DELIVERED, "grade late": ("timeout", "grader exceeded its 2s deadline")},
    "bridge": {**SHARED, **DELIVERED, "full": 1.0, "grade late": 1.0},
    "lease": {
        **SHARED,
        "full": 1.0,
        "busy": 1.0,
        "no lease": ("protocol", "no lease"),
        "expired": ("protocol", "lease expire"),
        "forgotten": ("protocol", "404"),
        "huge": ("protocol", "more than"),
        "hang in grader": ("timeout", "grader exceeded its 2s deadline"),
    },
}


@pytest.mark.parametrize("protocol", ORDERS)
def test_every_order_ends_as_it_should(tmp_path: Path, protocol: str) -> None:
    _obeys(tmp_path, protocol, ORDERS[protocol])


@pytest.mark.parametrize("protocol", ORDERS)
def test_one_order_that_ends_the_server_costs_the_others_nothing(tmp_path: Path, protocol: str) -> None:
    how = ("crash", "twice, the server that ran it ended itself (exit code 3)")
    served = _obeys(tmp_path, protocol, {"well": 1.0, "die": how, "ask": 1.0, "workflow": ("workflow", "broke")})
    assert len((served.run_folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()) == 4


def test_one_order_that_silences_the_server_costs_the_others_nothing(tmp_path: Path) -> None:
    _obeys(tmp_path, "callbacks", {"well": 1.0, "freeze": ("timeout", "no sign of life"), "ask": 1.0})


def _obeys(root: Path, protocol: str, expected: dict[str, Expected]) -> Served:
    served = make_served(root, CASES / "obedient.py", list(expected), timeout_s=2, PROTOCOL=protocol)
    done = served.run("--driver", "server")
    assert done.returncode == 1, done.stderr
    found = {order: _outcome(entry) for order, entry in served.entries().items()}
    assert set(found) == set(expected)
    for order, outcome in expected.items():
        if isinstance(outcome, tuple):
            boundary, words = outcome
            assert found[order][0] == boundary, (order, found[order])
            assert words in str(found[order][1]), (order, found[order])
        else:
            assert found[order] == ("graded", outcome), order
    return served


def _outcome(entry: dict[str, Any]) -> tuple[str, Any]:
    return ("graded", entry["reward"]) if entry["outcome"] == "graded" else (entry["boundary"], entry["message"])
