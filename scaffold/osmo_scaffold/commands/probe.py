"""``osmo-scaffold probe``: whether the reward means anything, and whether the rollout survives."""

import asyncio
import os
import sys
import tempfile
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from osmo_checks.configs import read_eval_config
from osmo_checks.errors import InputError
from osmo_runtime import policies, redact
from osmo_runtime.dotenv import read_dotenv
from osmo_runtime.drivers.worker_process import RolloutLoadError, RolloutPlan
from osmo_runtime.model import Row
from osmo_runtime.probe.passes import Bench, Passes, run_passes
from osmo_runtime.probe.probes import Probe, answer_probes, fault_probes
from osmo_runtime.probe.verdicts import Judged, judge, seem_to_leak
from osmo_scaffold.generate.interrupts import interrupted_by_signals
from osmo_scaffold.output import OutputFormat, emit, emit_json, say
from osmo_scaffold.runnable import (
    DEFAULT_POLICY,
    dataset_of,
    defaults_of,
    find_config,
    required_secrets,
    rollout_plan,
)

#: Rows whose labels are looked at.
_MOST_ROWS = 1000
#: Policies that may know the right answers; a rollout's default that is another one does not.
_KNOWING = ("oracle", "script")
#: The table's width, and what is between its columns.
_COLUMNS = 80
_GAP = "  "


def probe(
    config: str,
    *,
    dataset: Path | None,
    limit: int,
    timeout: float,
    secrets_file: Path | None,
    load_timeout: float,
    output_format: OutputFormat,
) -> int:
    """Try right answers, non-answers and faults on ``limit`` rows; 1 where the rollout has a flaw.

    Workflow and grader each have ``timeout`` seconds at most.
    """
    workspace, path = find_config(config)
    eval_config = read_eval_config(path, workspace.relative(path))
    rollout = rollout_plan(workspace, eval_config)
    own = defaults_of(workspace, rollout.folder).policy or DEFAULT_POLICY
    knowing = own if own.partition(":")[0] in _KNOWING else DEFAULT_POLICY
    data = dataset_of(workspace, eval_config, dataset)
    pool = _rows(data)
    if not pool:
        raise InputError(f"{workspace.relative(data)} has no rows.")
    if knowing.startswith("oracle") and not any(row.label for row in pool):
        raise InputError(
            f"{workspace.relative(data)} has no ground_truth, so the oracle knows no right answers: name a policy that "
            f'does in rollouts/{rollout.name}/pyproject.toml, [tool.osmo-scaffold] policy = "script:FILE".'
        )
    secrets = read_dotenv(secrets_file) if secrets_file else {}
    plan = replace(
        rollout,
        agent_timeout_s=min(rollout.agent_timeout_s, timeout),
        grader_timeout_s=min(rollout.grader_timeout_s, timeout),
        env={**required_secrets(path, secrets), **rollout.env},
    )
    hidden = redact.secrets_of({**os.environ, **plan.env}, secrets)
    probing = _Probing(plan, pool, _chosen(pool, limit), policies.parse(knowing))
    judged = probing.judged(hidden, load_timeout)
    is_sound = not any(one.verdict.is_flaw for one in judged)
    if output_format is OutputFormat.JSON:
        emit_json({"rollout": rollout.name, "policy": knowing, "is_sound": is_sound, "probes": _as_json(judged)})
    else:
        emit(_as_text(judged))
    return int(not is_sound)


def _rows(data: Path) -> list[Row]:
    from osmo_checks.datasets import read_rows

    return [Row(number, row) for number, row in read_rows(data, _MOST_ROWS)]


def _chosen(pool: Sequence[Row], limit: int) -> list[Row]:
    """Return the first rows that have labels of their own, and others where these are not enough.

    What is right in a row without a label is not known: such rows are chosen only where no row has one.
    """
    pool = [row for row in pool if row.label] or pool
    by_label: dict[str | None, Row] = {}
    for row in pool:
        by_label.setdefault(row.label, row)
    different = list(by_label.values())[:limit]
    numbers = {row.number for row in different}
    others = [row for row in pool if row.number not in numbers]
    return [*different, *others[: limit - len(different)]]


