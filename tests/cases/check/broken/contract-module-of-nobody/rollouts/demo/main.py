from flow import EchoGrader, EchoWorkflow

if __name__ == "__main__":
    import os

    import uvicorn
    from osmosis_ai.rollout import LocalBackend
    from osmosis_ai.rollout.server import create_rollout_server

    backend = LocalBackend(workflow=EchoWorkflow, grader=EchoGrader)
    port = int(os.environ.get("_OSMOSIS_ROLLOUT_PORT", "8000"))
    uvicorn.run(create_rollout_server(backend=backend), host="0.0.0.0", port=port)
