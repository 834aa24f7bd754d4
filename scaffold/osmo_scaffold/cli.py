"""The command line, as Typer shows it. Every command's work is a function of plain values in ``commands/``.

Those functions, and what they need, are imported when their command runs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from osmo_checks import __version__
from osmo_checks.errors import UsageError
from osmo_scaffold.cli_runs import runs_app
from osmo_scaffold.output import CheckFormat, DriverName, OutputFormat, SubmitKind

app = typer.Typer(
    name="osmo-scaffold",
    help="Write, check and run reinforcement-learning rollouts for the Osmosis platform, on your own machine.",
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
template_app = typer.Typer(help="What `apply` can add to a workspace.")
dataset_app = typer.Typer(help="Validate, convert, describe, split, sample and compare dataset files.")
app.add_typer(template_app, name="template")
app.add_typer(dataset_app, name="dataset")
app.add_typer(runs_app, name="runs")

Format = Annotated[OutputFormat, typer.Option("--output-format", help="Text for people, JSON for programs.")]
Defaults = Annotated[bool, typer.Option("--defaults", help="Take the default answer to every question.")]
Data = Annotated[list[str] | None, typer.Option("--data", metavar="KEY=VALUE", help="Answer a question. Repeatable.")]
SecretsFile = Annotated[
    Path | None, typer.Option("--secrets-file", metavar="FILE", help="A dotenv file that has the config's secrets.")
]


def _listed(codes: Sequence[str] | None) -> list[str]:
    return [code.strip() for text in codes or () for code in text.strip(", ").split(",")]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"osmo-scaffold {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Only here for the options before a command."""


@app.command()
def new(
    path: Annotated[Path, typer.Argument(help="The folder to make.")],
    defaults: Defaults = False,
    data: Data = None,
    git: Annotated[bool, typer.Option("--git/--no-git", help="Make it a repository with a first commit.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that is not empty.")] = False,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Write a new workspace: configs, data, AGENTS.md, Agent Skills, in a git repository."""
    from osmo_scaffold.commands.new import new as command

    return command(path, defaults=defaults, data=data or [], git=git, force=force, output_format=output_format)


@app.command()
def apply(
    template: Annotated[str, typer.Argument(help="A template's name: see `osmo-scaffold template list`.")],
    name: Annotated[str | None, typer.Option("--name", help="What to call the rollout, everywhere.")] = None,
    workspace: Annotated[Path | None, typer.Option("--workspace", help="The workspace, if not this folder's.")] = None,
    defaults: Defaults = False,
    data: Data = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that differ from the template's.")
    ] = False,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Add a rollout from a template to the workspace: code, configs and data."""
    from osmo_scaffold.commands.apply import apply as command

    return command(
        template,
        name=name,
        workspace=workspace,
        defaults=defaults,
        data=data or [],
        overwrite=overwrite,
        output_format=output_format,
    )


@template_app.command("list")
def template_list(output_format: Format = OutputFormat.TEXT) -> int:
    """List the templates."""
    from osmo_scaffold.commands.template import list_templates

    return list_templates(output_format=output_format)


@template_app.command("show")
def template_show(
    name: Annotated[str, typer.Argument(help="A template's name.")], output_format: Format = OutputFormat.TEXT
) -> int:
    """Show what a template writes and what it asks."""
    from osmo_scaffold.commands.template import show_template

    return show_template(name, output_format=output_format)


@app.command()
def check(
    paths: Annotated[list[str] | None, typer.Argument(help="Files or folders; this workspace if none.")] = None,
    output_format: Annotated[
        CheckFormat, typer.Option("--output-format", help="How findings are written.")
    ] = CheckFormat.TEXT,
    cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="Repeat the last answer while nothing changed.")
    ] = True,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="CODE", help="Only these rules. Repeatable; OSC is all OSC..."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CODE", help="Not these rules. Repeatable.")
    ] = None,
    ruff: Annotated[bool, typer.Option("--ruff/--no-ruff", help="Run ruff over the rollouts, too.")] = True,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: also fixes that may change what code does.")
    ] = False,
    show_diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")
    ] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count findings by rule.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 whatever was found.")] = False,
    stdin_filename: Annotated[
        str | None, typer.Option("--stdin-filename", metavar="FILE", help="Take this file's text from stdin.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Look again whenever a file changes.")] = False,
) -> int:
    """Find what would fail, without running any of it."""
    from osmo_scaffold.commands.check import check as command

    return command(
        paths or [],
        output_format=output_format,
        cache=cache,
        select=_listed(select),
        ignore=_listed(ignore),
        ruff=ruff,
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        show_diff=show_diff,
        statistics=statistics,
        exit_zero=exit_zero,
        stdin_filename=stdin_filename,
        watch=watch,
    )