@dataclass(frozen=True, slots=True)
class _Probing:
    """What is probed: ``rows`` of the ``pool``, whose labels are all that answers may be."""

    plan: RolloutPlan
    pool: Sequence[Row]
    rows: Sequence[Row]
    knowing: policies.Policy

    @property
    def labels(self) -> list[str]:
        return list(dict.fromkeys(label for row in self.pool if (label := row.label) is not None))

    def judged(self, secrets: redact.Replacer, load_timeout: float) -> list[Judged]:
        """Probe where nothing is kept. Raises ``InputError`` for a rollout that cannot be loaded."""
        answers, faults = (
            answer_probes(self.knowing, self.rows, self.labels),
            fault_probes(self.knowing, self.plan.agent_timeout_s),
        )
        temporary = tempfile.TemporaryDirectory(prefix="osmo-scaffold-probe-", ignore_cleanup_errors=True)
        with interrupted_by_signals(), temporary as folder:
            bench = Bench(self.plan, self.rows, Path(folder), secrets, load_timeout)
            try:
                passes = asyncio.run(self._passes(bench, answers, faults))
            except RolloutLoadError as error:
                where = f"rollouts/{self.plan.name}/{self.plan.entrypoint}"
                raise InputError(f"{where} cannot be loaded: {str(error).rstrip('.')}.") from None
        return judge([*answers, *faults], passes, self.rows)

    async def _passes(self, bench: Bench, answers: Sequence[Probe], faults: Sequence[Probe]) -> Passes:
        try:
            if isinstance(self.knowing, policies.Prepared):
                self.knowing.prepare(policies.Setting(self.labels, os.environ, bench.secrets))
            return await run_passes(
                bench, answers, faults, lambda passes: seem_to_leak(answers, passes, self.rows), _tell
            )
        finally:
            if isinstance(self.knowing, policies.Closable):
                await self.knowing.close()


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        say(f"probing: {what} ...")


def _as_json(judged: Sequence[Judged]) -> list[dict[str, object]]:
    return [
        {
            "name": one.probe.name,
            "expected": one.probe.expected,
            "may_fail_at": sorted(one.probe.may_fail_at),
            "got": one.got,
            "attempts": len(one.reports),
            "failed_at": dict(sorted(one.failed.items())),
            "verdict": one.verdict.value,
            "is_flaw": one.verdict.is_flaw,
            "why": one.why,
        }
        for one in judged
    ]


def _as_text(judged: Sequence[Judged]) -> str:
    """Return a table, what is behind each verdict that is not `sound`, and a last line that says it all."""
    rows = [(one.probe.name, one.probe.expected, one.got, one.verdict.value) for one in judged]
    found = [f"{one.probe.name}: {one.verdict.value}: {one.why}." for one in judged if one.why]
    flaws = sum(one.verdict.is_flaw for one in judged)
    last = f"{flaws} of {len(judged)} probes found a flaw." if flaws else f"{len(judged)} probes found no flaw."
    return "\n".join([*_table(rows), "", *found, *([""] if found else []), last])


def _table(rows: Sequence[tuple[str, str, str, str]]) -> list[str]:
    """Return the lines of a table that terminals of 80 columns can show: what was got is broken where it is long."""
    cells = [("probe", "expected", "got", "verdict"), *rows]
    name, expected, got, verdict = (max(len(row[column]) for row in cells) for column in range(4))
    got = min(got, _COLUMNS - (name + expected + verdict + 3 * len(_GAP)))
    lines = []
    for row in cells:
        first, *more = textwrap.wrap(row[2], got) or [""]
        lines.append(_GAP.join([row[0].ljust(name), row[1].ljust(expected), first.ljust(got), row[3]]))
        lines += [" " * (name + expected + 2 * len(_GAP)) + text for text in more]
    return lines
