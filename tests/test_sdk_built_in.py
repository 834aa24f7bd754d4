"""The built-in SDK as user code meets it: in a Python of its own, under ``osmosis_ai``."""

import json
import subprocess
import sys

import pytest

from osmo_checks.contracts import load_contract

GENERATIONS = ("0.2", "0.3")
PREPARE = "from osmo_runtime.sdk import finder; finder.install({!r})\n"


def python(generation: str, code: str) -> str:
    """Run ``code`` where ``generation`` is served; return what it prints, or the last line of its error."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARE.format(generation) + code], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_public_names_live_under_their_public_modules(generation: str) -> None:
    code = """
import importlib, pickle
for name in ["", ".types", ".context", ".backend", ".backend.local", ".server", ".utils.imports"]:
    module = importlib.import_module("osmosis_ai.rollout" + name)
    for public in module.__all__:
        home = getattr(getattr(module, public), "__module__", "osmosis_ai")
        assert home.split(".")[0] in ("osmosis_ai", "builtins", "typing", "collections"), (public, home)
from osmosis_ai.rollout import AgentWorkflowConfig, LocalBackend
config = AgentWorkflowConfig(name="x", extra=1)
assert pickle.loads(pickle.dumps(config)) == config
print(AgentWorkflowConfig.__module__, LocalBackend.__module__, config.concurrency.max_concurrent)
"""
    assert python(generation, code) == "osmosis_ai.rollout.types.config osmosis_ai.rollout.backend.local.backend None"


CONFORMS = """
import importlib, json, sys
contract = json.loads({!r})
def look_up(path):
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)
missing = [f"{{module}}.{{name}}" for module, names in contract["modules"].items() for name in names
           if "openai_agents" not in module and not hasattr(importlib.import_module(module), name)]
def instance(path):
    needed = {{"AgentWorkflowContext": {{"prompt": []}}}}.get(path.rpartition(".")[2], {{}})
    return look_up(path)(**needed)
for path, names in contract["attributes"].items():
    if "openai_agents" not in path and "SampleSource" not in path:
        thing = instance(path)
        missing += [f"{{path}}.{{name}}" for name in names if not hasattr(thing, name)]
surplus = []
for path in contract["renamed"]:
    owner, _, name = path.rpartition(".")
    if owner in contract["attributes"] and hasattr(instance(owner), name):
        surplus.append(path)
print(missing, surplus)
"""


@pytest.mark.parametrize("generation", GENERATIONS)
def test_it_has_what_the_contract_lists_and_nothing_that_was_renamed(generation: str) -> None:
    contract = json.dumps(dict(load_contract(generation).data))
    assert python(generation, CONFORMS.format(contract)) == "[] []"


AWAITED = """
import functools, importlib, inspect, json
calls = json.loads({!r})
def look_up(path):
    module, _, names = path.partition(".rollout.")
    return functools.reduce(getattr, names.split("."), importlib.import_module(module + ".rollout"))
wrong = [path for path in calls["coroutines"] if not inspect.iscoroutinefunction(look_up(path))]
print(wrong + [path for path in calls["plain"] if inspect.iscoroutinefunction(look_up(path))])
"""


@pytest.mark.parametrize("generation", GENERATIONS)
def test_what_the_contract_says_is_awaited_is_and_the_rest_is_not(generation: str) -> None:
    calls = json.dumps(load_contract(generation).data["calls"])
    assert python(generation, AWAITED.format(calls)) == "[]"


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_sdk_does_not_import_strands_until_asked(generation: str) -> None:
    code = """
import sys
import osmosis_ai.rollout, osmosis_ai.rollout.server
print([name for name in ("strands", "openai", "aiohttp", "fastapi", "typer", "copier", "rich") if name in sys.modules])
"""
    assert python(generation, code) == "[]"


def test_strands_is_exported_where_0_2_has_it() -> None:
    code = """
from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent
from osmosis_ai.rollout.integrations import OsmosisStrandsAgent as second
from osmosis_ai.rollout.integrations.agents import OsmosisStrandsAgent as third
from osmosis_ai.rollout.integrations.agents.strands import OsmosisStrandsAgent as fourth
assert OsmosisStrandsAgent is second is third is fourth
try:
    OsmosisStrandsAgent(model=OsmosisRolloutModel())
except RuntimeError as error:
    print(error)
"""
    assert python("0.2", code).startswith("OsmosisRolloutModel requires an active RolloutContext.")


def test_a_second_agent_in_one_rollout() -> None:
    code = """
