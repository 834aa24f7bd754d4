"""Runs attempts on a rollout's own server, which has the rollout's environment and SDK; HTTP is all that is shared."""
