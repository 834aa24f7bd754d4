"""The task in verifiers, for `vf-eval with-verifiers`. ROWS in the environment is the dataset."""

import json
import os
from pathlib import Path

import verifiers.v1 as vf

__all__ = ["OneCall"]


class Data(vf.TaskData):
    answer: str = ""


class Question(vf.Task[Data]):
    @vf.reward(weight=1.0)
    async def is_exact(self, trace: vf.Trace) -> float:
        return float(trace.last_reply == self.data.answer)


class OneCall(vf.Taskset[Question, vf.TasksetConfig]):
    def load(self) -> list[Question]:
        lines = Path(os.environ["ROWS"]).read_text(encoding="utf-8").splitlines()
        return [Question(self._data(json.loads(line)), self.config.task) for line in lines]

    def _data(self, row: dict[str, str]) -> Data:
        return Data(prompt=row["user_prompt"], system_prompt=row["system_prompt"], answer=row["ground_truth"])
