"""The commands below ``runs``, as Typer shows them."""

from pathlib import Path
from typing import Annotated

import typer

from osmo_scaffold.output import OutputFormat

runs_app = typer.Typer(help="List, show, follow, compare and export runs.")

Format = Annotated[OutputFormat, typer.Option("--output-format", help="Text for people, JSON for programs.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A run's name: see `osmo-scaffold runs list`.")]


@runs_app.command("list")
def runs_list(output_format: Format = OutputFormat.TEXT) -> int:
    """List the workspace's runs, the newest last."""
    from osmo_scaffold.commands.runs import list_runs

    return list_runs(output_format=output_format)


@runs_app.command("show")
def runs_show(
    name: Name,
    row: Annotated[
        int | None, typer.Argument(metavar="[ROW]", min=0, help="A row, from 0: shows its conversation.")
    ] = None,
    attempt: Annotated[
        int | None, typer.Option("--attempt", min=0, help="Which attempt at the row, from 0; the first if none.")
    ] = None,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Show rewards with intervals, pass@k, times, failures and what training could learn; or one conversation."""
    from osmo_scaffold.commands.runs import show

    return show(name, row, attempt, output_format=output_format)


@runs_app.command("tail")
def runs_tail(
    name: Name,
    lines: Annotated[int, typer.Option("-n", "--lines", min=0, help="How many attempts to begin with.")] = 10,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Go on for as long as the run does; text only.")
    ] = True,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Show the last attempts of a run, and the next ones while it goes on."""
    from osmo_scaffold.commands.runs_tail import tail

    return tail(name, lines=lines, follow=follow, output_format=output_format)


@runs_app.command("compare")
def runs_compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A run.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another run of the same rows.")],
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Say, row by row and in words, whether one run is better than the other or it may be chance."""
    from osmo_scaffold.commands.runs_compare import compare

    return compare(first, second, output_format=output_format)


@runs_app.command("export")
def runs_export(
    name: Name,
    target: Annotated[
        Path, typer.Option("--to", metavar="FILE", help="A table as .parquet or .csv, conversations as .jsonl.")
    ],
    min_reward: Annotated[
        float | None, typer.Option("--min-reward", help="Only attempts with at least this reward.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace FILE if it exists.")] = False,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Write a run's attempts to one file."""
    from osmo_scaffold.commands.runs_export import export

    return export(name, target, min_reward=min_reward, overwrite=overwrite, output_format=output_format)


@runs_app.command("report")
def runs_report(
    name: Name,
    compare: Annotated[
        str | None, typer.Option("--compare", metavar="OTHER", help="A run to compare with, row by row.")
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Where, if not report.html in the run's folder.")
    ] = None,
    output_format: Format = OutputFormat.TEXT,
) -> int:
    """Write a page to look at in a browser: rewards, failures, every attempt and its conversation, in one file."""
    from osmo_scaffold.commands.runs_report import report

    return report(name, other=compare, target=target, output_format=output_format)
