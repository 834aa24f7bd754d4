"""Whether a call fits the parameters it meets."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Call


@dataclass(frozen=True, slots=True)
class Parameters:
    """What can be given by position and by name (in order), what must be, and whether anything else may be."""

    positional: tuple[str, ...]
    named: tuple[str, ...]
    required: frozenset[str]
    any_positional: bool = False
    any_named: bool = False


@cache
def parameters_from(text: str) -> Parameters:
    """Read parameters as they stand between the parentheses of a ``def``."""
    given = cast("ast.Lambda", ast.parse(f"lambda {text}: ...", mode="eval").body).args
    positional = [argument.arg for argument in (*given.posonlyargs, *given.args)]
    keyword_only = [argument.arg for argument in given.kwonlyargs]
    required = positional[: len(positional) - len(given.defaults)]
    required += [name for name, default in zip(keyword_only, given.kw_defaults, strict=True) if default is None]
    named = [argument.arg for argument in given.args] + keyword_only
    return Parameters(tuple(positional), tuple(named), frozenset(required), bool(given.vararg), bool(given.kwarg))


def parameters_of(function: cst.FunctionDef, *, bound: bool) -> Parameters:
    """Return the parameters of a function of the user's, without the first where it is called as a method."""
    written = function.params
    positional = [*written.posonly_params, *written.params][bound:]
    names = [parameter.name.value for parameter in positional]
    keyword_only = [parameter.name.value for parameter in written.kwonly_params]
    required = [p.name.value for p in (*positional, *written.kwonly_params) if p.default is None]
    by_name = [name for name in names if name not in {p.name.value for p in written.posonly_params}] + keyword_only
    starred = isinstance(written.star_arg, cst.Param)
    return Parameters(tuple(names), tuple(by_name), frozenset(required), starred, written.star_kwarg is not None)


@dataclass(frozen=True, slots=True)
class Misfit:
    """The first argument that fits no parameter, or the parameters that get none."""

    argument: cst.Arg | None = None
    missing: Sequence[str] = ()


def misfit(call: Call, parameters: Parameters) -> Misfit | None:
    """Return why ``call`` does not fit; ``None`` where it does, or may."""
    filled: set[str] = set()
    position = 0
    for argument in call.site.node.args:
        if argument.star:
            return None
        if argument.keyword:
            if argument.keyword.value not in parameters.named and not parameters.any_named:
                return Misfit(argument)
            filled.add(argument.keyword.value)
        elif position < len(parameters.positional):
            filled.add(parameters.positional[position])
            position += 1
        elif not parameters.any_positional:
            return Misfit(argument)
    missing = [name for name in (*parameters.positional, *parameters.named) if name in parameters.required - filled]
    return Misfit(missing=tuple(dict.fromkeys(missing))) if missing else None
