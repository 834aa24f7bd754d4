"""Clients of the policy for frameworks that speak through the openai package."""

import asyncio
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from openai import AsyncOpenAI

#: A client must not be shared across event loops, and building one costs more than a call through it.
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncOpenAI] = WeakKeyDictionary()


def client_of_loop(base_url: str, api_key: str | None, headers: Mapping[str, str] | None = None) -> AsyncOpenAI:
    """Return the running loop's client, aimed at one attempt's URL with its token."""
    key = api_key or "none"
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = AsyncOpenAI(base_url=base_url, api_key=key)
    return _clients[loop].with_options(base_url=base_url, api_key=key, default_headers=dict(headers or {}))
