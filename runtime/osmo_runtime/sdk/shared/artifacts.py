"""The folder that one rollout's code may write files to, ``<root>/<rollout id>/artifacts``."""

import asyncio
import logging
import os
from pathlib import Path

logger = logging.getLogger(__name__)

ROOT_ENV = "_OSMOSIS_ROLLOUT_ARTIFACT_ROOT"
_ATTEMPTS = 3
_FIRST_WAIT_S = 0.5


def artifact_root() -> Path:
    return Path(os.environ.get(ROOT_ENV) or Path.home() / ".osmosis")


async def make_artifacts_dir(root: Path, rollout_id: str) -> Path | None:
    """Make the folder and prove that it can be written to; ``None`` where it cannot, after a few tries.

    ``rollout_id`` has to be one path segment.
    """
    for attempt in range(_ATTEMPTS):
        if attempt:
            await asyncio.sleep(_FIRST_WAIT_S * 2 ** (attempt - 1))
        try:
            return await asyncio.to_thread(_make, root / rollout_id)
        except OSError as error:
            problem = error
    logger.warning("Rollout %s has no folder for artifacts: %s", rollout_id, problem)
    return None


def _make(folder: Path) -> Path:
    artifacts = folder / "artifacts"
    artifacts.mkdir(parents=True, exist_ok=True)
    # Beside the artifacts, so that it is none of them; once, since some stores refuse to overwrite.
    proof = folder / ".osmosis-health-check"
    if not proof.exists():
        proof.write_bytes(b"osmosis-health-check")
    return artifacts
