"""``openai:BASE_URL``: any server that speaks the Chat Completions API.

``openai:http://127.0.0.1:8000/v1#Qwen/Qwen3-8B`` names the model behind ``#``; without one it is the first that the
server lists. Behind ``#`` there may also be options: ``#model=NAME&key=NAME_OF_A_VARIABLE&timeout=SECONDS``.

The API key is the value of ``OPENAI_API_KEY``, or of the variable that ``key`` names, in the environment or the file of
``--secrets-file``. Unless it is named, it goes to https and this machine only. It is written nowhere.
"""

import asyncio
import ipaddress
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import SplitResult, parse_qsl, urlsplit

import aiohttp

from osmo_checks.errors import UsageError
from osmo_runtime import untrusted
from osmo_runtime.policies.base import ChatReply, ChatRequest, PolicyError, Setting, fraction
from osmo_runtime.policies.completions import body_of, reply_of

DEFAULT_KEY = "OPENAI_API_KEY"
#: Seconds that one try may take.
DEFAULT_TIMEOUT_S = 120.0
TRIES = 6
#: Statuses that a later try may not have.
_TRANSIENT = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 60.0
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
        self._choosing = asyncio.Lock()
        self._was_reached = False
        self._given_up = ""

    @classmethod
    def from_argument(cls, argument: str | None) -> Self:
        return cls(parse_server(argument))

    def prepare(self, setting: Setting) -> None:
        self._key = self._server.api_key(setting.environment)
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
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
        async with self._choosing:
            if not self._model:
                listed = await self._patiently("GET", "models", seed)
                try:
                    self._model = str(listed["data"][0]["id"])
                except (KeyError, TypeError, IndexError):
                    message = f"{self._shown} lists no models: name one, as in `openai:{self._shown}#MODEL`"
                    raise PolicyError(message) from None
            return self._model

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
                content = await response.read()
        except TimeoutError:
            raise _TransientError(f"{self._shown} did not answer within {self._server.timeout_s:g} s") from None
        except aiohttp.ClientError as error:
            raise _TransientError(f"{self._shown} cannot be reached ({self._redacted(str(error))})") from None
        if response.status in _TRANSIENT:
            message = f"{self._shown} answered {response.status}: {self._said(content)}"
            raise _TransientError(message, _seconds(response.headers.get("Retry-After")))
        if response.status != 200:
            raise PolicyError(f"{self._shown} answered {response.status}: {self._said(content)}")
        try:
            return untrusted.loads(content)
        except ValueError:
            raise PolicyError(f"{self._shown} answered something else than JSON: {self._said(content)}") from None

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
    options = dict(parse_qsl(url.fragment)) if "=" in url.fragment else {"model": url.fragment}
    unknown = options.keys() - {"model", "key", "timeout"}
    if unknown:
        raise UsageError(f"The policy `openai` has no option {min(unknown)!r}: behind # go model, key and timeout.")
    seconds = _seconds(options.get("timeout", str(DEFAULT_TIMEOUT_S)))
    if not seconds:
        raise UsageError("The policy `openai`: timeout has to be a number of seconds above 0.")
    return Server(url._replace(fragment=""), options.get("model", ""), options.get("key", ""), seconds)


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
