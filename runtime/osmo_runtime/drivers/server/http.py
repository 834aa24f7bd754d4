"""Requests to a rollout's server, which may answer anything, at any length, at any speed, or not at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Self

import aiohttp

from osmo_runtime import untrusted

#: Bytes that one answer may have: a sample with all its messages.
MAX_ANSWER = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_MAX_SHOWN = 300


class UnreachableError(Exception):
    """The server cannot be reached, or went away before it had answered."""


class RefusedError(UnreachableError):
    """Nobody listens at the server's address."""


class GarbageError(Exception):
    """What the server said is not what its protocol has it say. The text is a clause about the server."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` have lower-case names."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """Return the JSON object that the answer is. Raises ``GarbageError``."""
        try:
            data = untrusted.loads(self.body)
        except ValueError:
            data = None
        if not isinstance(data, dict):
            raise GarbageError(f"it answered something that is no JSON object: {self.shown()}")
        return data

    def shown(self) -> str:
        """Return the beginning of the answer, for a message."""
        text = self.body[:_MAX_SHOWN].decode("utf-8", "backslashreplace")
        return json.dumps(text, ensure_ascii=False)


class Http:
    """Use it as an async context manager; its connections are closed when the block ends."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=None),
            # Nothing packed: a little can unpack to more than there is memory.
            headers={"Accept-Encoding": "identity"},
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            # Rows of some formats hold dates and times.
            json_serialize=partial(json.dumps, default=str),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None, timeout_s: float | None) -> Answer:
        return await self._ask("GET", path, None, headers, timeout_s)

    async def post(self, path: str, body: Mapping[str, Any], *, timeout_s: float | None) -> Answer:
        return await self._ask("POST", path, body, None, timeout_s)

    async def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
        timeout_s: float | None,
    ) -> Answer:
        """Ask once. Raises ``UnreachableError`` and ``GarbageError``; without ``timeout_s``, it waits for ever."""
        assert self._session is not None  # noqa: S101 - it is used inside its block
        timeout = aiohttp.ClientTimeout(total=timeout_s)
        try:
            async with self._session.request(
                method, self.base_url + path, json=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                content = await _read(response)
                names = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, content, names)
        except TimeoutError:
            raise UnreachableError(f"it gave no answer within {timeout_s:g} s") from None
        except aiohttp.ClientConnectorError:
            raise RefusedError("nobody listens there") from None
        except aiohttp.ClientResponseError as error:
            raise GarbageError(f"its answer is no HTTP ({type(error).__name__})") from None
        except (aiohttp.ClientError, OSError) as error:
            raise UnreachableError(f"it closed the connection ({type(error).__name__})") from None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    parts, length = [], 0
    async for chunk in response.content.iter_chunked(_CHUNK):
        length += len(chunk)
        if length > MAX_ANSWER:
            response.close()
            raise GarbageError(f"its answer has more than {MAX_ANSWER} bytes")
        parts.append(chunk)
    return b"".join(parts)
