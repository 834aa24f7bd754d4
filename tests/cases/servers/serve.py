"""Serves the rollout in ``main.py``, as an official entrypoint does, with the SDK that is installed."""

import os

import uvicorn
from main import TheGrader, Workflow
from osmosis_ai.rollout import LocalBackend
from osmosis_ai.rollout.server import create_rollout_server

if __name__ == "__main__":
    backend = LocalBackend(workflow=Workflow, grader=TheGrader)
    port = int(os.environ["_OSMOSIS_ROLLOUT_PORT"])
    uvicorn.run(create_rollout_server(backend=backend), host="127.0.0.1", port=port)
