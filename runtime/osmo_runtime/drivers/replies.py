"""What a worker says, read as values. User code shares the worker's process, so any line may be anybody's."""

from dataclasses import dataclass
from typing import Any, TypeVar

from osmo_runtime import untrusted
from osmo_runtime.grading import reward_of
from osmo_runtime.model import Boundary, Failed, Graded, Outcome, Sample

T = TypeVar("T")


class ReplyError(ValueError):
    """A line that no worker of ours wrote: nothing that comes after it can be believed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """``max_concurrent`` is the rollout's own limit on attempts at a time, ``memory_mb`` what the worker has by now."""

    max_concurrent: int | None
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Result:
    """How the attempt that was sent under ``number`` ended. A ``stuck`` worker runs nothing after it.

    ``left_behind`` is how many attempts of the worker have something that goes on in it although their time is over.
    ``memory_mb`` is the memory that the worker has by now.
    """

    number: int
    outcome: Outcome
    samples: tuple[Sample, ...] = ()
    stuck: bool = False
    left_behind: int = 0
    memory_mb: float = 0.0


def read_load(line: bytes) -> Loaded | Failed:
    """Read the answer to the order to load. Raises ``ReplyError``."""
    reply = _parse(line)
    try:
        if reply.get("type") == "load_failed":
            return _failed(reply["failed"])
        limit = reply["max_concurrent"]
        if reply["type"] != "loaded" or (limit is not None and _is(int, limit) < 1):
            raise ReplyError
    except (KeyError, TypeError, ValueError):
        raise ReplyError from None
    return Loaded(limit, _memory_mb(reply))


def read_result(line: bytes) -> Result:
    """Read how an attempt ended; one whose reply is not what it has to be has failed. Raises ``ReplyError``."""
    reply = _parse(line)
    number = _is(int, reply.get("id"))
    if reply.get("type") not in ("result", "stuck"):
        raise ReplyError
    try:
        outcome = Graded(reward_of(reply["reward"])) if "failed" not in reply else _failed(reply["failed"])
        samples = tuple(_sample(sample) for sample in reply.get("samples", ()))
    except (KeyError, TypeError, ValueError, OverflowError):
        message = "what came back from its worker is no result: the messages have to be a list of objects, for one"
        return Result(number, Failed(Boundary.PROTOCOL, message))
    stuck, left_behind = reply["type"] == "stuck", _is(int, reply.get("left_behind", 0))
    return Result(number, outcome, samples, stuck=stuck, left_behind=left_behind, memory_mb=_memory_mb(reply))


def _parse(line: bytes) -> dict[str, Any]:
    try:
        reply = untrusted.loads(line)
    except ValueError:
        raise ReplyError from None
    if not isinstance(reply, dict):
        raise ReplyError
    return reply


def _failed(data: Any) -> Failed:
    return Failed(Boundary(data["boundary"]), _is(str, data["message"]), _is(str, data["traceback"]))


def _sample(data: Any) -> Sample:
    messages = [_is(dict, message) for message in _is(list, data["messages"])]
    name, removed, metrics = _is(str, data["name"]), _is(bool, data["removed"]), _is(dict, data["metrics"])
    return Sample(name, messages, reward_of(data["reward"]), removed=removed, metrics=metrics)


def _memory_mb(reply: dict[str, Any]) -> float:
    memory = reply.get("memory_mb")
    return memory if isinstance(memory, float) else 0.0


def _is(kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise ReplyError
    return value
