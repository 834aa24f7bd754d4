"""Which calls give something to await, and which do not."""

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External, Instance, UserFunction
from osmo_checks.rollout import Call, Rollout

_STRANDS = ("strands.Agent", "strands.agent.Agent", "strands.agent.agent.Agent")
_HTTP_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")

_HARMLESS = (External("builtins.staticmethod"), External("builtins.classmethod"))
_COROUTINES = frozenset(
    (
        *("asyncio.sleep", "asyncio.to_thread", "asyncio.wait_for", "asyncio.wait", "asyncio.create_subprocess_exec"),
        *("agents.Runner.run", "litellm.acompletion", "litellm.aresponses"),
        *("openai.AsyncOpenAI.chat.completions.create", "openai.AsyncOpenAI.responses.create"),
        "anthropic.AsyncAnthropic.messages.create",
        *(f"httpx.AsyncClient.{verb}" for verb in _HTTP_VERBS),
        *("asyncio.Lock.acquire", "asyncio.Semaphore.acquire", "asyncio.Event.wait", "asyncio.Queue.get"),
    )
)
_PLAIN = frozenset(
    (
        *("time.sleep", "subprocess.run", "json.loads", "json.dumps", "json.load", "re.search", "re.findall"),
        *(f"requests.{verb}" for verb in _HTTP_VERBS),
        *("builtins.print", "builtins.open", "builtins.float", "builtins.int", "builtins.str", "builtins.len"),
        *("openai.OpenAI.chat.completions.create", "litellm.completion"),
    )
)
_LITERALS = (
    *(cst.SimpleString, cst.FormattedString, cst.Integer, cst.Float, cst.Comparison),
    *(cst.List, cst.Dict, cst.Set, cst.Tuple, cst.ListComp, cst.DictComp, cst.SetComp),
)


def agent_names(rollout: Rollout) -> tuple[str, ...]:
    """Return the names of classes whose instances are Strands agents."""
    return (rollout.sdk("OsmosisStrandsAgent"), *_STRANDS)


def calls_agent(rollout: Rollout, call: Call) -> bool:
    """Tell whether an agent itself is called, which runs its whole conversation before it returns."""
    called = rollout.resolver.attribute(call.function, "__call__") if isinstance(call.function, Instance) else None
    return isinstance(called, External) and called.name.removesuffix(".__call__") in agent_names(rollout)


def gives_coroutine(rollout: Rollout, call: Call) -> bool:
    """Tell whether nothing of what is called runs until the result is awaited."""
    if isinstance(call.function, UserFunction):
        return _is_plain_coroutine(rollout, call.function.scope) and not _is_overridden(rollout, call.function)
    owner, _, method = call.name.rpartition(".")
    if owner in agent_names(rollout):
        return method in ("invoke_async", "structured_output_async")
    return call.name in _COROUTINES or call.name in _listed(rollout, "coroutines")


def gives_plain_value(rollout: Rollout, call: Call) -> bool:
    """Tell whether what the call gives cannot be awaited."""
    if isinstance(call.function, UserFunction):
        return _is_plain_function(call.function.scope) and not _is_overridden(rollout, call.function)
    if calls_agent(rollout, call):
        return True
    return call.name in _PLAIN or call.name in _listed(rollout, "plain")


def _is_plain_coroutine(rollout: Rollout, function: Scope) -> bool:
    """Tell whether ``function`` is an `async def` that yields nothing and that no decorator may have changed."""
    if not function.is_async or function.each(cst.Yield):
        return False
    marks = rollout.resolver.decorators(function)
    return all(mark in _HARMLESS for mark in marks)


def _is_plain_function(function: Scope) -> bool:
    """Tell whether a function of the user's plainly returns what cannot be awaited.

    One without a result has to do something else: an empty one may be there to be overridden by a coroutine.
    """
    node = function.function
    if node is None or node.asynchronous or node.decorators or function.each(cst.Yield):
        return False
    returned = [site.node.value for site in function.each(cst.Return) if site.node.value]
    if not returned:
        return any(isinstance(site.node.value, cst.Call) for site in function.each(cst.Expr))
    return all(isinstance(value, _LITERALS) or _is_word(value) for value in returned)


def _is_overridden(rollout: Rollout, function: UserFunction) -> bool:
    """Tell whether ``self`` may well be of another class that has a method of this name too."""
    name, owner = function.scope.name, function.scope.outer
    if function.owner is None:
        return False
    scopes = (scope for module in rollout.modules for scope in module.scope.below())
    return any(scope.kind == "class" and scope is not owner and name in scope.bindings for scope in scopes)


def _is_word(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Name) and value.value in ("None", "True", "False")


def _listed(rollout: Rollout, which: str) -> list[str]:
    listed: dict[str, list[str]] = rollout.contract.data.get("calls", {})
    return [rollout.contract.canonical(name) for name in listed.get(which, ())]
