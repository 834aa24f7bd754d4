from osmosis_ai.rollout.workflows import AgentWorkflow, AgentWorkflowContext
from osmosis_ai.rollout import AgentWorkflowOutput, Grader, GraderContext


class EchoWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> AgentWorkflowOutput:
        return AgentWorkflowOutput(messages=[*ctx.prompt, {"role": "assistant", "content": "?"}])


class EchoGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        ctx.set_reward(float(ctx.sample.messages[-1]["content"] == ctx.label))
