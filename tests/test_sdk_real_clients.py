"""The official tools' own clients drive the built-in SDK's servers, and hear what they hear from the real ones."""

import json
import subprocess
from pathlib import Path
from typing import Any

from osmo_checks.contracts import load_contract

from .real_sdk import interpreter
from .sdk_servers import CASES, Server, serving

ENTRYPOINT = CASES / "served-0.3" / "main.py"
#: What the prompt and the label make the rollout do.
ORDERS = [
    ("hello", "6"),
    ("raise", "6"),
    ("no messages", "6"),
    ("no json", "6"),
    ("hello", "raise"),
    ("hello", "nothing"),
    ("hello", "remove"),
    ("hello", None),
]
#: The last version whose controller listens for callbacks.
LISTENING = "0.3.2"


def drive(version: str, script: Path, server: Server) -> Any:
    python, environment = interpreter(version)
    command = [python, str(script), server.url, json.dumps(ORDERS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_client_that_polls() -> None:
    version = load_contract("0.3").data["verified_with"]
    interpreter(version)  # skips before anything is served
    with serving(None, ENTRYPOINT) as server:
        said = drive(version, CASES / "polls.py", server)
    with serving(version, ENTRYPOINT) as server:
        assert said == drive(version, CASES / "polls.py", server)
    statuses = [result["status"] for result in said["results"]]
    assert statuses == ["success", "failure", "failure", "success", "failure", "failure", "success", "failure"]
    assert said["results"][0]["sample"]["reward"] == 0.5
    assert said["cancelled"] == [{"polled-sleep": "cancelled_running"}, "cancelled"]
    assert said["idle"] == {"accepting_rollouts": True, "active_rollouts": 0}


def test_the_controller_that_listens_for_callbacks() -> None:
    interpreter(LISTENING)
    with serving(None, ENTRYPOINT) as server:
        said = drive(LISTENING, CASES / "listens.py", server)
    with serving(LISTENING, ENTRYPOINT) as server:
        assert said == drive(LISTENING, CASES / "listens.py", server)
    assert said[0][0] == "success"
    assert said[0][2]["reward"] == 0.5
