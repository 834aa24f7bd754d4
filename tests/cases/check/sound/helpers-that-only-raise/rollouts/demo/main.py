import typing
from typing import Literal, assert_never

from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext


class MyWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        print(ctx.prompt)


def give_up(why: str):
    raise ValueError(why)


def tenths(text: str) -> float:
    if text.isdigit():
        return int(text) / 10
    give_up("There is no number in this.")


def weight(kind: Literal["exact", "loose"]) -> float:
    if kind == "exact":
        return 1.0
    elif kind == "loose":
        return 0.5
    assert_never(kind)


def number(text: str) -> float:
    for turn in range(3):
        try:
            return float(text)
        except ValueError:
            if turn == 2:
                raise
            text = text.strip("$ ")


class MyGrader(Grader):
    def fail(self, why: str) -> typing.NoReturn:
        print(why)
        raise ValueError(why)

    def share(self, text: str) -> float:
        if text.endswith("%"):
            return float(text[:-1]) / 100
        self.fail("This is no share.")

    async def grade(self, ctx: GraderContext) -> None:
        for name, sample in ctx.samples.items():
            text = str(sample.messages[-1]["content"])
            if text == ctx.label:
                ctx.set_sample_reward(name, weight("exact"))
            elif "%" in text:
                ctx.set_sample_reward(name, self.share(text))
            elif "$" in text:
                ctx.set_sample_reward(name, number(text))
            else:
                ctx.set_sample_reward(name, tenths(text))
