"""What a probed rollout starts does not outlive the probe."""

import secrets
from pathlib import Path

import pytest

from .run_support import make_workspace
from .test_probe import CASES, probe
from .test_run_child import running

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes in /proc")


def test_what_hides_in_a_session_without_environment_ends_with_the_probe(tmp_path: Path) -> None:
    length = str(secrets.randbelow(10**9) + 10**6)
    workspace = make_workspace(tmp_path, CASES / "sound")
    main = workspace.rollout / "main.py"
    started = f'__import__("os").system("touch was_here; env -i setsid sleep {length} & exit")'
    main.write_text(main.read_text().replace("        text =", f"        {started}\n        text ="))
    done = probe(workspace)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (workspace.rollout / "was_here").exists()
    assert running(length) == []
