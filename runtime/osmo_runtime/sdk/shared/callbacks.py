"""Callbacks to the controller: JSON that is posted until it arrives."""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp

logger = logging.getLogger(__name__)

_TIMEOUT = aiohttp.ClientTimeout(total=10)
_RETRIED = {429, 500, 502, 503, 504}
_WAITS_S = (0.5, 1.0, 2.0, 4.0)


class CallbackError(Exception):
    """The controller did not take what was posted to it."""


async def post(url: str, payload: Mapping[str, Any], api_key: str | None) -> None:
    """Post until any 2xx comes back, five times at most.

    Raises ``TypeError`` or ``ValueError`` for a payload that is not JSON, and ``CallbackError`` where it is not taken.
    """
    body = json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json"}
    if api_key:
        headers["Authorization"] = f"Bearer {api_key}"
    async with aiohttp.ClientSession(timeout=_TIMEOUT, headers=headers, trust_env=True) as session:
        for wait in (*_WAITS_S, None):
            refusal, is_final = await _try(session, url, body)
            if refusal is None:
                return
            if is_final or wait is None:
                raise CallbackError(f"The callback to {url} failed: {refusal}")
            logger.warning("The callback to %s failed (%s); it is tried again in %g s", url, refusal, wait)
            await asyncio.sleep(wait)


async def _try(session: aiohttp.ClientSession, url: str, body: bytes) -> tuple[str | None, bool]:
    """Return why a post was not taken, ``None`` if it was, and whether trying again is of no use."""
    try:
        async with session.post(url, data=body, allow_redirects=False) as response:
            status = response.status
    except (aiohttp.ClientError, TimeoutError) as error:
        return str(error) or type(error).__name__, False
    if 200 <= status < 300:
        return None, True
    return f"HTTP {status}", status not in _RETRIED
