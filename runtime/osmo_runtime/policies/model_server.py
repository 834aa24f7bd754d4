"""``openai:BASE_URL``: any server that speaks the Chat Completions API.

``openai:http://127.0.0.1:8000/v1#Qwen/Qwen3-8B`` names the model behind ``#``; without one it is the first that the
server lists. Behind ``#`` there may also be options: ``#model=NAME&key=NAME_OF_A_VARIABLE&timeout=SECONDS``.

The API key is the value of ``OPENAI_API_KEY``, or of the variable that ``key`` names, in the environment or the file of
``--secrets-file``. Unless it is named, it goes to https and this machine only. It is written nowhere.
"""

import asyncio
import ipaddress
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import aiohttp

from osmo_checks.errors import UsageError
from osmo_runtime import redact, untrusted
from osmo_runtime.policies.base import ChatReply, ChatRequest, PolicyError, Setting, fraction
from osmo_runtime.policies.completions import body_of, reply_of

DEFAULT_KEY = "OPENAI_API_KEY"
#: Seconds that one try may take.
DEFAULT_TIMEOUT_S = 120.0
TRIES = 6
#: Statuses that a later try may not have.
_TRANSIENT = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_FIRST_WAIT_S = 0.5
#: Seconds that are waited at most, even where a server asks for more.
_LONGEST_WAIT_S = 60.0
#: Bytes that one answer may have.
MAX_ANSWER = 64 * 1024 * 1024
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Server:
    """What the argument says. ``url`` is the base URL; ``model`` is empty where the server is to be asked for it."""

    url: SplitResult
    model: str = ""
    key: str = ""
    timeout_s: float = DEFAULT_TIMEOUT_S

    def endpoint(self, path: str) -> str:
        return self.url._replace(path=f"{self.url.path.rstrip('/')}/{path}").geturl()

    def api_key(self, environment: Mapping[str, str]) -> str:
        """Return the key, empty where there is none. Raises ``UsageError`` where the one that is named is missing."""
        if self.key:
            if not environment.get(self.key):
                raise UsageError(
                    f"The policy `openai` needs {self.key}: set that variable, or name a file that has it "
                    "with --secrets-file."
                )
            return environment[self.key]
        return environment.get(DEFAULT_KEY, "") if self.url.scheme == "https" or _is_here(self.url.hostname) else ""


