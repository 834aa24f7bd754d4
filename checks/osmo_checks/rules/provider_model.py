"""The workflow is answered by a model object of a fixed provider.

## What it does
Looks for models of agent frameworks (`strands.models`, OpenAI Agents, LangChain, Pydantic AI, DSPy) and for requests to
addresses of model providers in a workflow that refers neither to `OsmosisRolloutModel` nor to the rollout's address.

## Why is this bad?
The calls do not pass through the rollout context. The platform cannot serve the model that is being trained, records no
sample, and the run trains nothing while it pays for somebody else's model.

## How to fix it
Use `OsmosisRolloutModel` with an Osmosis agent, or give the model the address and key of `get_rollout_context()`:

```python
rollout = get_rollout_context()
model = ChatOpenAI(model="policy", base_url=rollout.chat_completions_url, api_key=rollout.api_key)
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.values import Constant, External, Instance
from osmo_checks.rollout import Call, Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.policy_calls import may_ask_policy

_STRANDS = (
    "OpenAIModel",
    "LiteLLMModel",
    "BedrockModel",
    "AnthropicModel",
    "GeminiModel",
    "OllamaModel",
    "MistralModel",
)
_MODELS = (
    *_STRANDS,
    *("LitellmModel", "OpenAIChatCompletionsModel", "OpenAIResponsesModel"),
    *("ChatOpenAI", "ChatAnthropic", "ChatGoogleGenerativeAI", "ChatBedrock", "OpenAIChatModel"),
)
_PACKAGES = ("strands.", "agents.", "langchain_", "pydantic_ai.")
_OTHERS = ("dspy.LM", "langchain.chat_models.init_chat_model", "pydantic_ai.Agent", "smolagents.LiteLLMModel")
_HOSTS = (
    *("api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com", "openrouter.ai", "api.together.xyz"),
    *("api.groq.com", "api.mistral.ai", "api.deepseek.com", "api.fireworks.ai", "localhost:11434"),
)
_INSTEAD = "use `OsmosisRolloutModel`, or the address of `get_rollout_context()`"
_VERBS = ("post", "request", "stream", "urlopen", "AsyncClient", "Client", "ClientSession")


def check(rollout: Rollout) -> Iterator[Problem]:
    found = list(_found(rollout))
    if found and not may_ask_policy(rollout):
        yield from found


def _found(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.workflow_scopes:
        for call in rollout.calls_in(scope):
            if _is_model(call.name):
                short = call.name.rpartition(".")[2]
                message = f"`{short}` asks a fixed provider, so the model in training never answers: {_INSTEAD}."
                yield Problem(in_code(rollout, scope, call.site.node.func), message)
            for node in _from_module(rollout, call):
                message = f"This model asks a fixed provider, so the one in training never answers: {_INSTEAD}."
                yield Problem(in_code(rollout, scope, node), message)
            for node, host in _addressed(rollout, call):
                message = f"Requests to `{host}` never reach the model in training: use `get_rollout_context()`."
                yield Problem(in_code(rollout, scope, node), message)


def _is_model(name: str) -> bool:
    return name in _OTHERS or (name.startswith(_PACKAGES) and name.rpartition(".")[2] in _MODELS)


def _from_module(rollout: Rollout, call: Call) -> Iterator[cst.BaseExpression]:
    """Yield arguments that name a model made outside of the workflow's functions."""
    for argument in call.site.node.args:
        if isinstance(argument.value, cst.Name) and argument.value.value not in call.site.scope.bindings:
            value = rollout.resolver.expression(argument.value, call.site.scope)
            if isinstance(value, Instance) and isinstance(value.of, External) and _is_model(value.of.name):
                yield argument.value


def _addressed(rollout: Rollout, call: Call) -> Iterator[tuple[cst.BaseExpression, str]]:
    """Yield arguments of a request that are a provider's address, with its host."""
    if last_name(call.site.node.func) not in _VERBS or call.name.startswith("openai."):
        return
    for argument in call.site.node.args:
        value = rollout.resolver.expression(argument.value, call.site.scope)
        text = str(value.value) if isinstance(value, Constant) else _start_of(argument.value)
        yield from ((argument.value, host) for host in _HOSTS if host in text)


def _start_of(node: cst.BaseExpression) -> str:
    first = node.parts[0] if isinstance(node, cst.FormattedString) and node.parts else None
    return first.value if isinstance(first, cst.FormattedStringText) else ""


RULE = Rule(
    code="OSM103",
    name="provider-model",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="from strands import Agent\nfrom strands.models.litellm import LiteLLMModel",
                run='agent = Agent(model=«LiteLLMModel»(model_id="openai/gpt-5.2"))\nawait agent.invoke_async("hi")',
            )
        ),
        Example(
            main_py(
                imports="from langchain_openai import ChatOpenAI\nfrom langgraph.prebuilt import create_react_agent",
                above='LLM = ChatOpenAI(model="gpt-5.2")',
                run='agent = create_react_agent(«LLM», tools=[])\nawait agent.ainvoke({"messages": ctx.prompt})',
            )
        ),
        Example(
            main_py(
                imports="import httpx",
                above='URL = "https://api.openai.com/v1/chat/completions"',
                run='client = httpx.AsyncClient()\nawait client.post(«URL», json={"messages": ctx.prompt})',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="from langchain_openai import ChatOpenAI\nfrom osmosis_ai.rollout import get_rollout_context",
                run="rollout = get_rollout_context()\n"
                'model = ChatOpenAI(model="policy", base_url=rollout.chat_completions_url, api_key=rollout.api_key)\n'
                "await model.ainvoke(ctx.prompt)",
            )
        ),
        Example(
            main_py(
                imports="from strands.models.openai import OpenAIModel",
                grade='judge = OpenAIModel(model_id="gpt-5.2")\nctx.samples["main"].reward = float(bool(judge))',
            )
        ),
        Example(
            main_py(
                imports="import httpx",
                run='client = httpx.AsyncClient()\nawait client.post("https://example.com/search", json={})',
            )
        ),
    ),
)
