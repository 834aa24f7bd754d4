"""There is a repository that the platform can clone."""

from osmo_scaffold.preflight.outcome import Outcome, failed, passed
from osmo_scaffold.preflight.situation import Situation


def check(situation: Situation) -> Outcome:
    repository, root = situation.repository, situation.workspace.root
    if repository is None:
        message = "The workspace is no git repository, and the platform takes the code from one."
        return failed(message, 'git init -b main && git add -A && git commit -m "Start the workspace"')
    if repository.root != root.resolve():
        return failed(f"The platform looks for rollouts/ at the top of the repository, which is {repository.root}.")
    if repository.head is None:
        return failed("The repository has no commit yet.", 'git add -A && git commit -m "Start the workspace"')
    if repository.remote is None:
        message = "The repository has no remote, so the platform cannot see it."
        return failed(message, f"git remote add origin URL && git push -u origin {repository.branch or 'HEAD'}")
    return passed(f"{repository.branch or 'No branch'} at {repository.head[:7]}, with the remote {repository.remote}.")
