"""``probe``: does the reward mean anything, and does the rollout survive? Answers, faults, passes, verdicts."""
