"""Which server a run talks to."""

from dataclasses import dataclass
from pathlib import Path

from osmo_runtime import redact
from osmo_runtime.drivers.inprocess import Limits
from osmo_runtime.drivers.server.driver import ServerDriver
from osmo_runtime.drivers.server.environment import Environment
from osmo_runtime.drivers.server.given_server import GivenServer
from osmo_runtime.drivers.server.own_server import OwnServer
from osmo_runtime.drivers.server.servers import Server
from osmo_runtime.drivers.worker_process import RolloutPlan
from osmo_runtime.endpoint import Endpoint
from osmo_runtime.log import Log


@dataclass(frozen=True, slots=True)
class ServerPlan:
    """The server at an address, or one that is started in the rollout's environment."""

    where: str | Environment

    def driver(
        self,
        rollout: RolloutPlan,
        endpoint: Endpoint,
        *,
        limits: Limits,
        folder: Path,
        secrets: redact.Replacer,
        run_name: str,
    ) -> ServerDriver:
        if isinstance(self.where, Environment):
            log = Log(folder / "logs" / "server.log", secrets)
            server: Server = OwnServer(self.where, rollout, folder, log, limits.load_timeout_s)
        else:
            server = GivenServer(self.where, limits.load_timeout_s)
        return ServerDriver(rollout, server, endpoint, concurrency=limits.concurrency, run_name=run_name)
