"""Which category of the wire protocol an exception of a rollout belongs to."""

#: Failures of a sandbox's provider, known by name: what raises them need not be installed here.
_PROVIDER_ERRORS = {
    "SandboxConnectionException",
    "SandboxRateLimitException",
    "PoolStateStoreUnavailableException",
}
_PROVIDER_API_ERRORS = {"SandboxApiException", "SandboxAPIError"}
_PROVIDER_STATUSES = {401, 402, 403, 429, 500, 502, 503, 504}


def category_of(error: BaseException) -> str:
    """Return ``timeout``, ``validation_error`` or ``agent_error``."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, (ValueError, TypeError, AssertionError)):
        return "validation_error"
    return "agent_error"


def category_with_providers(error: BaseException) -> str:
    """Return a category as ``category_of`` does, or ``http_error`` where a sandbox's provider failed."""
    category = category_of(error)
    return "http_error" if category == "agent_error" and _is_providers(error) else category


def _is_providers(error: BaseException) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & _PROVIDER_ERRORS:
        return True
    return bool(names & _PROVIDER_API_ERRORS) and getattr(error, "status_code", None) in _PROVIDER_STATUSES