from osmosis_ai.rollout.context import RolloutContext
from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent
with RolloutContext(chat_completions_url="http://127.0.0.1:1"):
    for _ in range(2):
        agent = OsmosisStrandsAgent({}model=OsmosisRolloutModel(), callback_handler=None)
"""
    assert "already has a sample source registered" in python("0.3", code.replace("{}", ""))
    assert "Session with twin already exists" in python("0.2", code.replace("{}", "name='twin', "))


@pytest.mark.parametrize(
    ("generation", "code", "error"),
    [
        ("0.2", "import osmosis_ai.eval.rubric", "osmosis_ai.eval is not part of the built-in SDK; install osmosis-ai"),
        (
            "0.3",
            "from osmosis_ai.rollout import OsmosisStrandsAgent",
            "OsmosisStrandsAgent is not part of",
        ),
        ("0.2", "from osmosis_ai.rollout.types import AgentWorkflowOutput", "AgentWorkflowOutput"),
        ("0.2", "import osmosis_ai.rollout.client", "ModuleNotFoundError: osmosis_ai.rollout.client is not part"),
    ],
)
def test_what_is_not_built_in_says_so(generation: str, code: str, error: str) -> None:
    assert error in python(generation, code)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_feature_detection_works(generation: str) -> None:
    code = "import osmosis_ai.rollout.context as c; print(hasattr(c, 'nothing'), getattr(c, 'nothing', 1))"
    assert python(generation, code) == "False 1"


BACKEND = """
from osmosis_ai.rollout.backend.local import LocalBackend
print(LocalBackend(workflow={}).{})
"""


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    ("workflow", "shown", "result"),
    [
        ("'collections:OrderedDict'", "workflow_cls.__name__", "OrderedDict"),
        ("dict", "health()", "{'status': 'ok', 'concurrency': {'max_concurrent': 4, 'queued': 0, 'running': 0}}"),
        ("'collections'", "", "ValueError: Invalid import path 'collections' — expected 'module:attr' format"),
        ("'collections:Nothing'", "", "ImportError: collections does not export 'Nothing'"),
    ],
)
def test_local_backend_takes_classes_and_import_paths(generation: str, workflow: str, shown: str, result: str) -> None:
    assert python(generation, BACKEND.format(workflow, shown or "limiter")) == result


SERVER = """
import asyncio, contextlib, sys
from osmosis_ai.rollout.backend.local import LocalBackend
from osmosis_ai.rollout.server import create_rollout_server
@contextlib.asynccontextmanager
async def lifespan(app):
    print("up", type(app).__name__)
    yield
    print("down")
def server(**options):
    return create_rollout_server(backend=LocalBackend(workflow=dict), lifespan=lifespan, **options)
"""


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_server_that_nobody_serves_needs_no_web_framework(generation: str) -> None:
    code = "sys.modules['fastapi'] = None; server(); print([name for name in sys.modules if 'starlette' in name])"
    assert python(generation, SERVER + code) == "[]"


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_missing_web_framework_is_named_when_the_server_starts(generation: str) -> None:
    code = "sys.modules['fastapi'] = None; import uvicorn; uvicorn.run(server(configure_logging=False), port=0)"
    assert python(generation, SERVER + code).startswith("ERROR:    Application startup failed")
    code = "sys.modules['fastapi'] = None; server().routes"
    sentence = "Serving a rollout needs a package that is not installed (fastapi): install osmo-scaffold[server]."
    assert sentence in python(generation, SERVER + code)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_server_is_a_fastapi_application_with_the_users_lifespan(generation: str) -> None:
    code = """
app = server()
@app.get("/more")
async def more(): return {}
messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
async def receive(): return next(messages)
async def send(message): print(message["type"])
asyncio.run(app({"type": "lifespan", "state": {}}, receive, send))
print("/more" in [route.path for route in app.routes if hasattr(route, "path")])
"""
    lines = ["up FastAPI", "lifespan.startup.complete", "down", "lifespan.shutdown.complete", "True"]
    assert python(generation, SERVER + code).splitlines() == lines


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("api_key=' '", "api_key must be non-empty when provided"),
        ("result_wait_timeout_sec=0", "result_wait_timeout_sec must be finite and greater than zero"),
        ("result_retention_sec=-1", "result_retention_sec must be finite and non-negative"),
        ("polling_lease_timeout_sec=30", "polling_lease_timeout_sec must exceed result_wait_timeout_sec"),
        ("polling_lease_timeout_sec=float('inf')", "timeout_sec must be finite and greater than zero"),
    ],
)
def test_terms_that_do_not_fit_each_other(options: str, error: str) -> None:
    assert python("0.3", f"{SERVER}server({options})") == f"ValueError: {error}"


def test_samples_of_0_2_are_set_by_name() -> None:
    code = """
