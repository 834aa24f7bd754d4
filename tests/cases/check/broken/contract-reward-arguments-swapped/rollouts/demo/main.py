from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent


class SpellingWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        await OsmosisStrandsAgent(model=OsmosisRolloutModel()).invoke_async(ctx.prompt[-1]["content"])


class SpellingGrader(Grader):
    """The share of letters that are right."""

    def score(self, text: str, label: str) -> float:
        right = sum(ours == theirs for ours, theirs in zip(text, label, strict=False))
        return right / max(len(text), len(label), 1)

    async def grade(self, ctx: GraderContext) -> None:
        samples = ctx.get_samples()
        for sample_id, sample in samples.items():
            text = str(sample.messages[-1]["content"]).strip()
            ctx.set_sample_reward(self.score(text, ctx.label or ""), sample_id)


if __name__ == "__main__":
    import os

    import uvicorn
    from osmosis_ai.rollout import LocalBackend, create_rollout_server

    backend = LocalBackend(workflow=SpellingWorkflow, grader=SpellingGrader)
    port = int(os.environ.get("_OSMOSIS_ROLLOUT_PORT", "8000"))
    uvicorn.run(create_rollout_server(backend=backend), host="0.0.0.0", port=port)
