"""Faults: what a model server does on a bad day, in front of any policy.

``http-500@0.1,timeout@0.05,slow:2s``: names, each with how often (always, if it is not said) and how long, where that
is a matter of time. A call has at most one fault, so all rates together are 1 at most. Which call has which is decided
by the seed, the row, the repeat and the number of the call alone: it is the same whatever else runs at the time.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from osmo_checks.errors import UsageError
from osmo_runtime.policies.base import ChatReply, ChatRequest, Policy, PolicyError, ToolCall, Wrapper, fraction

#: Characters of a huge reply.
HUGE = 1024 * 1024
#: A tool that no rollout has.
UNKNOWN_TOOL = "no_such_tool"
_RETRY_AFTER_S = 0.1
_PART = re.compile(r"(?P<name>[a-z0-9-]+)(?::(?P<seconds>\d+(?:\.\d+)?)s)?(?:@(?P<rate>\d+(?:\.\d+)?))?")
#: Asks the policy.
Ask: TypeAlias = Callable[[], Awaitable[ChatReply]]
#: What stands between the rollout and the policy; the number is the fault's seconds.
Act: TypeAlias = Callable[[Ask, float], Awaitable[ChatReply]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault; ``seconds`` is how long it takes if that is not said, ``None`` where it takes no time."""

    act: Act
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """``rate`` is the share of calls that have it."""

    name: str
    rate: float
    seconds: float


async def _http_500(_: Ask, __: float) -> ChatReply:
    raise PolicyError("injected fault http-500: the model server failed", status=500, retry_after_s=_RETRY_AFTER_S)


async def _rate_limit(_: Ask, __: float) -> ChatReply:
    message = "injected fault rate-limit: too many requests"
    raise PolicyError(message, status=429, retry_after_s=_RETRY_AFTER_S)


async def _timeout(_: Ask, seconds: float) -> ChatReply:
    await asyncio.sleep(seconds)
    raise PolicyError(f"injected fault timeout: no answer for {seconds:g} s", status=504)


async def _slow(ask: Ask, seconds: float) -> ChatReply:
    await asyncio.sleep(seconds)
    return await ask()


async def _malformed_tool_args(ask: Ask, _: float) -> ChatReply:
    reply = await ask()
    return replace(reply, tool_calls=[ToolCall(call.name, _cut(_as_text(call))) for call in reply.tool_calls])


async def _unknown_tool(ask: Ask, _: float) -> ChatReply:
    reply = await ask()
    return replace(reply, tool_calls=[ToolCall(UNKNOWN_TOOL, call.arguments) for call in reply.tool_calls])


async def _truncated(ask: Ask, _: float) -> ChatReply:
    reply = await ask()
    calls = [*reply.tool_calls[:-1], *(ToolCall(call.name, _cut(_as_text(call))) for call in reply.tool_calls[-1:])]
    return ChatReply(reply.content and _cut(reply.content), calls, "length")


async def _empty(_: Ask, __: float) -> ChatReply:
    return ChatReply(content="")


async def _huge(ask: Ask, _: float) -> ChatReply:
    reply = await ask()
    text = f"{reply.content or ''}\nAnd so on. "
    return replace(reply, content=(text * (HUGE // len(text) + 1))[:HUGE])


def _as_text(call: ToolCall) -> str:
    return call.arguments if isinstance(call.arguments, str) else json.dumps(dict(call.arguments))


def _cut(text: str) -> str:
    """Return the first half: of an object in JSON, that is none."""
    return text[: max(1, len(text) // 2)]


#: To add a fault, add a line, and one to docs/policies.md.
FAULTS: Final[Mapping[str, Kind]] = {
    "http-500": Kind(_http_500),
    "timeout": Kind(_timeout, 600.0),
    "rate-limit": Kind(_rate_limit),
    "malformed-tool-args": Kind(_malformed_tool_args),
    "unknown-tool": Kind(_unknown_tool),
    "truncated": Kind(_truncated),
    "empty": Kind(_empty),
    "huge": Kind(_huge),
    "slow": Kind(_slow, 2.0),
}


class FaultyPolicy(Wrapper):
    def __init__(self, inner: Policy, faults: Sequence[Fault]) -> None:
        super().__init__(inner)
        self._ask = inner.answer
        self._faults = faults

    async def answer(self, request: ChatRequest) -> ChatReply:
        where = fraction(request.seed, "fault")
        for fault in self._faults:
            where -= fault.rate
            if where < 0:
                return await FAULTS[fault.name].act(lambda: self._ask(request), fault.seconds)
        return await self._ask(request)


def parse_faults(spec: str) -> list[Fault]:
    """Return the faults that ``NAME[:SECONDSs][@RATE],...`` asks for. Raises ``UsageError`` for anything else."""
    faults = [_parse_one(part.strip()) for part in spec.split(",")]
    total = sum(fault.rate for fault in faults)
    if total > 1 + 1e-9:
        message = f"The rates of --fault {spec} come to {total:g}: a call has one fault, so they may come to 1 at most."
        raise UsageError(message)
    return faults


def _parse_one(part: str) -> Fault:
    match = _PART.fullmatch(part)
    if match is None:
        raise UsageError(f"--fault {part!r} is not written as NAME@RATE: as in `http-500@0.1,slow:2s@0.5`.")
    kind = FAULTS.get(match["name"])
    if kind is None:
        raise UsageError(f"There is no fault {match['name']!r}: choose of {', '.join(FAULTS)}.")
    if match["seconds"] and kind.seconds is None:
        raise UsageError(f"The fault {match['name']} takes no time: write `{match['name']}@RATE`.")
    rate = float(match["rate"] or 1)
    if rate > 1:
        raise UsageError(f"The rate of the fault {part} is a share of all calls: it may be 1 at most.")
    return Fault(match["name"], rate, float(match["seconds"] or kind.seconds or 0))
