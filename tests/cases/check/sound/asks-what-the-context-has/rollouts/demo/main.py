from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext


class MyWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        task = ctx.task if hasattr(ctx, "task") else ctx.prompt
        ctx.turns = 0
        for _ in task:
            ctx.turns += 1
        print(ctx.turns)


class MyGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        try:
            samples = {"main": ctx.sample}
        except (AttributeError, KeyError):
            samples = ctx.samples
        has_one = hasattr(ctx, "set_reward")
        for name, sample in samples.items():
            reward = float(str(sample.messages[-1]["content"]) == ctx.label)
            if has_one:
                ctx.set_reward(reward)
            else:
                ctx.set_sample_reward(name, reward)
