"""The grader runs what the model wrote, on the server's own machine.

## What it does
Looks for `eval`, `exec`, `pickle.loads`, `yaml.load`, `sympify` and started processes in the code that `grade` reaches,
where what they are given is made of the samples.

## Why is this bad?
The model writes what runs next to the grader: it can read the label, set its own reward, or end the server for all
other rollouts. `eval` on an answer is the shortest way to a perfect score.

## How to fix it
Parse answers with `ast.literal_eval`, `json.loads` or `yaml.safe_load`. Run programs in a container or sandbox, and
take the verdict from its exit code.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.values import Constant
from osmo_checks.rollout import Call, Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.origins import from_samples
from osmo_checks.rules.places import in_code

_EVALUATE = frozenset(
    (
        *("builtins.eval", "builtins.exec", "pickle.loads", "dill.loads", "marshal.loads", "jsonpickle.decode"),
        *("sympy.sympify", "sympy.S", "sympy.parsing.sympy_parser.parse_expr", "numexpr.evaluate", "pandas.eval"),
        *("yaml.load", "yaml.unsafe_load", "yaml.full_load", "os.system", "os.popen"),
    )
)
_START = frozenset(
    (
        *(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen", "getoutput")),
        *("asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell"),
    )
)
#: Programs that shut away what they run.
_CONTAINERS = ("docker", "podman", "nsjail", "bwrap", "firejail", "nerdctl", "modal", "e2b")


def check(rollout: Rollout) -> Iterator[Problem]:
    samples = from_samples(rollout)
    for scope in rollout.grader_scopes:
        for call in rollout.calls_in(scope):
            if call.name not in _EVALUATE and call.name not in _START:
                continue
            given = [argument.value for argument in call.site.node.args]
            if any(samples.of(node, scope) for node in given) and not _is_contained(rollout, call):
                name = call.name.removeprefix("builtins.")
                message = f"`{name}` runs what the model wrote beside the grader: {_instead(call)}."
                yield Problem(in_code(rollout, scope, call.site.node.func), message)


def _is_contained(rollout: Rollout, call: Call) -> bool:
    loader = call.argument("Loader", 1) if call.name == "yaml.load" else None
    if loader is not None:
        return "Safe" in last_name(loader)
    first = call.site.node.args[0].value if call.name in _START and call.site.node.args else None
    if isinstance(first, cst.List | cst.Tuple) and first.elements:
        first = first.elements[0].value
    program = rollout.resolver.expression(first, call.site.scope) if first is not None else None
    return isinstance(program, Constant) and str(program.value).startswith(_CONTAINERS)


def _instead(call: Call) -> str:
    if call.name in _START or call.name.startswith("os."):
        return "use a container or sandbox"
    return "use `yaml.safe_load`" if call.name.startswith("yaml.") else "parse it, for instance with `ast.literal_eval`"


_EACH = """\
for name, sample in ctx.samples.items():
    text = sample.messages[-1]["content"]
    {}
    sample.reward = float(ok)"""

RULE = Rule(
    code="OSG107",
    name="runs-model-text",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(grade=_EACH.format("ok = «eval»(text) == eval(ctx.label)"))),
        Example(
            main_py(
                imports="import subprocess\nimport sys",
                above="def passes(code: str) -> bool:\n"
                '    return «subprocess.run»([sys.executable, "-c", code], timeout=5).returncode == 0',
                grade=_EACH.format("ok = passes(text)"),
            )
        ),
    ),
    good=(
        Example(main_py(imports="import ast", grade=_EACH.format('ok = ast.literal_eval(text) == eval("6 * 7")'))),
        Example(
            main_py(
                imports="import asyncio",
                grade=_EACH.format(
                    'ok = await asyncio.create_subprocess_exec("docker", "run", "--network=none", "python", "-c", text)'
                ),
            )
        ),
        Example(main_py(imports="import yaml", grade=_EACH.format("ok = yaml.load(text, Loader=yaml.SafeLoader)"))),
    ),
)
