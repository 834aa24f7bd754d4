"""What processes that execute user code have in their environment, besides what the rollout's config says."""

from collections.abc import Mapping

_LOOPBACK = "127.0.0.1,localhost"


def direct_loopback(variables: Mapping[str, str]) -> dict[str, str]:
    """Return what to add to ``variables`` so that no proxy named in them stands before the policy's endpoint.

    Hosts that are to be asked directly already stay so. Programs differ in which spelling of the name they read.
    """
    said = [variables.get(name, "") for name in ("NO_PROXY", "no_proxy")]
    direct = "*" if "*" in said else ",".join(dict.fromkeys(filter(None, [*said, _LOOPBACK])))
    return {"NO_PROXY": direct, "no_proxy": direct}
