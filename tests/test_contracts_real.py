"""What the contracts say about the SDK is so: held to the real packages, on Python 3.12, and to the built-in SDK."""

import ast
from pathlib import Path
from typing import Any

import pytest

from osmo_checks.contracts import Contract, load_contract

from .real_sdk import ask, ask_built_in

CONTRACTS = Path(__file__).parents[1] / "schemas" / "contracts"


@pytest.fixture(scope="module", params=["0.2", "0.3"])
def generation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def contract(generation: str) -> Contract:
    return load_contract(generation)


@pytest.fixture(scope="module")
def real(generation: str, contract: Contract) -> dict[str, Any]:
    return ask(CONTRACTS / f"{generation}.toml", contract.data["verified_with"])


@pytest.fixture(scope="module", params=["real", "built in"])
def sdk(request: pytest.FixtureRequest, generation: str) -> dict[str, Any]:
    """Return what the real SDK has, then what the built-in one has."""
    if request.param == "real":
        answer: dict[str, Any] = request.getfixturevalue("real")
        return answer
    return ask_built_in(CONTRACTS / f"{generation}.toml")


def test_it_is_the_version_that_the_contract_names(contract: Contract, sdk: dict[str, Any]) -> None:
    assert sdk["version"] == contract.data["verified_with"]


def test_every_name_is_in_its_module(contract: Contract, sdk: dict[str, Any]) -> None:
    missing = {module: set(names) - set(sdk["modules"][module]["names"]) for module, names in contract.modules.items()}
    assert {module: names for module, names in missing.items() if names} == {}


def test_every_name_that_a_module_declares_is_listed(contract: Contract, sdk: dict[str, Any]) -> None:
    declared = {module: found["declared"] for module, found in sdk["modules"].items() if found["declared"]}
    assert len(declared) >= 5
    assert declared == {module: sorted(names) for module, names in contract.modules.items() if module in declared}


def test_a_module_that_holds_nothing_is_not_there_or_declares_nothing(contract: Contract, real: dict[str, Any]) -> None:
    assert all(real["other_modules"].values())
    agents = "osmosis_ai.rollout.integrations.agents"
    empty = {name for name in real["every_module"] if contract.holds_nothing(name) and "._" not in name}
    assert empty == {"osmosis_ai", agents.rpartition(".")[0], agents}
    assert contract.holds_nothing("osmosis_ai.rollout.workflow")
    assert not contract.holds_nothing("osmosis_ai.rollout.types.config")


def test_contexts_have_these_attributes_and_no_others(contract: Contract, sdk: dict[str, Any]) -> None:
    assert sdk["attributes"] == {name: sorted(listed) for name, listed in contract.attributes.items()}


def test_methods_to_override_have_these_parameters(contract: Contract, sdk: dict[str, Any]) -> None:
    for role in ("workflow", "grader", "sample_source"):
        table = contract.data[role]
        method = f"{table['base']}.{table['method']}"
        assert ["self", *(name for name, _, _ in sdk["parameters"][method])] == table["parameters"]
        assert sdk["awaited"][method]


def test_what_users_call_takes_these_parameters(contract: Contract, sdk: dict[str, Any]) -> None:
    for name, signature in contract.data["signatures"].items():
        listed, more = _parameters(signature)
        there = [tuple(parameter) for parameter in sdk["parameters"][name]]
        assert listed == (there[: len(listed)] if more else there), name
        assert all(optional for _, _, optional in there[len(listed) :]), name


def _parameters(signature: str) -> tuple[list[tuple[str, str, bool]], bool]:
    """Return a contract's signature as the probe writes one, and whether more may be given."""
    arguments = ast.parse(f"def f({signature}): ...").body[0].args  # type: ignore[attr-defined]
    without = len(arguments.args) - len(arguments.defaults)
    plain = [(one.arg, "POSITIONAL_OR_KEYWORD", number >= without) for number, one in enumerate(arguments.args)]
    defaults = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    named = [(one.arg, "KEYWORD_ONLY", default is not None) for one, default in defaults]
    return plain + named, arguments.kwarg is not None


def test_coroutines_are_those_that_have_to_be_awaited(contract: Contract, sdk: dict[str, Any]) -> None:
    calls = contract.data["calls"]
    assert [name for name in calls["coroutines"] if not sdk["awaited"][name]] == []
    assert [name for name in calls["plain"] if sdk["awaited"][name]] == []


def test_functions_return_what_is_said(contract: Contract, sdk: dict[str, Any]) -> None:
    for function, returned in contract.data["returns"].items():
        written = sdk["returns"][function].removesuffix(" | None")
        assert contract.canonical(written) == returned


def test_rewards_are_given_by_methods_of_the_graders_context(contract: Contract, sdk: dict[str, Any]) -> None:
    grader = contract.data["grader"]
    assert set(grader["reward_calls"]) <= set(sdk["attributes"][grader["context"]])
    registering = contract.data["sample_source"]["register"]
    assert registering in sdk["attributes"]["osmosis_ai.rollout.RolloutContext"]


def test_names_of_other_generations_are_not_there(sdk: dict[str, Any]) -> None:
    assert sdk["renamed"]
    assert [name for name, there in sdk["renamed"].items() if there] == []
