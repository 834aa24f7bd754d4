"""The task in inspect-ai, answered by its mock model: `python with_inspect.py ROWS LOGS`."""

import json
import sys
from pathlib import Path

from inspect_ai import Task
from inspect_ai import eval as evaluate
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import exact
from inspect_ai.solver import generate, system_message

LIMITS = {"max_samples": 32, "max_connections": 32}


def answer(*_: object) -> ModelOutput:
    # Without usage, the mock model counts tokens, and downloads what it needs to do so.
    usage = ModelUsage(input_tokens=12, output_tokens=1, total_tokens=13)
    return ModelOutput(model="mockllm", choices=ModelOutput.from_content("mockllm", "42").choices, usage=usage)


def main(rows: Path, logs: str) -> None:
    given = [json.loads(line) for line in rows.open(encoding="utf-8")]
    task = Task(
        dataset=[Sample(input=row["user_prompt"], target=row["ground_truth"]) for row in given],
        solver=[system_message(given[0]["system_prompt"]), generate()],
        scorer=exact(),
    )
    model = get_model("mockllm/model", custom_outputs=answer)
    [log] = evaluate(task, model=model, log_dir=logs, display="none", **LIMITS)
    print(log.error or {name: f"{name} {found.value}" for name, found in log.results.scores[0].metrics.items()})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
