"""``python -m osmo_runtime.sdk.serve [--generation 0.3] main.py``: an entrypoint as ``python main.py`` runs it.

Where the interpreter has no osmosis-ai, the entrypoint gets the built-in SDK, of the generation that its rollout's
``pyproject.toml`` asks for.
"""

import argparse
import runpy
import sys
from pathlib import Path

from osmo_checks.contracts import generation_of
from osmo_runtime.sdk import finder

GENERATIONS = ("0.2", "0.3")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m osmo_runtime.sdk.serve", description=__doc__)
    parser.add_argument("--generation", choices=GENERATIONS, help="instead of the one the rollout asks for")
    parser.add_argument("entrypoint", type=Path, help="the rollout's main.py")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="the entrypoint's own")
    given = parser.parse_args()
    entrypoint = given.entrypoint.resolve()
    if not entrypoint.is_file():
        parser.error(f"there is no file {given.entrypoint}")
    if not finder.has_real_package():
        generation = given.generation or generation_of(entrypoint.parent)
        if generation not in GENERATIONS:
            parser.error("the rollout is for osmosis-ai before 0.2.18, which is not built in: install that")
        finder.install(generation)
    sys.argv = [str(entrypoint), *given.arguments]
    sys.path.insert(0, str(entrypoint.parent))
    runpy.run_path(str(entrypoint), run_name="__main__")


if __name__ == "__main__":
    main()
