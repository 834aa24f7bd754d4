"""How each generation of the SDK hands over prompts, samples and rewards. Both work on the real package as well."""

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from osmo_runtime.grading import NO_SAMPLES, RewardError, finite, mean, plain, reward_of
from osmo_runtime.worker.failures import PhaseError

Order = dict[str, Any]


class Contract(Protocol):
    """One generation. Samples pass through as the SDK's own objects."""

    def workflow_context(self, order: Order, config: Any, artifacts: Path | None) -> Any: ...
    def rollout_context(self, order: Order) -> Any: ...
    async def samples(self, output: Any, ambient: Any, label: str | None) -> list[Any]: ...
    def grader_context(self, order: Order, samples: list[Any], artifacts: Path | None) -> Any: ...
    def graded(self, context: Any) -> list[Any]: ...
    def mean_reward(self, samples: list[Any]) -> float | None: ...
    def sample_json(self, sample: Any) -> dict[str, Any]: ...


def contract_of(generation: str) -> Contract:
    return NamedSamples() if generation == "0.2" else OneSample()


class _Shared:
    """What did not change between the generations."""

    def __init__(self) -> None:
        self._context = importlib.import_module("osmosis_ai.rollout.context")

    def workflow_context(self, order: Order, config: Any, artifacts: Path | None) -> Any:
        return self._context.AgentWorkflowContext(
            prompt=order["prompt"], config=config, metadata=order["metadata"], artifacts_dir=artifacts
        )

    def rollout_context(self, order: Order) -> Any:
        return self._context.RolloutContext(
            chat_completions_url=order["url"], api_key=order["token"], rollout_id=order["rollout_id"]
        )

    def mean_reward(self, samples: list[Any]) -> float | None:
        """Return the mean reward of the samples that count, ``None`` where none does.

        Raises ``PhaseError`` for a reward that is none, also of a sample that does not count: the SDK sends them all.
        """
        try:
            rewards = [(sample, reward_of(sample.reward)) for sample in samples]
        except RewardError as error:
            raise PhaseError(str(error)) from None
        return mean([reward for sample, reward in rewards if reward is not None and not sample.remove_sample])

    def sample_json(self, sample: Any) -> dict[str, Any]:
        return {
            "name": str(getattr(sample, "id", "main")),
            "messages": list(sample.trajectory_messages or ()),
            "reward": finite(sample.reward),
            "removed": bool(sample.remove_sample),
            "metrics": plain(sample.metrics),
        }


class NamedSamples(_Shared):
    """0.2: any number of samples by name, and each needs a reward."""

    async def samples(self, output: Any, ambient: Any, label: str | None) -> list[Any]:
        del output, label
        return list((await ambient.get_samples()).values())

    def grader_context(self, order: Order, samples: list[Any], artifacts: Path | None) -> Any:
        return self._context.GraderContext(
            label=order["label"],
            samples={sample.id: sample for sample in samples},
            metadata=order["metadata"],
            artifacts_dir=artifacts,
        )

    def graded(self, context: Any) -> list[Any]:
        samples = context.get_samples()
        if not samples:
            raise PhaseError(
                f"{NO_SAMPLES}, with OsmosisStrandsAgent "
                "or with get_rollout_context().register_sample_source(name, source)."
            )
        _require_rewards((f"Sample {name}", sample) for name, sample in samples.items())
        return list(samples.values())


class OneSample(_Shared):
    """0.3: one sample, returned by ``run()`` or taken from the sample source."""

    def __init__(self) -> None:
        super().__init__()
        self._sample = importlib.import_module("osmosis_ai.rollout.types").RolloutSample
        self._coerce = importlib.import_module("osmosis_ai.rollout.types.output").coerce_output

    async def samples(self, output: Any, ambient: Any, label: str | None) -> list[Any]:
        returned = self._coerce(output)
        if returned is None:
            sample = await ambient.get_sample()
            return [] if sample is None else [sample]
        if returned.messages is None:
            return []
        return [self._sample(messages=returned.messages, label=label, metrics=dict(returned.metrics))]

    def grader_context(self, order: Order, samples: list[Any], artifacts: Path | None) -> Any:
        return self._context.GraderContext(
            label=order["label"],
            sample=samples[0] if samples else None,
            metadata=order["metadata"],
            artifacts_dir=artifacts,
        )

    def graded(self, context: Any) -> list[Any]:
        if context.sample is None:
            raise PhaseError(
                "No sample to grade: run() has to return its messages, or the workflow has to make a sample, "
                "with OsmosisStrandsAgent or with get_rollout_context().set_sample_source(source)."
            )
        if not context.sample.remove_sample:
            _require_rewards([("Sample", context.sample)])
        return [context.sample]


def _require_rewards(samples: Iterable[tuple[str, Any]]) -> None:
    for name, sample in samples:
        if sample.reward is None:
            raise PhaseError(f"{name} has no reward after grading: the grader has to set one on every way through it.")
