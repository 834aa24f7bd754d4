"""The values that pass between the stages of a run.

Rows and repeats count from 0, as the names of result files do (``row_<row>_run_<repeat>.json``).
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from osmo_checks.errors import InputError
from osmo_runtime import untrusted

#: One message in the shape of the Chat Completions API.
Message: TypeAlias = dict[str, Any]
#: The roles that a message of that API can have.
ROLES = ("system", "developer", "user", "assistant", "tool", "function")


class Boundary(StrEnum):
    """What a failed attempt was crossing into when it failed.

    ``TOOL`` is an exception that came out of a framework's tool through the workflow. Frameworks tell most of them to
    the model instead, and the attempt goes on: those are counted, see ``tool_errors``.
    """

    LOAD = "load"
    WORKFLOW = "workflow"
    TOOL = "tool"
    POLICY = "policy"
    GRADER = "grader"
    TIMEOUT = "timeout"
    CRASH = "crash"
    PROTOCOL = "protocol"


@dataclass(frozen=True, slots=True)
class Row:
    """One dataset row, read the way the platform reads it."""

    number: int
    data: Mapping[str, Any]

    @property
    def messages(self) -> list[Message]:
        """The prompt a workflow receives: a system and a user message, each only if the row has it."""
        texts = (("system", self._text("system_prompt")), ("user", self._text("user_prompt")))
        return [{"role": role, "content": text} for role, text in texts if text is not None]

    @property
    def label(self) -> str | None:
        label = self._text("ground_truth")
        return self._text("label") if label is None else label

    @property
    def metadata(self) -> dict[str, Any] | None:
        """The ``metadata`` object; CSV carries it as JSON text. Raises ``InputError`` for anything else."""
        value = self.data.get("metadata")
        if isinstance(value, str) and value.strip():
            with suppress(ValueError):
                value = untrusted.loads(value)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if not isinstance(value, dict) or not untrusted.is_shallow(value):
            raise InputError(
                f"Row {self.number} of the dataset: metadata has to be a JSON object "
                f"that nests at most {untrusted.MAX_DEPTH} deep; mend the row and run again."
            )
        return value or None

    def _text(self, name: str) -> str | None:
        value = self.data.get(name)
        return None if value is None else str(value) or None


@dataclass(frozen=True, slots=True, order=True)
class Attempt:
    """One execution of one row."""

    row: int
    repeat: int

    def __str__(self) -> str:
        return f"row_{self.row}_run_{self.repeat}"


@dataclass(frozen=True, slots=True)
class Graded:
    """``reward`` is the mean over the attempt's samples; ``None`` where the rollout removed them from training."""

    reward: float | None


@dataclass(frozen=True, slots=True)
class Failed:
    """``message`` is one sentence or the user's own exception; ``traceback`` holds the user's frames only."""

    boundary: Boundary
    message: str
    traceback: str = ""


Outcome: TypeAlias = Graded | Failed


@dataclass(frozen=True, slots=True)
class Sample:
    """What a workflow produced, after grading. ``messages`` are in the Chat Completions shape."""

    name: str
    messages: list[Message]
    reward: float | None = None
    removed: bool = False
    metrics: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One model call of an attempt. ``latency_s`` is the policy's own time; tokens are estimates."""

    messages: list[Message]
    reply: Message | None
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    latency_s: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a driver says about one attempt; ``duration_s`` counts from its dispatch."""

    attempt: Attempt
    outcome: Outcome
    started_at: str
    duration_s: float
    samples: tuple[Sample, ...] = ()
    calls: tuple[Call, ...] = ()

    @property
    def tokens(self) -> int:
        return sum(call.prompt_tokens + call.completion_tokens for call in self.calls)