@app.command()
def doctor(
    path: Annotated[
        Path | None, typer.Argument(help="The workspace, or an empty repository; this folder if none.")
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Add what is missing. What is there stays as it is.")] = False,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Find what the workspace lacks: folders, files for coding agents, links to skills."""
    from osmo_scaffold.commands.doctor import doctor as command

    return command(path, fix=fix, output_format=output_format)


@app.command()
def rule(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="A rule's code or name, as findings show it.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List all rules.")] = False,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Explain a rule: what it finds, why that is bad, how to fix it, with examples."""
    from osmo_scaffold.commands.rule import rule as command

    return command(code, everything=everything, output_format=output_format)


@app.command()
def lsp(
    ruff: Annotated[bool, typer.Option("--ruff/--no-ruff", help="Run ruff over the rollouts, too.")] = True,
    stdio: Annotated[bool, typer.Option("--stdio", hidden=True)] = True,  # noqa: ARG001 - some editors always say it
) -> int:
    """Serve an editor: findings while you type, and fixes at a key."""
    from osmo_scaffold.commands.lsp import lsp as command

    return command(ruff=ruff)


@dataset_app.command("validate")
def dataset_validate(
    paths: Annotated[list[str], typer.Argument(metavar="FILE...", help="Dataset files.")],
    max_findings: Annotated[
        int | None, typer.Option("--max-findings", min=0, help="Show only the first; all are counted.")
    ] = None,
    schema: Annotated[
        Path | None, typer.Option("--schema", metavar="FILE", help="Hold rows to a JSON Schema of yours, too.")
    ] = None,
    contract: Annotated[
        str | None,
        typer.Option("--contract", metavar="GENERATION", help="Rules of another SDK generation than the workspace's."),
    ] = None,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Look at every row of dataset files and say exactly what is wrong where."""
    from osmo_scaffold.commands.dataset import validate

    return validate(paths, max_findings=max_findings, schema=schema, contract=contract, output_format=output_format)


@dataset_app.command("convert")
def dataset_convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="The file to read.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write; never the one read.")],
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="OLD=NEW", help="Keep a field under a new name. Repeatable.")
    ] = None,
    constants: Annotated[
        list[str] | None, typer.Option("--const", metavar="NAME=VALUE", help="Add the same text to all rows.")
    ] = None,
    extractions: Annotated[
        list[str] | None,
        typer.Option(
            "--extract",
            metavar="NAME=FIELD:REGEX",
            help="Add what a regular expression finds in a field. It has two seconds for each row.",
        ),
    ] = None,
    templates: Annotated[
        list[str] | None,
        typer.Option("--template", metavar="NAME=TEXT", help="Add a text with {field} in it filled in. Repeatable."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace OUT if it exists.")] = False,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Turn a file of rows into one that keeps the dataset contract, in the format that OUT ends with."""
    from osmo_scaffold.commands.dataset_convert import convert

    return convert(
        source,
        target,
        mapping=mapping or [],
        constants=constants or [],
        extractions=extractions or [],
        templates=templates or [],
        overwrite=overwrite,
        output_format=output_format,
    )


@dataset_app.command("stats")
def dataset_stats(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A dataset file.")],
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Say what is in a file: rows, fields, lengths, labels, copies."""
    from osmo_scaffold.commands.dataset_stats import stats

    return stats(path, output_format=output_format)


@dataset_app.command("split")
def dataset_split(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="The file to read.")],
    parts: Annotated[
        list[str], typer.Option("--part", metavar="NAME=SHARE", help="A part, such as train=0.9. They make 1 in all.")
    ],
    folder: Annotated[Path | None, typer.Option("--to", metavar="FOLDER", help="Where, if not beside FILE.")] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="FIELD", help="Keep rows with one value together, such as metadata.question."),
    ] = None,
    stratify: Annotated[
        str | None,
        typer.Option("--stratify", metavar="FIELD", help="Spread the values of a field evenly, or `label`."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Another number makes another split.")] = 0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")] = False,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Split a file in parts, FILE-NAME each; rows that ask the same stay together."""
    from osmo_scaffold.commands.dataset_split import split

    return split(
        source,
        parts=parts,
        folder=folder,
        by=by,
        stratify=stratify,
        seed=seed,
        overwrite=overwrite,
        output_format=output_format,
    )


@dataset_app.command("sample")
def dataset_sample(
    source: Annotated[Path, typer.Argument(metavar="IN", help="The file to read.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write; never the one read.")],
    rows: Annotated[int, typer.Option("-n", "--rows", min=1, help="How many rows.")],
    seed: Annotated[int, typer.Option("--seed", help="Another number makes another sample.")] = 0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace OUT if it exists.")] = False,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Take some rows by chance, in their order."""
    from osmo_scaffold.commands.dataset_sample import sample

    return sample(source, target, rows=rows, seed=seed, overwrite=overwrite, output_format=output_format)


@dataset_app.command("diff")
def dataset_diff(
    first: Annotated[Path, typer.Argument(metavar="A", help="The file before.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="The file after.")],
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="FIELD", help="What a changed row keeps, if not its prompt; `row`: only whole rows."
        ),
    ] = None,
    most: Annotated[int, typer.Option("--limit", min=0, help="How many differences are shown; all are counted.")] = 20,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 where the files differ.")] = False,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Say which rows were added, removed and changed, in whatever order they are."""
    from osmo_scaffold.commands.dataset_diff import diff

    return diff(first, second, key=key, most=most, exit_code=exit_code, output_format=output_format)


@app.command()
def run(
    config: Annotated[str, typer.Argument(metavar="CONFIG", help="An eval config, or a rollout's name.")],
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            metavar="NAME[:ARGUMENT]",
            help="Who answers: oracle, echo, empty, constant:TEXT, random, script:FILE, openai:URL, human, ...",
        ),
    ] = None,
    fault: Annotated[
        str | None,
        typer.Option("--fault", metavar="NAME[@RATE],...", help="What goes wrong in model calls: http-500@0.1,..."),
    ] = None,
    secrets_file: SecretsFile = None,
    dataset: Annotated[Path | None, typer.Option("--dataset", help="A dataset file, instead of the config's.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Take only the first rows.")] = None,
    rows: Annotated[
        str | None, typer.Option("--rows", metavar="3,7,10-20", help="Take only these rows, counted from 0.")
    ] = None,
    n: Annotated[int | None, typer.Option("-n", min=1, help="Attempts per row.")] = None,
    concurrency: Annotated[int | None, typer.Option("--concurrency", min=1, help="Attempts at a time.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Worker processes.")] = None,
    worker_memory: Annotated[
        float | None,
        typer.Option(
            "--worker-memory",
            metavar="MB",
            min=1,
            help="Replace a worker that has had more; if not given, than its share of half the machine's memory.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="What all randomness starts from; 0 if none.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="The run's name; one that exists is resumed.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Put an earlier run of that name aside, and begin anew.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Run a resumed run's failed attempts again.")
    ] = False,
    load_timeout: Annotated[
        float, typer.Option("--load-timeout", min=0.1, help="Seconds a rollout may take to load.")
    ] = 60.0,
    driver: Annotated[
        DriverName | None,
        typer.Option("--driver", help="Who executes: workers here (inprocess), or the rollout's own server (server)."),
    ] = None,
    server: Annotated[
        str | None, typer.Option("--server", metavar="URL", help="The rollout's server, which runs already.")
    ] = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", help="Stop at every model call, to look, step and edit.")
    ] = False,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Run a rollout over its dataset on this machine, graded, with no account and no API key."""
    from osmo_scaffold.commands.run import run as command
    from osmo_scaffold.commands.run_plan import RunOptions

    options = RunOptions(
        config=config,
        policy=policy,
        dataset=dataset,
        limit=limit,
        rows=rows,
        n=n,
        concurrency=concurrency,
        workers=workers,
        worker_memory=worker_memory,
        seed=seed,
        fault=fault,
        secrets_file=secrets_file,
        name=name,
        fresh=fresh,
        retry_failed=retry_failed,
        load_timeout=load_timeout,
        driver=driver,
        server=server,
    )
    return command(options, interactive=interactive, output_format=output_format)


@app.command()
def probe(
    config: Annotated[str, typer.Argument(metavar="ROLLOUT", help="A rollout's name, or an eval config.")],
    dataset: Annotated[Path | None, typer.Option("--dataset", help="A dataset file, instead of the config's.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many rows are tried.")] = 4,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, help="Seconds that workflow and grader each have for an attempt.")
    ] = 10.0,
    secrets_file: SecretsFile = None,
    load_timeout: Annotated[
        float, typer.Option("--load-timeout", min=0.1, help="Seconds a rollout may take to load.")
    ] = 60.0,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Try a rollout with right answers, non-answers and faults: what it rewards, loses, and hangs on."""
    from osmo_scaffold.commands.probe import probe as command

    return command(
        config,
        dataset=dataset,
        limit=limit,
        timeout=timeout,
        secrets_file=secrets_file,
        load_timeout=load_timeout,
        output_format=output_format,
    )


Offline = Annotated[bool, typer.Option("--offline", help="Ask no server: neither the git remote nor a package index.")]
MayRun = Annotated[bool, typer.Option("--run/--no-run", help="Try the rollout on a few rows.")]


@app.command()
def preflight(
    config: Annotated[str, typer.Argument(metavar="CONFIG", help="An eval or training config.")],
    offline: Offline = False,
    may_run: MayRun = True,
    secrets_file: SecretsFile = None,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Find what would keep a config from running well on the platform, before it is submitted."""
    from osmo_scaffold.commands.preflight import preflight as command

    return command(config, offline=offline, run=may_run, secrets_file=secrets_file, output_format=output_format)


@app.command()
def submit(
    kind: Annotated[SubmitKind, typer.Argument(metavar="KIND", help="What kind of run: eval or train.")],
    config: Annotated[str, typer.Argument(metavar="CONFIG", help="An eval or training config.")],
    rest: Annotated[
        list[str] | None, typer.Argument(metavar="[-- OPTION...]", help="What `osmosis` is given besides.")
    ] = None,
    offline: Offline = False,
    may_run: MayRun = True,
    secrets_file: SecretsFile = None,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Submit a config with the official `osmosis` command, if `preflight` lets it."""
    from osmo_scaffold.commands.submit import submit as command

    return command(
        kind,
        config,
        rest or [],
        offline=offline,
        run=may_run,
        secrets_file=secrets_file,
        output_format=output_format,
    )


#: Click's ``UsageError``, which newer Typer versions carry inside themselves instead of depending on click.
_CommandLineError: type[Exception] = typer.BadParameter.__bases__[0]


def run_app(argv: Sequence[str]) -> int:
    """Parse ``argv``, run its command and return its exit code.

    Raises ``UsageError`` for a wrong command line and ``KeyboardInterrupt`` where a question was answered by Ctrl-C.
    """
    if not argv or list(argv) in (["template"], ["dataset"], ["runs"]):
        argv = [*argv, "--help"]
    try:
        result = app(args=list(argv), prog_name="osmo-scaffold", standalone_mode=False)
    except _CommandLineError as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "osmo-scaffold"
        sentence = getattr(error, "format_message", error.__str__)().strip()
        raise UsageError(f"{sentence} See `{command} --help`.") from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    return result if isinstance(result, int) else 0
