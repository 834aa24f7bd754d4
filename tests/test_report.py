"""The page about a run, as Chromium shows it; and that nothing in its data can become a part of it."""

import asyncio
import base64
import gzip
import json
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from osmo_runtime.journal import Entry
from osmo_runtime.model import Attempt, Boundary, Call, Failed, Graded, Message, Outcome, Report, Row, Sample
from osmo_runtime.report import write_report
from osmo_runtime.results import RunFolder
from osmo_runtime.runs import Run
from osmo_runtime.trajectory import document, to_json
from tests.browser import Page, find_browser, opened
from tests.run_support import Workspace

EVIL = '</script><script>window.hacked = true</script><img src=x onerror="window.hacked = true"><!-- data -->'


def talk(row: int) -> list[Message]:
    call = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}
    return [
        {"role": "user", "content": f"prompt of row {row} {EVIL}"},
        {"role": "assistant", "content": "", "reasoning_content": "hm", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": f"<b>{row}</b>"},
        {"role": "assistant", "content": f"The answer is {row}. {EVIL}"},
    ]


def outcome_of(row: int, better: float) -> Outcome:
    if row % 10 == 3:
        return Failed(Boundary.GRADER, f"ValueError: {EVIL}", f'  File "main.py", line 7, in grade\n{EVIL}')
    return Graded(None) if row % 10 == 4 else Graded(row % 5 / 5 + better)


def make_run(workspace: Path, name: str, rows: int, better: float = 0.0) -> Run:
    """Write a run with ``rows`` rows: of ten, one failed and one is skipped."""
    folder = RunFolder(workspace / ".osmosis" / "runs" / name)
    folder.trajectories.mkdir(parents=True)
    (folder.path / "inputs.json").write_text(json.dumps({"rollout": "adding", "policy": EVIL}))
    entries = []
    for row in range(rows):
        sample = Sample("main", talk(row))
        call = Call(sample.messages[:1], sample.messages[1], "stop", 5, 2, 0.1)
        report = Report(Attempt(row, 0), outcome_of(row, better), "", 0.1 + row / 1000, (sample,), (call,))
        text = to_json(document(report, Row(row, {"ground_truth": str(row)}), folder.rollout_id(report.attempt)))
        (folder.trajectories / f"{report.attempt}.json").write_text(text)
        entries.append(Entry.of(report))
    folder.journal.write_text("".join(entry.to_line() for entry in entries))
    folder.write_metrics({"status": "finished"}, 1.0)
    return Run(folder)


def browse(page: Path, tmp_path: Path, visit: Callable[[Page], Awaitable[None]]) -> None:
    """Open the page, do something with it, and see that it had no errors and asked nobody for anything."""

    async def session() -> None:
        async with opened(page, tmp_path / "profile") as tab:
            await tab.wait_for("document.body?.dataset.ready")
            await visit(tab)
            assert tab.errors == []
            assert {address for address in tab.requests if not address.startswith("file://")} == set()

    find_browser()
    asyncio.run(session())


def text_of(element: str) -> str:
    return f"document.querySelector({json.dumps(element)}).textContent"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    first = make_run(tmp_path, "first", 200)
    path = tmp_path / "report.html"
    assert write_report(path, make_run(tmp_path, "second", 200, better=0.1), first, max_response_length=1) == 200
    return path


def test_data_cannot_end_the_element_that_holds_it(page: Path) -> None:
    text = page.read_text()
    assert "window.hacked" not in text
    assert text.count("</script>") == text.count("<script")
    (pack,) = re.findall(r'<script type="text/plain" id="data">([^<]*)</script>', text)
    data = json.loads(gzip.decompress(base64.b64decode(pack)))
    assert data["run"]["policy"] == EVIL
    assert data["table"]["said"][3].startswith("grader: ValueError: </script>")


def test_a_title_is_text(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, make_run(tmp_path, "<!-- data -->&<i>", 1))
    assert "<title>&lt;!-- data --&gt;&amp;&lt;i&gt; · osmo-scaffold</title>" in path.read_text()


def test_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    async def visit(tab: Page) -> None:
        assert await tab.evaluate("window.hacked") is None
        assert await tab.evaluate(text_of("h1")) == "second"
        numbers = await tab.evaluate(text_of("#numbers"))
        assert "Mean reward0.425" in numbers
        assert "Longer than max_response_length200of 200" in numbers
        assert "second is ahead of first by 0.1 in reward" in await tab.evaluate(text_of("#verdicts"))
        assert await tab.evaluate("document.querySelectorAll('#bars button').length") == 20
        assert await tab.evaluate(text_of("#kinds summary")) == f"grader 20 \u00d7 ValueError: {EVIL}"
        assert await tab.evaluate(text_of("#count")) == "200 of 200 attempts"
        assert await tab.evaluate(text_of("#limit")) == "All 200 conversations are in this page."
        assert await tab.evaluate("document.querySelectorAll('.line').length") < 50

    browse(page, tmp_path, visit)


def test_filters_and_sorting(page: Path, tmp_path: Path) -> None:
    async def visit(tab: Page) -> None:
        async def type_into(field: str, text: str) -> Any:
            found = f"document.getElementById({field!r})"
            happened = "dispatchEvent(new Event('input', {bubbles: true}))"
            await tab.evaluate(f"{found}.value = {text!r}, {found}.{happened}")
            return await tab.evaluate(text_of("#count"))

        assert await type_into("words", "prompt of row 17") == "11 of 200 attempts"
        assert await type_into("words", "VALUEERROR") == "20 of 200 attempts"
        assert await type_into("words", "") == "200 of 200 attempts"
        assert await type_into("outcome", "2") == "20 of 200 attempts"
        assert await type_into("outcome", "") == "200 of 200 attempts"
        assert await type_into("least", "0.85") == "20 of 200 attempts"
        await tab.evaluate("document.getElementById('filter').reset()")
        await tab.wait_for(text_of("#count") + " === '200 of 200 attempts'")
        for _ in range(2):
            await tab.evaluate("document.querySelector('[data-column=reward] button').click()")
        assert await tab.evaluate("document.querySelector('[data-column=reward]').ariaSort") == "descending"
        assert await tab.evaluate(text_of("#line-0 span:nth-child(4)")) == "0.9"
        await tab.evaluate("document.querySelector('#bars .bar:not(.other)').parentElement.click()")
        assert await tab.evaluate(text_of("#count")) == "40 of 200 attempts"

    browse(page, tmp_path, visit)


def test_everything_can_be_reached_by_keyboard(page: Path, tmp_path: Path) -> None:
    async def visit(tab: Page) -> None:
        reached = []
        for _ in range(60):
            await tab.press("Tab")
            reached.append(await tab.evaluate("document.activeElement.id || document.activeElement.textContent"))
            if reached[-1] == "scroller":
                break
        assert {"words", "outcome", "least", "most", "Show all", "Row ▴", "scroller"} <= set(reached)
        await tab.press("ArrowDown")
        await tab.press("Enter")
        await tab.wait_for("document.querySelector('.message')")
        assert await tab.evaluate(text_of("#viewer-title")) == "Row 1, attempt 0"
        await tab.press("j")
        await tab.wait_for(text_of("#viewer-title") + " === 'Row 2, attempt 0'")
        await tab.press("Escape")
        await tab.wait_for("!document.getElementById('viewer').open")
        assert await tab.evaluate("document.activeElement.id") == "scroller"
        await tab.press("End")
        assert await tab.evaluate(text_of("[aria-selected=true] span")) == "199"
        assert await tab.evaluate("document.getElementById('scroller').ariaActiveDescendantElement.id") == "line-199"

    browse(page, tmp_path, visit)


def test_a_conversation_with_its_tools(page: Path, tmp_path: Path) -> None:
    async def visit(tab: Page) -> None:
        await tab.evaluate("document.querySelector('#kinds details button').click()")
        await tab.wait_for("document.querySelector('.message')")
        assert await tab.evaluate(text_of("#viewer-title")) == "Row 3, attempt 0"
        said = await tab.evaluate("[...document.querySelectorAll('.message')].map((one) => one.innerText)")
        assert [one.split("\n")[0] for one in said] == ["user", "assistant", "tool · c1", "assistant"]
        assert 'add({"a":1})  c1' in said[1]
        assert said[2].endswith("<b>3</b>")
        assert EVIL in said[3]
        assert f"grader: ValueError: {EVIL}" in await tab.evaluate(text_of(".facts"))
        assert await tab.evaluate("window.hacked") is None

    browse(page, tmp_path, visit)


def test_light_dark_and_narrow(page: Path, tmp_path: Path) -> None:
    async def visit(tab: Page) -> None:
        back = "getComputedStyle(document.body).backgroundColor"
        assert await tab.evaluate(back) == "rgb(255, 255, 255)"
        await tab.look(dark=True, width=380)
        assert await tab.evaluate(back) == "rgb(20, 23, 27)"
        assert await tab.evaluate("document.documentElement.scrollWidth") <= 380

    browse(page, tmp_path, visit)


def test_a_page_stays_small_and_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    run = make_run(tmp_path, "it", 200)
    one = len(path.read_bytes()) if write_report(path, run, budget=0) == 0 else 0
    embedded = write_report(path, run, budget=4000)
    assert 0 < embedded < 200
    assert len(path.read_bytes()) < one + 4000 + 3000

    async def visit(tab: Page) -> None:
        said = f"This page holds the conversations of {embedded} of 200 attempts, failed ones first"
        assert said in await tab.evaluate(text_of("#limit"))
        await tab.evaluate("document.getElementById('scroller').focus()")
        await tab.press("End")
        await tab.press("Enter")
        await tab.wait_for("document.querySelector('#talk p')")
        assert "trajectories/row_199_run_0.json" in await tab.evaluate(text_of("#talk p"))

    browse(path, tmp_path, visit)


def test_a_hundred_thousand_attempts(tmp_path: Path) -> None:
    """Lines that are not seen are not there, and a lost trajectory is no error."""
    run = make_run(tmp_path, "many", 1)
    lines = (Entry.of(Report(Attempt(row, 0), Graded(row % 7 / 7), "", 0.1)).to_line() for row in range(100_000))
    run.folder.journal.write_text("".join(lines))
    path = tmp_path / "report.html"
    write_report(path, run)

    async def visit(tab: Page) -> None:
        assert await tab.evaluate(text_of("#count")) == "100,000 of 100,000 attempts"
        await tab.evaluate("document.getElementById('scroller').focus()")
        await tab.press("End")
        await tab.wait_for("document.getElementById('line-99999')")
        assert await tab.evaluate("document.querySelectorAll('.line').length") < 50

    browse(path, tmp_path, visit)


def test_the_command_writes_it_where_it_is_told(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for folder in ("rollouts", "configs"):
        (tmp_path / folder).mkdir()
    make_run(tmp_path, "it", 3)

    def report(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "osmo_scaffold", "runs", "report", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert report("it").stdout == ".osmosis/runs/it/report.html\n"
    assert (workspace.runs / "it" / "report.html").is_file()
    found = json.loads(report("it", "--to", "page.html", "--output-format", "json").stdout)
    assert found == {"schema_version": 1, "run": "it", "path": "page.html", "conversations": 3}
    assert (tmp_path / "page.html").is_file()
    lost = report("it", "--compare", "nobody")
    assert lost.returncode == 2
    assert "There is no run 'nobody'" in lost.stderr
