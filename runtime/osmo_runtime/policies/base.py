"""What a policy is: whatever answers a rollout's model calls, where the training cluster's model does not."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from osmo_checks.errors import UsageError
from osmo_runtime.log import Log
from osmo_runtime.model import Attempt, Message


class PolicyError(Exception):
    """The policy could not answer. The rollout sees HTTP ``status`` with this text.

    It is told not to try again, unless ``retry_after_s`` says in how many seconds it may.
    """

    def __init__(self, message: str, *, status: int = 500, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One model call, with what the policy may know about the attempt it belongs to.

    ``tools`` are the ``function`` objects of the request: name, description, parameters (JSON Schema).
    ``call`` counts the attempt's calls from 0; ``seed`` is the same for the same call of the same run.
    """

    messages: Sequence[Message]
    attempt: Attempt
    label: str | None = None
    metadata: Mapping[str, Any] | None = None
    tools: Sequence[Mapping[str, Any]] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    call: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class ToolCall:
    """``arguments`` that are a text go to the rollout as they stand: models write such texts, not always JSON."""

    name: str
    arguments: Mapping[str, Any] | str


@dataclass(frozen=True, slots=True)
class ChatReply:
    content: str | None = None
    tool_calls: Sequence[ToolCall] = ()
    finish_reason: str | None = None


class Policy(Protocol):
    """To add a policy, add a module with one of these and a line to ``POLICIES`` in the package."""

    async def answer(self, request: ChatRequest) -> ChatReply:
        """Answer one call; many run at a time. Raises ``PolicyError`` where there is no answer."""
        ...


@runtime_checkable
class Closable(Protocol):
    """A policy that holds something: it is closed once, when the run ends."""

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """What a policy is told of the run. ``labels`` are those of the rows, in their order, to be gone through once.

    ``environment`` has the keys of model servers; ``redact`` takes secrets out of what is written down, and ``log`` is
    where the output of code that a policy runs goes.
    """

    labels: Iterable[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    redact: Callable[[str], str] = str
    log: Log = field(default_factory=lambda: Log(Path(os.devnull), str))


@runtime_checkable
class Prepared(Protocol):
    """A policy that needs something of the run: it is told once, before its first call."""

    def prepare(self, setting: Setting) -> None:
        """Get ready. Raises ``UsageError`` where the policy cannot be used here."""
        ...


class Wrapper:
    """The common part of policies around another one, ``inner``, which they prepare and close."""

    def __init__(self, inner: Policy) -> None:
        self._inner = inner

    def prepare(self, setting: Setting) -> None:
        if isinstance(self._inner, Prepared):
            self._inner.prepare(setting)

    async def close(self) -> None:
        if isinstance(self._inner, Closable):
            await self._inner.close()


def fraction(seed: int, purpose: str) -> float:
    """Return a number of [0, 1) that ``seed`` decides; each ``purpose`` has numbers of its own."""
    digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def without_argument(name: str, argument: str | None) -> None:
    """Raise ``UsageError`` where a policy that takes no argument is given one."""
    if argument is not None:
        raise UsageError(f"The policy `{name}` takes no argument: write `--policy {name}`.")


def text_of(message: Mapping[str, Any]) -> str:
    """Return the text of a message, whether its content is a string or a list of parts."""
    content = message.get("content")
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return content if isinstance(content, str) else ""


def last_user_text(messages: Sequence[Message]) -> str:
    return next((text_of(message) for message in reversed(messages) if message.get("role") == "user"), "")
