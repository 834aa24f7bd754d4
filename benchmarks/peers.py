"""`run` beside other tools, at the same task: one model call per row, graded by exact match.

Each peer has an environment of its own, for a Python 3.12, in the user's cache. The model answers at once: inspect-ai's
is the mock that it has; the others call an endpoint on loopback.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from measure import Timing, measure
from one_call.workspace import CONCURRENCY, HERE, make_workspace, rows_file, run_command, scratch_folder

from osmo_checks.replay import cache_folder

sys.path.append(str(Path(__file__).parents[1]))
from tests.real_sdk import _python_3_12

FEW = 8
#: A proxy that is not there, for a try without the network. Loopback is reached all the same.
_OFFLINE = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9") | {
    "NO_PROXY": "127.0.0.1,localhost",
    "UV_OFFLINE": "1",
}
_LAST_WORDS = 160


@dataclass(frozen=True)
class Contender:
    """A tool and its command for a number of rows. ``many`` rows take it long enough to tell its speed.

    ``proof`` stands in the output of a run in which every attempt had the full reward.
    """

    name: str
    command: Callable[[int], list[str]]
    folder: Path
    proof: str
    many: int
    environment: Mapping[str, str] = field(default_factory=dict)

    def tried(self, environment: Mapping[str, str]) -> str:
        """Run a few rows, and return what went wrong: the output's last words, empty where all was well."""
        done = subprocess.run(
            self.command(FEW),
            cwd=self.folder,
            env={**os.environ, **self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0 and self.proof in done.stdout:
            return ""
        wrong = [line for line in done.stdout.splitlines() if "Error" in line] or done.stdout.splitlines() or [""]
        return f"exit code {done.returncode}: {wrong[-1].strip()[-_LAST_WORDS:]}"

    def measured(self, rows: int, runs: int) -> Timing:
        return measure(self.command(rows), runs=runs, warm_up=0, cwd=self.folder, env=self.environment)


def main() -> None:
    with scratch_folder() as folder:
        print_peers(folder)


def print_peers(folder: Path) -> None:
    print("## The same task in other tools\n")
    print(
        f"| tool | {FEW} rows s (min to max) | x ours | rows | attempts a second | ours x | CPU ms each | x ours | MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    offline = []
    ours: Speed | None = None
    with _endpoint() as url:
        for contender in _contenders(folder, url):
            wrong = contender.tried({})
            if wrong:
                print(f"| {contender.name} | does not run: {wrong} | | | | | | | |")
                continue
            speed = _speed(contender)
            ours = ours or speed
            print(_row(contender, speed, ours), flush=True)
            offline.append(f"- {contender.name}: {contender.tried(_OFFLINE) or 'runs'}")
    print("\nThe same commands without the network, after the runs above:\n\n" + "\n".join(offline) + "\n")


@dataclass(frozen=True)
class Speed:
    """``fixed`` is the whole process for a few rows; the others leave that out, and are of the attempts beyond."""

    fixed: Timing
    per_second: float
    cpu_ms: float
    peak_mb: float


def _speed(contender: Contender) -> Speed:
    few, many = contender.measured(FEW, 3), contender.measured(contender.many, 1)
    beyond = contender.many - FEW
    per_second, cpu_s = beyond / (many.median_s - few.median_s), (many.cpu_s - few.cpu_s) / beyond
    return Speed(few, per_second, cpu_s * 1000, max(few.peak_mb, many.peak_mb))


def _row(contender: Contender, speed: Speed, ours: Speed) -> str:
    fixed = speed.fixed
    return (
        f"| {contender.name} | {fixed.median_s:.2f} ({fixed.min_s:.2f} to {fixed.max_s:.2f}) "
        f"| {fixed.median_s / ours.fixed.median_s:.1f} | {contender.many:,} | {speed.per_second:.1f} "
        f"| {ours.per_second / speed.per_second:.1f} | {speed.cpu_ms:.1f} | {speed.cpu_ms / ours.cpu_ms:.1f} "
        f"| {speed.peak_mb:.0f} |"
    )


@contextmanager
def _endpoint() -> Iterator[str]:
    with subprocess.Popen([sys.executable, str(HERE / "endpoint.py")], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
        finally:
            process.kill()


def _contenders(folder: Path, url: str) -> Iterator[Contender]:
    workspace = make_workspace(folder / "workspace")
    yield Contender(
        "osmo-scaffold run", lambda rows: run_command(rows_file(workspace, rows)), workspace, "mean 1,", 1000
    )
    yield from _installed("osmosis-ai[full]==0.3.7", lambda binaries: _official(binaries, folder, url))
    yield from _installed("inspect-ai==0.3.285 openai", lambda binaries: _inspect(binaries, folder))
    yield from _installed("verifiers==0.4.0", lambda binaries: _verifiers(binaries, folder, url))


def _installed(requirements: str, make: Callable[[Path], Contender]) -> Iterator[Contender]:
    """Yield what ``make`` makes of an environment's programs; nothing, but a word, where there is no Python for it."""
    python = _python_3_12()
    if python is None:
        print(f"No Python 3.12 was found for {requirements}.", file=sys.stderr)
        return
    environment = Path(cache_folder()) / "benchmarks" / requirements.partition("=")[0].partition("[")[0]
    if not (environment / "complete").exists():
        _uv("venv", "--quiet", "--clear", "--python", python, str(environment))
        _uv("pip", "install", "--quiet", "--compile-bytecode", "--python", str(environment), *requirements.split())
        (environment / "complete").touch()
    yield make(environment / "bin")


def _uv(*arguments: str) -> None:
    subprocess.run([str(Path(sys.executable).parent / "uv"), *arguments], check=True)


def _official(binaries: Path, folder: Path, url: str) -> Contender:
    """Run the same rollout, in a workspace of its own: the official tool wants a git repository."""
    workspace = make_workspace(folder / "official")
    (workspace / "configs/training").mkdir(exist_ok=True)
    secrets = folder / "secrets.env"
    secrets.write_text("OPENAI_API_KEY=none\n")
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qm", "b"],
    ):
        subprocess.run(["git", *arguments], cwd=workspace, check=True)
    options = ["--secrets-file", str(secrets), "--max-in-flight", str(CONCURRENCY), "--yes"]
    start = [str(binaries / "osmosis"), "eval", "run", "configs/eval/one-call.toml", *options]
    environment = {
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "UV_PYTHON": str(binaries / "python"),
        "OPENAI_BASE_URL": url,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # or it asks the network for prices
    }

    def command(rows: int) -> list[str]:
        return [*start, "--dataset-file", str(rows_file(workspace / "data", rows))]

    return Contender("osmosis eval run, osmosis-ai 0.3.7", command, workspace, "mean 1.000", 1000, environment)


def _inspect(binaries: Path, folder: Path) -> Contender:
    program = [str(binaries / "python"), str(HERE / "programs/with_inspect.py")]

    def command(rows: int) -> list[str]:
        return [*program, str(rows_file(folder, rows)), str(folder / "logs")]

    return Contender("inspect-ai 0.3.285, mockllm/model", command, folder, "mean 1.0", 1000)


def _verifiers(binaries: Path, folder: Path, url: str) -> Contender:
    many = 40
    options = f"--no-push --no-rich -m constant -c {CONCURRENCY} --client.base-url {url} --client.api-key-var KEY"
    harness = "--env.agent.harness.id null --env.agent.runtime.type subprocess"
    start = [str(binaries / "vf-eval"), "with-verifiers", *options.split(), *harness.split()]
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # where uv is
        "PYTHONPATH": str(HERE / "programs"),
        "ROWS": str(rows_file(folder, many)),
        "KEY": "none",
    }
    return Contender(
        "vf-eval, verifiers 0.4.0", lambda rows: [*start, "-n", str(rows)], folder, "reward=1.000", many, environment
    )


if __name__ == "__main__":
    main()
