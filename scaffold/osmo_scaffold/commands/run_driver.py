"""``--driver`` and ``--server``: whether a run executes in workers of ours, or on the rollout's own server."""

from typing import TYPE_CHECKING

from osmo_checks.errors import UsageError
from osmo_checks.workspace import Workspace
from osmo_runtime.drivers.worker_process import RolloutPlan
from osmo_scaffold.output import DriverName, say

if TYPE_CHECKING:
    from osmo_runtime.drivers.server.plan import ServerPlan


def server_of(
    driver: DriverName | None, url: str | None, workspace: Workspace, rollout: RolloutPlan
) -> "ServerPlan | None":
    """Return the server that a run talks to, its environment made; ``None`` where it needs none.

    Raises ``UsageError`` for options that do not go together, ``InputError`` for an environment that cannot be made.
    """
    if url is not None and driver is DriverName.INPROCESS:
        raise UsageError(
            "--server is for a rollout's own server, which --driver inprocess does without: leave one out."
        )
    if url is None and driver is not DriverName.SERVER:
        return None
    from osmo_runtime.drivers.server.environment import prepare
    from osmo_runtime.drivers.server.given_server import require_local
    from osmo_runtime.drivers.server.plan import ServerPlan

    if url is not None:
        return ServerPlan(require_local(url))
    return ServerPlan(prepare(rollout.folder, workspace.relative(workspace.rollout(rollout.name)), say))
