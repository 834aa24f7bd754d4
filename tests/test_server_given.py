"""Runs on a server that runs already: the real SDK's and the built-in one's, and one that goes away."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sdk_servers import CASES as SDK_CASES
from tests.sdk_servers import serving
from tests.server_support import CASES, Served, make_served

#: What a server of each generation does with a row's prompt; where and how it then fails.
ORDERS: dict[str, dict[str, tuple[str, str]]] = {
    "0.2": {
        "raise": ("workflow", "the tool broke"),
        "no sample": ("grader", "No samples"),
        "no json": ("grader", "Internal server error"),
    },
    "0.3": {
        "raise": ("workflow", "the tool broke"),
        "sleep": ("timeout", "workflow exceeded its 2"),
        "return text": ("workflow", "str"),
    },
}


@pytest.mark.parametrize(
    ("generation", "version"),
    [("0.2", None), ("0.2", "0.2.31"), ("0.3", None), ("0.3", "0.3.1"), ("0.3", "0.3.7")],
)
def test_a_server_of_the_sdk(tmp_path: Path, generation: str, version: str | None) -> None:
    failing = ORDERS[generation]
    served = make_served(tmp_path, CASES / "obedient.py", ["well", *failing], timeout_s=2)
    with serving(version, SDK_CASES / f"served-{generation}" / "main.py") as server:
        done = served.run("--server", server.url)
        _check(served, done, failing)
        # Servers remember the attempts of runs before.
        _check(served, served.run("--server", server.url, "--fresh"), failing)


def _check(served: Served, done: subprocess.CompletedProcess[str], failing: dict[str, tuple[str, str]]) -> None:
    assert done.returncode == 1, done.stderr
    entries = served.entries()
    assert entries.pop("well")["reward"] == 0.5
    assert set(entries) == set(failing)
    for order, (boundary, words) in failing.items():
        assert entries[order]["boundary"] == boundary, entries[order]
        assert words in entries[order]["message"], entries[order]


@pytest.mark.parametrize("protocol", ["callbacks", "lease"])
def test_a_server_that_goes_away_loses_nothing_that_counted(tmp_path: Path, protocol: str) -> None:
    served = make_served(tmp_path, CASES / "obedient.py", ["well", "ask", "die", "workflow"])
    command = ("--concurrency", "1", "--load-timeout", "1")
    with _obedient(protocol) as url:
        done = served.run("--server", url, *command)
        (sentence,) = done.stderr.splitlines()
        assert sentence.startswith(f"error: The server at {url} is of no use: nobody listens there; ")
        assert done.returncode == 1
        assert {order: entry["reward"] for order, entry in served.entries().items()} == {"well": 1.0, "ask": 1.0}


@pytest.mark.parametrize("protocol", ["callbacks", "lease"])
def test_a_server_that_somebody_starts_again_is_waited_for(tmp_path: Path, protocol: str) -> None:
    orders = ["well", "ask", "die", "workflow"]
    served = make_served(tmp_path, CASES / "obedient.py", orders)
    with _obedient(protocol, again=True) as url:
        done = served.run("--server", url)
    assert done.returncode == 1, done.stderr
    entries = served.entries()
    assert set(entries) == set(orders)
    assert entries["die"]["boundary"] == "crash"
    assert "twice, the server that ran it is not there any more" in entries["die"]["message"]
    assert entries["well"]["reward"] == entries["ask"]["reward"] == 1.0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("localhost:8000", "is no address: it looks like http://127.0.0.1:8000"),
        ("http://", "is no address"),
        ("http://[::1", "is no address"),
        ("http://127.0.0.1:99999", "is no address"),
        ("http://name:word@127.0.0.1:8000", "is no address"),
        ("http://192.0.2.1:8000", "is on another machine"),
        ("http://localhost.example.org", "is on another machine"),
    ],
)
def test_an_address_that_cannot_be_used_is_a_mistake_on_the_command_line(tmp_path: Path, url: str, words: str) -> None:
    done = make_served(tmp_path, CASES / "obedient.py", ["well"]).run("--server", url)
    assert words in done.stderr
    assert done.returncode == 2


def test_a_server_and_workers_exclude_each_other(tmp_path: Path) -> None:
    served = make_served(tmp_path, CASES / "obedient.py", ["well"])
    done = served.run("--server", "http://127.0.0.1:8000", "--driver", "inprocess")
    assert "--driver inprocess does without" in done.stderr
    assert done.returncode == 2


@contextmanager
def _obedient(protocol: str, *, again: bool = False) -> Iterator[str]:
    """Run the obedient server; ``again`` whenever it has ended."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PROTOCOL": protocol, "_OSMOSIS_ROLLOUT_PORT": str(port)}
    command = f'while {sys.executable} "{CASES / "obedient.py"}" || {"true" if again else "false"}; do sleep 1; done'
    with subprocess.Popen(["sh", "-c", command], env=environment, start_new_session=True) as server:
        _wait_for(port)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, signal.SIGKILL)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not listen")
