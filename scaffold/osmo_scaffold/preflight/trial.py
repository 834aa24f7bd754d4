"""A few rows run where nothing is kept, within a time in all."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from osmo_checks.configs import read_eval_config
from osmo_checks.errors import InputError
from osmo_runtime import journal
from osmo_runtime.drivers.worker_process import RolloutLoadError, RolloutPlan
from osmo_runtime.engine import OutOfTimeError, RunPlan
from osmo_runtime.engine import run as run_plan
from osmo_runtime.metrics import Totals
from osmo_runtime.model import Row
from osmo_runtime.results import RUNS, RunFolder
from osmo_scaffold.generate.interrupts import interrupted_by_signals
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.runnable import rollout_plan

#: Seconds for a policy's run in any case, be it that the one before left less.
_AT_LEAST_S = 1.0
#: The name of the runs, whose results nobody sees.
_NAME = "preflight"


class NotLoadedError(Exception):
    """The rollout cannot be loaded; the text says why."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of ``attempts`` answered by ``policy``. If ``is_whole`` is false, time was over before all had ended.

    ``summary`` and ``failures`` are those of ``metrics.Totals``.
    """

    policy: str
    attempts: int
    is_whole: bool
    summary: Mapping[str, Any]
    failures: Mapping[str, Mapping[str, Any]]

    @property
    def ended(self) -> int:
        return int(self.summary["total_samples"])

    @property
    def failed(self) -> int:
        return int(self.summary["failed"])

    @property
    def mean(self) -> float | None:
        """The mean reward; ``None`` where nothing was graded."""
        return self._reward("mean")

    @property
    def highest(self) -> float | None:
        return self._reward("max")

    def _reward(self, name: str) -> float | None:
        stats = self.summary.get("reward_stats")
        return float(stats[name]) if stats else None


class Trial:
    """Runs ``rows``. From the first run on, ``in_all_s`` seconds are for all of them, and ``each_s`` for an attempt."""

    def __init__(self, situation: Situation, rows: Sequence[Row], *, in_all_s: float, each_s: float) -> None:
        self._situation = situation
        self._rows = rows
        self._rollout = _hurried(situation, each_s)
        self._until = time.monotonic() + in_all_s

    @property
    def folder(self) -> Path:
        """The rollout's folder."""
        return self._rollout.folder

    def run(self, policy: str) -> Tried:
        """Run all rows once. Raises ``NotLoadedError`` for a rollout that cannot be loaded."""
        temporary = tempfile.TemporaryDirectory(prefix="osmo-scaffold-preflight-", ignore_cleanup_errors=True)
        with interrupted_by_signals(), temporary as folder:
            is_whole = self._came_to_an_end(self._plan(Path(folder), policy))
            totals = Totals(1.0)
            for entry in journal.entries(RunFolder(Path(folder, RUNS, _NAME)).journal):
                totals.add(entry)
        return Tried(policy, len(self._rows), is_whole, totals.summary(), totals.failures)

    def _came_to_an_end(self, plan: RunPlan) -> bool:
        try:
            run_plan(plan, self._situation.environment, lambda _tally, _total: None)
        except OutOfTimeError:
            return False
        except InputError as error:
            # The engine names logs in the temporary folder, which is gone by then.
            cause = error.__context__
            if isinstance(cause, RolloutLoadError):
                raise NotLoadedError(str(cause)) from error
            raise
        return True

    def _plan(self, folder: Path, policy: str) -> RunPlan:
        left_s = max(_AT_LEAST_S, self._until - time.monotonic())
        return RunPlan(
            name=_NAME,
            workspace=folder,
            rollout=self._rollout,
            rows=self._rows,
            repeats=1,
            dataset=_NAME,
            policy=policy,
            seed=0,
            pass_threshold=1.0,
            # That loading takes all of it is said as any other way to be out of time.
            load_timeout_s=2 * left_s,
            cores=1,
            inputs={},
            time_s=left_s,
        )


def _hurried(situation: Situation, each_s: float) -> RolloutPlan:
    config = read_eval_config(situation.config.toml.path, situation.shown)
    rollout = rollout_plan(situation.workspace, config)
    return replace(
        rollout,
        agent_timeout_s=min(each_s, rollout.agent_timeout_s),
        grader_timeout_s=min(each_s, rollout.grader_timeout_s),
        # Nothing is left in the workspace, compiled modules neither.
        env={**rollout.env, "PYTHONDONTWRITEBYTECODE": "1"},
    )
