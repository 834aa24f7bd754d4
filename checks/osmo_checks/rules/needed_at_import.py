"""Importing the entrypoint needs something that is not there yet.

## What it does
Looks at what modules do while they are imported: `os.environ["NAME"]` outside of `try`, downloads, and loading of
datasets, tokenizers and models.

## Why is this bad?
`osmosis eval submit` and `osmosis train submit` import the entrypoint on your machine, where the secrets of the run are
not set: the submission stops with a `KeyError`. On the platform, every import waits for the network, and one failed
download is a server that never starts.

## How to fix it
Read variables where they are used, with `os.environ.get`, and load data in a function that is called by the first
rollout that needs it:

```python
@functools.cache
def examples() -> list[str]:
    return load_dataset(...)
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.environment import reads_in
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.startup import calls_on_import, import_scopes, is_guarded

_METHODS = ("get", "post", "put", "request", "stream")
_LOADERS = {
    *(f"{client}.{method}" for client in ("requests", "httpx") for method in _METHODS),
    *("urllib.request.urlopen", "urllib.request.urlretrieve"),
    *("datasets.load_dataset", "huggingface_hub.snapshot_download", "huggingface_hub.hf_hub_download", "nltk.download"),
    *("transformers.AutoTokenizer.from_pretrained", "transformers.AutoModel.from_pretrained", "transformers.pipeline"),
    *("transformers.AutoModelForCausalLM.from_pretrained", "sentence_transformers.SentenceTransformer"),
    *("tiktoken.get_encoding", "tiktoken.encoding_for_model", "spacy.load"),
}


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in import_scopes(rollout):
        for read in reads_in(rollout, scope):
            tried = any(isinstance(node, cst.Try) for node in read.site.ancestors())
            if read.required and not tried and not is_guarded(read.site):
                message = (
                    f"Importing this fails where `{read.variable}` is not set, as when the rollout is submitted: "
                    "read it where it is used."
                )
                yield Problem(in_code(rollout, scope, read.site.node), message)
    for call in calls_on_import(rollout):
        if call.name in _LOADERS:
            message = f"Every import waits for `{call.name}`: call it in a function, when it is first needed."
            yield Problem(in_code(rollout, call.site.scope, call.site.node.func), message)


RULE = Rule(
    code="OSE105",
    name="needed-at-import",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(imports="import os", above='JUDGE_KEY = «os.environ["OPENAI_API_KEY"]»')),
        Example(
            main_py(
                imports="from datasets import load_dataset\nfrom transformers import AutoTokenizer as Tokenizer",
                above='TOKENIZER = «Tokenizer.from_pretrained»("Qwen/Qwen3.5-35B-A3B")\n\n\n'
                'class Shots:\n    rows = «load_dataset»("openai/gsm8k", "main")["train"]',
            )
        ),
        Example(
            {
                "rollouts/demo/main.py": main_py(imports="from prices import PRICES", run="print(PRICES)"),
                "rollouts/demo/prices.py": 'import httpx\n\nPRICES = «httpx.get»("https://example.com/prices").json()\n',
            }
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import os",
                above='try:\n    KEY = os.environ["OPENAI_API_KEY"]\nexcept KeyError:\n    KEY = ""\n\n'
                'os.environ["TOKENIZERS_PARALLELISM"] = "false"',
            )
        ),
        Example(
            main_py(imports="import os", grade='print(os.environ["OPENAI_API_KEY"])\nctx.samples["a"].reward = 1.0')
        ),
        Example(
            main_py(
                imports="import functools\n\nfrom datasets import load_dataset",
                above='@functools.cache\ndef shots():\n    return load_dataset("openai/gsm8k", "main")["train"]',
                run="print(shots())",
            )
        ),
    ),
)
