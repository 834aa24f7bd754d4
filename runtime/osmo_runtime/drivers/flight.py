"""An attempt under way, whoever executes it."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from osmo_runtime import redact
from osmo_runtime.drivers.base import Work
from osmo_runtime.endpoint import Session
from osmo_runtime.model import Attempt, Boundary, Failed, Outcome, Report, Row, Sample


def now() -> str:
    return datetime.now(UTC).isoformat()


@dataclass(slots=True)
class Flight:
    """``phase`` is what the attempt is doing, as far as that is told while it does."""

    attempt: Attempt
    row: Row
    session: Session
    phase: str = "workflow"
    started_at: str = field(default_factory=now)
    started: float = field(default_factory=time.monotonic)

    @property
    def work(self) -> Work:
        return self.attempt, self.row

    def report(self, outcome: Outcome, samples: tuple[Sample, ...] = ()) -> Report:
        """Return how it ended, with the calls of its session, which has to be closed, and without its secrets.

        A workflow that failed after the policy did has failed because of it.
        """
        error = self.session.policy_error
        if isinstance(outcome, Failed) and outcome.boundary is Boundary.WORKFLOW and error:
            outcome = Failed(Boundary.POLICY, error, outcome.traceback)
        report = Report(
            attempt=self.attempt,
            outcome=outcome,
            started_at=self.started_at,
            duration_s=time.monotonic() - self.started,
            samples=samples,
            calls=tuple(self.session.calls),
        )
        return redact.in_report(report, self.session.hide)
