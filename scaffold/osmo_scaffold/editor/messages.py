"""Findings and fixes as the language server protocol writes them."""

from collections.abc import Iterator, Sequence

from lsprotocol import types

from osmo_checks.credentials import masked
from osmo_checks.finding import Finding, Fix, Severity
from osmo_checks.fixes import apply_fixes, may_replace, without_overlaps
from osmo_checks.rules import ALL
from osmo_scaffold.editor.looks import Look
from osmo_scaffold.editor.pages import page_of
from osmo_scaffold.editor.positions import span, touch

SOURCE = "osmo-scaffold"
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.osmo"
_OWN = frozenset(rule.code for rule in ALL)
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
}


def diagnostic(finding: Finding, look: Look, encoding: str) -> types.Diagnostic:
    page = page_of(finding.code)
    return types.Diagnostic(
        range=span(finding.start, finding.end, look.lines, encoding),
        message=masked(finding.message),
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE if finding.code in _OWN else "ruff",
    )


def code_actions(look: Look, asked: types.CodeActionParams, encoding: str) -> list[types.CodeAction]:
    """Return what can be done about the findings in a range: each fix, and all safe ones of the file at once."""
    actions: list[types.CodeAction] = []
    if _wants(asked.context.only, types.CodeActionKind.QuickFix.value):
        actions += _quick_fixes(look, asked.range, encoding)
    safe = [finding.fix for finding in look.findings if finding.fix and finding.fix.applicability == "safe"]
    if safe and _wants(asked.context.only, FIX_ALL):
        title = "Apply all safe fixes of osmo-scaffold"
        actions += _action(title, FIX_ALL, look, without_overlaps(safe), encoding)
    return actions


def _quick_fixes(look: Look, place: types.Range, encoding: str) -> Iterator[types.CodeAction]:
    for finding in look.findings:
        fix = finding.fix
        shown = diagnostic(finding, look, encoding)
        if fix is None or fix.applicability == "display" or not touch(shown.range, place):
            continue
        warning = "" if fix.applicability == "safe" else ", may change what the code does"
        title = f"{masked(fix.message).removesuffix('.')} ({finding.code}{warning})"
        for action in _action(title, types.CodeActionKind.QuickFix, look, [fix], encoding):
            action.diagnostics = [shown]
            action.is_preferred = fix.applicability == "safe"
            yield action


def _action(
    title: str, kind: types.CodeActionKind | str, look: Look, fixes: Sequence[Fix], encoding: str
) -> Iterator[types.CodeAction]:
    """Yield the action, unless its text could no longer be read."""
    after, count = apply_fixes(look.data, fixes)
    if count and may_replace(look.path, look.data, after):
        edits = [
            types.TextEdit(span(edit.start, edit.end, look.lines, encoding), edit.content)
            for fix in fixes
            for edit in fix.edits
        ]
        yield types.CodeAction(title, kind=kind, edit=types.WorkspaceEdit(changes={look.uri: edits}))


def _wants(only: Sequence[types.CodeActionKind | str] | None, kind: str) -> bool:
    """Tell whether a client asks for actions of ``kind``; one that asks for ``source`` asks for all below it."""
    names = [name.value if isinstance(name, types.CodeActionKind) else name for name in only or ()]
    return only is None or any(kind == name or kind.startswith(f"{name}.") for name in names)