class _TransientError(Exception):
    """A try that failed in a way that another may not; ``wait_s`` is what the server asked to wait."""

    def __init__(self, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class ModelServerPolicy:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._model = server.model
        self._key = ""
        self._session: aiohttp.ClientSession | None = None
        self._choosing: asyncio.Task[str] | None = None
        self._was_reached = False
        self._given_up = ""

    @classmethod
    def from_argument(cls, argument: str | None) -> Self:
        return cls(parse_server(argument))

    def prepare(self, setting: Setting) -> None:
        self._key = self._server.api_key(setting.environment)
        self._session = aiohttp.ClientSession(
            # Nothing packed: a little can unpack to more than there is memory.
            headers={"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {self._key}"} if self._key else {}),
            auto_decompress=False,
            # Proxies of the environment are the way out, and not the way to this machine.
            trust_env=not _is_here(self._server.url.hostname),
            timeout=aiohttp.ClientTimeout(total=self._server.timeout_s),
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def answer(self, request: ChatRequest) -> ChatReply:
        model = self._model or await self._first_model(request.seed)
        body = await self._patiently("POST", "chat/completions", request.seed, body_of(request, model))
        return reply_of(body)

    async def _first_model(self, seed: int) -> str:
        """Return the first model that the server lists: it is asked once for all calls that wait for it."""
        if self._choosing is None:
            self._choosing = asyncio.create_task(self._listed_first(seed))
            self._choosing.add_done_callback(self._chosen)
        return await asyncio.shield(self._choosing)

    def _chosen(self, choosing: asyncio.Task[str]) -> None:
        self._choosing = None
        if not choosing.cancelled() and choosing.exception() is None:
            self._model = choosing.result()

    async def _listed_first(self, seed: int) -> str:
        listed = await self._patiently("GET", "models", seed)
        try:
            return str(listed["data"][0]["id"])
        except (KeyError, TypeError, IndexError):
            message = f"{self._shown} lists no models: name one, as in `openai:{self._shown}#MODEL`"
            raise PolicyError(message) from None

    async def _patiently(self, method: str, path: str, seed: int, body: Mapping[str, Any] | None = None) -> Any:
        """Send a request until it is answered, a few times at most. Raises ``PolicyError``.

        A server that was never reached is given up for the whole run, which would wait for it call by call.
        """
        for number in range(TRIES):
            if self._given_up:
                raise PolicyError(self._given_up)
            try:
                return await self._once(method, path, body)
            except _TransientError as error:
                if number == TRIES - 1:
                    message = f"{error}, {TRIES} times"
                    self._given_up = "" if self._was_reached else message
                    raise PolicyError(message) from None
                wait = error.wait_s
            if wait is None:
                # Many calls that failed together do not come back together.
                wait = _FIRST_WAIT_S * 2**number * (0.5 + fraction(seed, f"wait/{number}"))
            await asyncio.sleep(min(wait, _LONGEST_WAIT_S))
        raise AssertionError

    async def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        assert self._session is not None  # noqa: S101 - a policy is prepared before it is asked
        try:
            async with self._session.request(method, self._server.endpoint(path), json=body) as response:
                self._was_reached = True
                content = await self._read(response)
        except TimeoutError:
            raise _TransientError(f"{self._shown} did not answer within {self._server.timeout_s:g} s") from None
        except aiohttp.ClientError as error:
            raise _TransientError(f"{self._shown} cannot be reached ({self._redacted(str(error))})") from None
        if response.status in _TRANSIENT:
            message = f"{self._shown} answered {response.status}: {self._said(content)}"
            raise _TransientError(message, _wait_of(response.headers.get("Retry-After")))
        if response.status != 200:
            raise PolicyError(f"{self._shown} answered {response.status}: {self._said(content)}")
        try:
            return untrusted.loads(content)
        except ValueError:
            raise PolicyError(f"{self._shown} answered something else than JSON: {self._said(content)}") from None

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        content = bytearray()
        async for chunk in response.content.iter_any():
            content += chunk
            if len(content) > MAX_ANSWER:
                response.close()
                raise PolicyError(f"{self._shown} sent an answer of more than {MAX_ANSWER} bytes")
        return bytes(content)

    @property
    def _shown(self) -> str:
        return self._server.url._replace(query="").geturl()

    def _said(self, content: bytes) -> str:
        """Return what a server says is wrong: its error's message, or the beginning of whatever it sent."""
        text = content.decode("utf-8", "replace")
        with suppress(ValueError, KeyError, TypeError):
            text = untrusted.loads(content)["error"]["message"]
        return self._redacted(" ".join(str(text).split()))[:_SHOWN] or "nothing more"

    def _redacted(self, text: str) -> str:
        return text.replace(self._key, "<API key>") if self._key else text


def parse_server(argument: str | None) -> Server:
    """Read ``BASE_URL`` with what may stand behind ``#``. Raises ``UsageError``."""
    url = urlsplit(argument or "")
    if url.scheme not in ("http", "https") or not url.hostname:
        raise UsageError("The policy `openai` needs a URL: write `--policy openai:http://127.0.0.1:8000/v1#MODEL`.")
    if url.username is not None or url.password is not None:
        raise UsageError(
            "The URL of the policy `openai` holds a password: put the key into a variable, and name it: "
            "`--policy 'openai:https://HOST/v1#key=NAME'`."
        )
    secret = next((name for name, _ in parse_qsl(url.query) if redact.is_secret_name(name)), None)
    if secret:
        raise UsageError(
            f"The URL of the policy `openai` holds {secret!r}, which would be written down with the run: put it into a "
            "variable, and name that: `--policy 'openai:https://HOST/v1#key=NAME'`."
        )
    options = _options(url.fragment)
    seconds = _seconds(options.get("timeout", str(DEFAULT_TIMEOUT_S)))
    if not seconds:
        raise UsageError("The policy `openai`: timeout has to be a number of seconds above 0.")
    return Server(url._replace(fragment=""), options.get("model", ""), options.get("key", ""), seconds)


def _options(text: str) -> dict[str, str]:
    """Read what stands behind ``#``: a model, options, or a model and then options. Raises ``UsageError``."""
    first, _, others = text.partition("&")
    named, text = ({}, text) if "=" in first else ({"model": unquote(first)}, others)
    try:
        options = named | dict(parse_qsl(text, strict_parsing=bool(text)))
    except ValueError:
        raise UsageError(
            f"The policy `openai`: {text!r} behind # is not NAME=VALUE: write `#MODEL` or `#model=MODEL&timeout=30`."
        ) from None
    unknown = options.keys() - {"model", "key", "timeout"}
    if unknown:
        raise UsageError(f"The policy `openai` has no option {min(unknown)!r}: behind # go model, key and timeout.")
    return options


def _wait_of(retry_after: str | None) -> float | None:
    """Return the seconds that a ``Retry-After`` asks to wait, as a number or a date (RFC 9110, 10.2.3)."""
    seconds = _seconds(retry_after)
    if seconds is not None or not retry_after:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None


def _seconds(text: str | None) -> float | None:
    """Return a text as seconds, ``None`` where it is no number of them."""
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _is_here(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