from osmosis_ai.rollout import GraderContext, RolloutSample
ctx = GraderContext(label="x", samples={"a": RolloutSample(id="a", messages=[{"role": "user", "content": "q"}])})
ctx.set_sample_reward("a", 0.5)
print(ctx.get_samples()["a"].reward, ctx.samples["a"].trajectory_messages)
ctx.set_sample_reward("b", 1.0)
"""
    assert python("0.2", code) == "ValueError: Sample b not found"
    assert python("0.2", code.replace('"b", 1.0', '"a", 1.0')) == "0.5 [{'role': 'user', 'content': 'q'}]"


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("ctx.set_reward('0.25'); print(ctx.sample.reward)", "0.25"),
        ("ctx.set_reward(float('nan'))", "finite_number"),
        ("GraderContext().set_reward(1.0)", "ValueError: GraderContext has no sample to reward"),
        ("print(ctx.sample.trajectory_messages)", "[]"),
        ("print(RolloutSample(trajectory_messages=None).trajectory_messages)", "None"),
        ("from osmosis_ai.rollout.types.output import coerce_output; coerce_output(3)", "got int"),
    ],
)
def test_the_sample_of_0_3(code: str, result: str) -> None:
    head = "from osmosis_ai.rollout import GraderContext, RolloutSample\nctx = GraderContext(sample=RolloutSample())\n"
    program = head + code
    if result == "finite_number":
        program = f"{head}try:\n    {code}\nexcept ValueError as error:\n    print(error.errors()[0]['type'])"
    assert result in python("0.3", program)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_rollout_context_ends_with_its_block(generation: str) -> None:
    code = """
import os
from osmosis_ai.rollout import RolloutContext, get_rollout_context
os.environ["OSMOSIS_CHAT_COMPLETIONS_URL"] = "http://from.the.environment"
with RolloutContext(api_key="k") as context:
    inside = get_rollout_context() is context
print(inside, get_rollout_context(), context.chat_completions_url)
"""
    assert python(generation, code) == "True None http://from.the.environment"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("{'a': 1, 'b': None, 'c': [True, 'x', (1.5,)]}", "{'a': 1, 'b': None, 'c': [True, 'x', [1.5]]}"),
        ("{'a': float('nan'), 'b': [float('inf'), 1]}", "{'b': [1]}"),
        ("{'a': object(), 'b': {'c': {1}}}", "{'b': {}}"),
        ("{2: 'a', 2.5: 'b', True: 'c', None: 'd', (): 'e'}", "{'2': 'a', '2.5': 'b'}"),
        ("{'a': __import__('fractions').Fraction(1, 2)}", "{'a': 0.5}"),
    ],
)
def test_metrics_are_made_to_fit_json(value: str, kept: str) -> None:
    code = f"""
import logging; logging.disable()
from osmosis_ai.rollout import RolloutSample
sample = RolloutSample()
sample.metrics.update({value})
print(sample.json_safe_copy().metrics)
"""
    assert python("0.3", code) == kept


def test_a_context_of_harbor_takes_its_arguments_in_the_sdks_order() -> None:
    code = """
import inspect
from osmosis_ai.rollout import HarborAgentWorkflowContext
context = HarborAgentWorkflowContext([], "config", "environment", {"a": 1}, "folder")
parameters = inspect.signature(HarborAgentWorkflowContext).parameters.values()
print([(one.name, one.default is one.empty) for one in parameters])
print(context.prompt, context.config, context.environment, context.metadata, context.artifacts_dir)
"""
    names, values = python("0.2", code).splitlines()
    required = [
        ("prompt", True),
        ("config", True),
        ("environment", False),
        ("metadata", False),
        ("artifacts_dir", False),
    ]
    assert names == str(required)
    assert values == "[] config environment {'a': 1} folder"


def test_the_server_names_its_terms() -> None:
    code = """
from osmosis_ai.rollout.server import app
print([getattr(app, name) for name in sorted(app.__all__)][:3])
"""
    assert python("0.3", code) == "[120.0, 900.0, 30.0]"
