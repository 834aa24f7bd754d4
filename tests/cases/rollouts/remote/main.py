from osmosis_ai.rollout import RolloutAgentLoop, RolloutContext, RolloutRequest, RolloutResult, create_app


class Loop(RolloutAgentLoop):
    name = "loop"

    def get_tools(self, request: RolloutRequest) -> list:
        return []

    async def run(self, ctx: RolloutContext) -> RolloutResult:
        result = await ctx.chat(ctx.request.messages)
        return ctx.complete([*ctx.request.messages, result.message], reward=1.0)


agent_loop = Loop()
app = create_app(agent_loop)
