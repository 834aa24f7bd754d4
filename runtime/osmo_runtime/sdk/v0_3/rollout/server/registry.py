"""The rollouts of one server: each runs for as long as somebody polls for it, and its result is kept for a while."""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from ..backend.base import ExecutionBackend
from ..context import RolloutProgress
from ..types import RolloutErrorCategory, RolloutResultResponse, RolloutStatus
from .terms import Terms

logger = logging.getLogger(__name__)

_FINAL = {RolloutStatus.SUCCESS, RolloutStatus.FAILURE, RolloutStatus.CANCELLED}
_DISPOSITIONS = {"cancelled_queued", "cancelled_running", "not_found"}

Execution = Callable[[RolloutProgress], Awaitable[RolloutResultResponse]]


class UnknownRolloutError(KeyError):
    pass


class DuplicateRolloutError(ValueError):
    pass


class InvalidLeaseError(PermissionError):
    pass


class _Entry:
    """One rollout. ``result`` is there once it is over, however it ended; ``task`` may take longer to unwind."""

    def __init__(self, rollout_id: str, token: str, execution: Execution, lease_s: float) -> None:
        self.rollout_id = rollout_id
        self.progress = RolloutProgress()
        self.result: RolloutResultResponse | None = None
        self.disposition: str | None = None
        self._digest = _digest(token)
        self._lease_s = lease_s
        self._renew()
        self.task = asyncio.create_task(self._execute(execution))
        self.followed: asyncio.Task[None] | None = None

    def authenticate(self, token: str) -> None:
        if not secrets.compare_digest(self._digest, _digest(token)):
            raise InvalidLeaseError(self.rollout_id)
        if self.result is None and not self.is_expired:
            self._renew()

    @property
    def is_expired(self) -> bool:
        return asyncio.get_running_loop().time() >= self._deadline

    async def ends_within_lease(self) -> bool:
        """Wait for the execution to end or the lease to expire; return whether it was the former."""
        while not self.is_expired:
            left = self._deadline - asyncio.get_running_loop().time()
            done, _ = await asyncio.wait({self.task}, timeout=max(left, 0.0))
            if done:
                return not self.is_expired
        return False

    async def finish(self, result: RolloutResultResponse) -> None:
        self.result = result
        await self.progress.set_status(result.status)

    async def _execute(self, execution: Execution) -> RolloutResultResponse:
        await self.progress.set_status(RolloutStatus.RUNNING)
        return await execution(self.progress)

    def _renew(self) -> None:
        self._deadline = asyncio.get_running_loop().time() + self._lease_s


class Registry:
    """Admits rollouts, answers polls for them and cancels them."""

    def __init__(self, backend: ExecutionBackend, terms: Terms) -> None:
        self._backend = backend
        self._terms = terms
        self._entries: dict[str, _Entry] = {}

    @property
    def running(self) -> set[asyncio.Task[RolloutResultResponse]]:
        return {entry.task for entry in self._entries.values() if not entry.task.done()}

    def register(self, rollout_id: str, execution: Execution) -> str:
        """Start an execution and return the token its result is polled with.

        Raises ``DuplicateRolloutError`` for an id that runs or whose result is kept.
        """
        if rollout_id in self._entries:
            raise DuplicateRolloutError(rollout_id)
        token = secrets.token_urlsafe(32)
        entry = _Entry(rollout_id, token, execution, self._terms.lease_s)
        entry.followed = asyncio.create_task(self._follow(entry))
        self._entries[rollout_id] = entry
        return token

    async def poll(self, rollout_id: str, token: str) -> RolloutResultResponse:
        """Return the result, or the status when it changes or the wait is over.

        Raises ``UnknownRolloutError`` and ``InvalidLeaseError``.
        """
        entry = self._entries.get(rollout_id)
        if entry is None:
            raise UnknownRolloutError(rollout_id)
        entry.authenticate(token)
        if entry.result is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(entry.progress.wait_for_status_change(), self._terms.wait_s)
        return entry.result or RolloutResultResponse(rollout_id=rollout_id, status=entry.progress.status)

    def cancel(self, ids: Sequence[str]) -> dict[str, str]:
        """Cancel what still runs, and return by id what that did."""
        dispositions = {}
        for rollout_id in ids:
            entry = self._entries.get(rollout_id)
            running = entry is not None and entry.result is None
            dispositions[rollout_id] = self._cancel(entry) if entry and running else "not_found"
        return dispositions

    def ids(self, prefix: str = "") -> list[str]:
        return [rollout_id for rollout_id in self._entries if rollout_id.startswith(prefix)]

    async def close(self) -> None:
        followed = [entry.followed for entry in self._entries.values() if entry.followed is not None]
        for task in followed:
            task.cancel()
        await asyncio.gather(*followed, return_exceptions=True)

    async def _follow(self, entry: _Entry) -> None:
        """See an entry through: its execution, its result's time, its end."""
        if await entry.ends_within_lease():
            await entry.finish(_outcome(entry))
        else:
            await entry.finish(_failure(entry, "polling lease expired", RolloutErrorCategory.LEASE_EXPIRED))
            self._cancel(entry)
        await asyncio.sleep(self._terms.retention_s)
        # What still unwinds must not meet a new rollout of the same name.
        await asyncio.wait({entry.task})
        del self._entries[entry.rollout_id]

    def _cancel(self, entry: _Entry) -> str:
        if entry.disposition is None:
            is_queued = entry.progress.status is RolloutStatus.QUEUED
            entry.disposition = "cancelled_queued" if is_queued else "cancelled_running"
            by_backend = self._cancelled_by_backend(entry.rollout_id)
            if by_backend is not None:
                entry.disposition = by_backend
            else:
                entry.task.cancel()
        return entry.disposition

    def _cancelled_by_backend(self, rollout_id: str) -> str | None:
        """Let the backend cancel what it runs itself: cancelling its ``execute`` would interrupt its cleaning up."""
        try:
            disposition = self._backend.cancel_rollouts(ids=[rollout_id]).get(rollout_id)
            if disposition == "not_found":
                state = self._backend.rollout_status(rollout_id)
                return disposition if state is not None and state.get("status") in _FINAL else None
        except Exception:
            logger.exception("The backend cannot cancel rollout %s", rollout_id)
            return None
        return disposition if disposition in _DISPOSITIONS else None


def _outcome(entry: _Entry) -> RolloutResultResponse:
    if entry.task.cancelled():
        return RolloutResultResponse(
            rollout_id=entry.rollout_id, status=RolloutStatus.CANCELLED, err_message="cancelled"
        )
    error = entry.task.exception()
    if error is None:
        return entry.task.result()
    logger.error("Rollout %s crashed", entry.rollout_id, exc_info=error)
    return _failure(entry, "rollout task crashed", RolloutErrorCategory.INTERNAL_ERROR)


def _failure(entry: _Entry, message: str, category: RolloutErrorCategory) -> RolloutResultResponse:
    return RolloutResultResponse(
        rollout_id=entry.rollout_id, status=RolloutStatus.FAILURE, err_message=message, err_category=category
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
