"""What all wire protocols have in common: an order goes to the server, and a result comes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from osmo_runtime.drivers.server.conversation import chat_messages
from osmo_runtime.drivers.server.http import Answer, GarbageError
from osmo_runtime.grading import NO_LABEL, NO_SAMPLES, finite, mean, plain, reward_of
from osmo_runtime.model import Boundary, Failed, Graded, Outcome, Row, Sample

SUCCESS = "success"
#: Categories of errors that servers name; a phase that took too long is its own boundary.
TIMEOUT_CATEGORY = "timeout"
#: Seconds that a server has beyond a phase's time, where it keeps to that itself and says better what took too long.
ENFORCED_SLACK_S = 3.0
NOT_SAID = "it failed, and the server did not say why: look into what it printed (logs/server.log)"

#: Returns a reward, ``None`` where there is none.
ReadReward = Callable[[object], float | None]


@dataclass(frozen=True, slots=True)
class Order:
    """One attempt, as a server is asked to execute it. ``url`` and ``token`` are the attempt's own.

    A protocol calls ``graded_from_now`` when it learns that the workflow is done: each phase has a time of its own.
    """

    rollout_id: str
    row: Row
    url: str
    token: str
    agent_timeout_s: float
    grader_timeout_s: float
    graded_from_now: Callable[[], None] = lambda: None

    @property
    def request(self) -> dict[str, Any]:
        """The fields of the request that no protocol changed."""
        return {
            "rollout_id": self.rollout_id,
            "initial_messages": self.row.messages,
            "label": self.row.label,
            "metadata": self.row.metadata,
            "chat_completions_url": self.url,
            "agent_timeout_sec": self.agent_timeout_s,
            "grader_timeout_sec": self.grader_timeout_s,
        }

    @property
    def can_be_graded(self) -> bool:
        return self.row.label is not None or self.row.metadata is not None


@dataclass(frozen=True, slots=True)
class Result:
    outcome: Outcome
    samples: tuple[Sample, ...] = ()


class Wire(Protocol):
    """One protocol, spoken to one server. ``slack_s`` is what a phase may take beyond its time."""

    slack_s: float

    async def execute(self, order: Order) -> Result:
        """Have an order executed.

        Raises ``UnreachableError``, ``GarbageError`` for what is no result, and ``RewardError``.
        """

    async def cancel(self, order: Order) -> None:
        """Tell the server that nobody waits any more, where the protocol has words for that."""


def require_accepted(answer: Answer, status: int) -> None:
    """Raise ``GarbageError`` unless the server took the order, which it says with ``status``."""
    if answer.status != status:
        raise GarbageError(f"given the order, {refused(answer)}")


def refused(answer: Answer) -> str:
    return f"it answered with HTTP status {answer.status}: {answer.shown()}"


def failed(phase: str, said: Mapping[str, Any], order: Order) -> Failed:
    """Return the failure that ``said`` tells of, in its ``err_message`` and ``err_category``, while in ``phase``."""
    message, category = _text(said, "err_message"), _text(said, "err_category")
    if category == TIMEOUT_CATEGORY:
        return Failed(Boundary.TIMEOUT, message or f"the {phase} took too long")
    if not message and phase == "grader":
        message = NO_LABEL if not order.can_be_graded else "it has no Grader, or " + NOT_SAID
    return Failed(Boundary(phase), message or NOT_SAID)


def graded(samples: tuple[Sample, ...]) -> Result:
    """Return the result of an attempt that went well. It needs a sample, and samples that count need a reward."""
    if not samples:
        return Result(Failed(Boundary.GRADER, f"{NO_SAMPLES}."))
    rewards = [sample.reward for sample in samples if not sample.removed]
    known = [reward for reward in rewards if reward is not None]
    if len(known) < len(rewards):
        return Result(Failed(Boundary.GRADER, "A sample has no reward after grading."), samples)
    return Result(Graded(mean(known)), samples)


def status_of(said: Mapping[str, Any]) -> str:
    """Return the status that ``said`` has. Raises ``GarbageError`` where it has none."""
    status = said.get("status")
    if not isinstance(status, str):
        raise GarbageError("it sent a result without a status")
    return status


def one_sample(data: Any, read_reward: ReadReward) -> tuple[Sample, ...]:
    """Return the only sample there can be since 0.3, if there is one. Raises what ``sample_of`` does."""
    return () if data is None else (sample_of(data, "main", read_reward),)


def reader_of_rewards(status: str) -> ReadReward:
    """Return how the rewards of a result are read: of one that failed, why it did says more than a bad reward."""
    return reward_of if status == SUCCESS else finite


def sample_of(data: Any, name: str, read_reward: ReadReward) -> Sample:
    """Return one sample as it came over the wire. Raises ``GarbageError``, and what ``read_reward`` does."""
    if not isinstance(data, dict):
        raise GarbageError("it sent a sample that is no object")
    messages, metrics = data.get("messages", []), data.get("metrics", {})
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise GarbageError("it sent a sample whose messages are no list of objects")
    kept = plain(metrics) if isinstance(metrics, dict) else {}
    removed = data.get("remove_sample", False) is True
    return Sample(name, chat_messages(messages), read_reward(data.get("reward")), removed=removed, metrics=kept)


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value.strip() if isinstance(value, str) else ""
