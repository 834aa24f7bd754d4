"""The secrets that the config names have values here. Only names are looked at, and only names are shown."""

from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.situation import Situation


def check(situation: Situation) -> Outcome:
    names = list(dict.fromkeys(situation.config.secrets))
    if not names:
        return skipped("The config names no secrets.")
    here = {name for name in names if situation.environment.get(name)} | situation.names_in_file
    missing = [name for name in names if name not in here]
    mend = f"osmosis secret set {missing[0]}" if missing else ""
    if missing and situation.secrets_file:
        return failed(f"Neither in {situation.secrets_file.name} nor in the environment: {', '.join(missing)}.", mend)
    if missing:
        # Whether it is registered only the platform knows, and it says so at once.
        return warned(f"Not in the environment: {', '.join(missing)}. If it is registered, that is fine.", mend)
    return passed(f"There is a value for {', '.join(names)}.")
