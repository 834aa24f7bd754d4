"""One mistake is one finding: two rules that see it do not say different things about it."""

from pathlib import Path

import pytest

from osmo_checks.engine import check_workspace
from osmo_checks.rules.examples import main_py
from osmo_checks.workspace import Workspace

from .workspaces import write_workspace

_AGENT = "from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent"
_SET = "for name in ctx.samples:\n    ctx.set_sample_reward(name, {})"
#: A grader with which no rule finds fault.
_GRADE = _SET.format("float(ctx.label == name)")
_MISTAKES = {
    "OSA105": main_py(
        imports=_AGENT,
        run='agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())\nprint(await agent("hello"))',
        grade=_GRADE,
    ),
    "OSM102": main_py(
        imports=_AGENT,
        run='agent = OsmosisStrandsAgent(model=OsmosisRolloutModel)\nprint(await agent.invoke_async("hello"))',
        grade=_GRADE,
    ),
    "OSG102": main_py(
        imports=_AGENT,
        above="def score(label):\n    if label:\n        return 1.0\n    print('no label')",
        run='print(await OsmosisStrandsAgent(model=OsmosisRolloutModel()).invoke_async("hello"))',
        grade=_SET.format("score(ctx.label)"),
    ),
}


@pytest.mark.parametrize("code", _MISTAKES)
def test_one_mistake_is_one_finding(code: str, tmp_path: Path) -> None:
    root = write_workspace(tmp_path, {"rollouts/demo/main.py": _MISTAKES[code]})
    findings = [finding for finding in check_workspace(Workspace(root)).findings if "main.py" in finding.path]
    assert [finding.code for finding in findings if finding.code != "OSE107"] == [code]
