"""Policies: whatever answers a rollout's model calls. One module each, and one line here."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from osmo_checks.errors import UsageError
from osmo_checks.paths import is_file
from osmo_runtime.policies.base import (
    ChatReply,
    ChatRequest,
    Closable,
    Policy,
    PolicyError,
    Prepared,
    Setting,
    ToolCall,
)
from osmo_runtime.policies.cassette import RecordingPolicy, ReplayPolicy
from osmo_runtime.policies.constant import ConstantPolicy
from osmo_runtime.policies.echo import EchoPolicy
from osmo_runtime.policies.empty import EmptyPolicy
from osmo_runtime.policies.faults import FaultyPolicy, parse_faults
from osmo_runtime.policies.human import HumanPolicy
from osmo_runtime.policies.litellm_model import LiteLLMPolicy
from osmo_runtime.policies.oracle import OraclePolicy
from osmo_runtime.policies.random_choice import RandomPolicy
from osmo_runtime.policies.script import ScriptPolicy


def _recording(argument: str | None) -> Policy:
    file, equals, inner = (argument or "").partition("=")
    if not file or not equals or not inner:
        raise UsageError(
            "The policy `record` needs a file and the policy that it records: "
            "write `--policy record:FILE=POLICY`, for example `record:tape.jsonl=oracle`."
        )
    return RecordingPolicy(Path(file), parse(inner))


def _model_server(argument: str | None) -> Policy:
    # It needs an HTTP client, whose import only those wait for who ask for it.
    from osmo_runtime.policies.model_server import ModelServerPolicy

    return ModelServerPolicy.from_argument(argument)


POLICIES: Final[Mapping[str, Callable[[str | None], Policy]]] = {
    "constant": ConstantPolicy.from_argument,
    "echo": EchoPolicy.from_argument,
    "empty": EmptyPolicy.from_argument,
    "human": HumanPolicy.from_argument,
    "litellm": LiteLLMPolicy.from_argument,
    "openai": _model_server,
    "oracle": OraclePolicy.from_argument,
    "random": RandomPolicy.from_argument,
    "record": _recording,
    "replay": ReplayPolicy.from_argument,
    "script": ScriptPolicy.from_argument,
}

__all__ = [
    "POLICIES",
    "ChatReply",
    "ChatRequest",
    "Closable",
    "Policy",
    "PolicyError",
    "Prepared",
    "Setting",
    "ToolCall",
    "file_of",
    "is_at_terminal",
    "parse",
]


def parse(spec: str, fault: str | None = None) -> Policy:
    """Return the policy that ``NAME`` or ``NAME:ARGUMENT`` asks for, behind the faults of ``fault``.

    Raises ``UsageError`` where there is none.
    """
    name, colon, argument = spec.partition(":")
    if name not in POLICIES:
        raise UsageError(f"There is no policy {name!r}: choose one of {', '.join(sorted(POLICIES))}.")
    policy = POLICIES[name](argument if colon else None)
    return FaultyPolicy(policy, parse_faults(fault)) if fault else policy


def is_at_terminal(spec: str) -> bool:
    """Tell whether the policy needs the terminal to itself."""
    name, _, argument = spec.partition(":")
    return name == "human" or (name == "record" and is_at_terminal(argument.partition("=")[2]))


def file_of(spec: str) -> Path | None:
    """Return the file that decides what the policy answers, where one does."""
    name, _, argument = spec.partition(":")
    if name == "record":
        return file_of(argument.partition("=")[2])
    path = Path(argument)
    return path if name in ("replay", "script") and is_file(path) else None
