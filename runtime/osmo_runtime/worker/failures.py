"""User code's exceptions, said in one line, with the user's own frames as the traceback."""

import re
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

_MAX_MESSAGE = 2000
_MAX_SHOWN = 80
#: Exceptions that were raised from one another, looked at; user code could make a circle of them.
_MAX_CAUSES = 10
#: ``strands.tools.decorator``, ``agents.tool``, ``agents.run_internal.tool_execution``, and the like.
_TOOL_MODULE = re.compile(r"\._?tools?(?:_|\.|$)")


class PhaseError(Exception):
    """An attempt failed in a way that has no exception of user code: the text is the whole story."""


def failure(boundary: str, error: BaseException, rollout: Path) -> dict[str, Any]:
    """Return ``{boundary, message, traceback}`` for what crossed ``boundary``; paths are relative to ``rollout``.

    What a framework's tool raised has crossed ``tool`` before it came to the workflow.
    """
    if isinstance(error, PhaseError):
        return {"boundary": boundary, "message": str(error), "traceback": ""}
    in_tool = _raised_in_tool(error, rollout) if boundary == "workflow" else None
    if in_tool is not None:
        boundary, error = "tool", in_tool
    frames = _own_frames(error.__traceback__, rollout)
    place = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    text = "".join(traceback.format_list(frames)) + said(error)
    return {"boundary": boundary, "message": said(error) + place, "traceback": text}


def _raised_in_tool(error: BaseException, rollout: Path) -> BaseException | None:
    """Return the exception that user code raised when a framework called it as a tool, if ``error`` comes of one."""
    cause: BaseException | None = error
    for _ in range(_MAX_CAUSES):
        if cause is None:
            break
        if _passed_through_tool(cause.__traceback__, rollout):
            return cause
        cause = cause.__cause__
    return None


def _passed_through_tool(trace: TracebackType | None, rollout: Path) -> bool:
    """Tell whether a framework's module about tools called user code that the exception came out of."""
    is_in_framework = False
    for frame, _ in traceback.walk_tb(trace):
        if _is_own(frame.f_code.co_filename, rollout):
            if is_in_framework:
                return True
        elif _TOOL_MODULE.search(frame.f_globals.get("__name__", "")):
            is_in_framework = True
    return False


def said(error: BaseException) -> str:
    """Return an exception as ``Type: text``, however its ``__str__`` behaves."""
    if isinstance(error, SystemExit):
        return f"sys.exit({'' if error.code is None else error.code!r}) was called"
    try:
        text = str(error)
    except BaseException as inner:  # noqa: BLE001 - __str__ is user code as well
        text = f"<its text raised {type(inner).__name__}>"
    name = type(error).__name__
    return (f"{name}: {text}" if text else name)[:_MAX_MESSAGE]


def shown(value: Any) -> str:
    """Return a short ``repr``, however that behaves: it is user code as well, and refuses the largest numbers."""
    try:
        text = repr(value)
    except BaseException:  # noqa: BLE001 - as above
        return f"<{type(value).__name__}>"
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}..."


def stack_of(frame: Any, rollout: Path) -> str:
    """Return where a thread stands in user code, as traceback lines."""
    return "".join(traceback.format_list(_relative(traceback.extract_stack(frame), rollout)))


def _own_frames(trace: TracebackType | None, rollout: Path) -> list[traceback.FrameSummary]:
    return _relative(traceback.extract_tb(trace), rollout)


def _relative(frames: list[traceback.FrameSummary], rollout: Path) -> list[traceback.FrameSummary]:
    own = []
    for frame in frames:
        if _is_own(frame.filename, rollout):
            name = Path(frame.filename).relative_to(rollout).as_posix()
            own.append(traceback.FrameSummary(name, frame.lineno, frame.name, line=frame.line))
    return own


def _is_own(filename: str, rollout: Path) -> bool:
    path = Path(filename)
    return path.is_relative_to(rollout) and ".venv" not in path.parts
