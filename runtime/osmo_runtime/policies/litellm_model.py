"""``litellm:MODEL``: whatever LiteLLM can ask, as in ``litellm:anthropic/claude-sonnet-4-5``.

Keys are those that LiteLLM looks for, ``ANTHROPIC_API_KEY`` for example, in the environment or the file of
``--secrets-file``.
"""

import importlib
import os
from collections.abc import Mapping
from typing import Any, Self

from osmo_checks.errors import UsageError
from osmo_runtime.policies.base import ChatReply, ChatRequest, PolicyError, Setting
from osmo_runtime.policies.completions import body_of, reply_of

_RETRIES = 5
_TIMEOUT_S = 120.0
_SHOWN = 300


class LiteLLMPolicy:
    def __init__(self, model: str) -> None:
        self._model = model
        self._library: Any = None
        self._key: str | None = None

    @classmethod
    def from_argument(cls, argument: str | None) -> Self:
        if not argument:
            raise UsageError("The policy `litellm` needs a model: write `--policy litellm:PROVIDER/MODEL`.")
        return cls(argument)

    def prepare(self, setting: Setting) -> None:
        # Importing it would ask a server for prices, which nobody here wants to know.
        os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        try:
            # It takes seconds to import, which only those wait for who ask for it.
            self._library = importlib.import_module("litellm")
        except ImportError as error:
            message = f"The policy `litellm` needs LiteLLM ({error}): `pip install 'osmo-scaffold[litellm]'`."
            raise UsageError(message) from None
        self._library.suppress_debug_info = True
        self._library.telemetry = False
        self._key = _key_for(self._library, self._model, setting.environment)

    async def answer(self, request: ChatRequest) -> ChatReply:
        body = body_of(request, self._model)
        try:
            completion = await self._library.acompletion(
                **body, api_key=self._key, num_retries=_RETRIES, timeout=_TIMEOUT_S, drop_params=True
            )
        except Exception as error:  # noqa: BLE001 - each provider has exceptions of its own
            said = " ".join(str(error).split())
            raise PolicyError(f"{self._model}: {self._redacted(said)[:_SHOWN]}") from None
        return reply_of(completion.model_dump())

    def _redacted(self, text: str) -> str:
        return text.replace(self._key, "<API key>") if self._key else text


def _key_for(library: Any, model: str, environment: Mapping[str, str]) -> str | None:
    """Return the key of the model's provider, ``None`` where LiteLLM has to find another way in by itself."""
    try:
        provider = str(library.get_llm_provider(model)[1])
    except Exception as error:  # noqa: BLE001 - as above
        first = str(error).partition("\n")[0]
        raise UsageError(f"LiteLLM knows no model {model!r}: {first[:_SHOWN]}") from None
    return environment.get(f"{provider.upper()}_API_KEY")
