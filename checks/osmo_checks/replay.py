"""Remembers what a check said, and says it again while nothing that it looked at has changed.

What was said lies in the user's own cache folder, never in the workspace: somebody else's repository cannot bring
answers along. An answer holds as long as every file below the workspaces, and our own code, has the same name, size,
inode and times (both of modification and of status, which no program can set back), and no package, ruff for one, was
installed or removed. Only light modules are imported here: recalling an answer takes less time than importing libcst.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b

_OURS = os.path.dirname(os.path.abspath(__file__))
#: Where contracts are in a checkout; a wheel has them in our own folder.
_SCHEMAS = os.path.join(os.path.dirname(os.path.dirname(_OURS)), "schemas")
_IGNORED = frozenset((".git", ".osmosis", ".venv", "node_modules", "__pycache__", ".ruff_cache", ".mypy_cache"))
#: Where links to folders are followed, as rules follow them; elsewhere, one may lead to all of a data store.
_FOLLOWED = frozenset(("rollouts", "configs", ".agents", ".claude"))
_MOST_FOLLOWED = 3
_FORMAT = "1"
_EXTENDS = re.compile(r"""^\s*extend\s*=\s*["']([^"'\n]+)["']""", re.MULTILINE)
_GIT_IGNORES = re.compile(r"^\s*excludesfile\s*=\s*\"?([^\"\n]+)", re.MULTILINE | re.IGNORECASE)
_MOST_EXTENDED = 10
#: Characters of a file of settings.
_MOST_READ = 1_000_000
#: Files in a folder of the cache.
_MOST_KEPT = 1_000


class Replay:
    """One question (``words``: everything that decides the answer, besides the files) and the folder of answers."""

    def __init__(self, words: Sequence[str]) -> None:
        question = "\0".join([_FORMAT, sys.version, _OURS, *words])
        name = blake2b(question.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
        self._path = os.path.join(cache_folder(), "check", name)

    def recall(self) -> tuple[str, int] | None:
        """Return the text and exit code given last time, or ``None`` where something changed since."""
        try:
            with open(self._path, encoding="utf-8", newline="") as stream:
                state, roots, code, text = stream.read().split("\n", 3)
                return (text, int(code)) if state == state_of(roots.split("\0")) else None
        except (OSError, ValueError):
            return None

    def remember(self, roots: Sequence[str], state: str, text: str, code: int) -> None:
        """Keep an answer. ``state`` was taken before the check began; nothing is kept if it changed meanwhile."""
        if state != state_of(roots) or any("\n" in root for root in roots):
            return
        write_privately(self._path, "\n".join([state, "\0".join(roots), str(code), text]))


def write_privately(path: str, text: str) -> None:
    """Write a file of the cache whole, or leave it as it is. The folder's oldest files go once there are many."""
    folder = os.path.dirname(path)
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with open(temporary, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        os.replace(temporary, path)
        _forget_oldest(folder)
    except (OSError, UnicodeEncodeError):
        return


def _forget_oldest(folder: str) -> None:
    with os.scandir(folder) as found:
        files = list(found)
    if len(files) > _MOST_KEPT:
        files.sort(key=lambda entry: entry.stat().st_mtime)
        for entry in files[: len(files) // 2]:
            os.unlink(entry.path)


def cache_folder() -> str:
    """Return our folder among the user's caches; ``OSMO_SCAFFOLD_CACHE_DIR`` names another one."""
    named = os.environ.get("OSMO_SCAFFOLD_CACHE_DIR")
    caches = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(caches):
        # A relative one would lie in whatever folder is looked at.
        caches = os.path.join(os.path.expanduser("~"), ".cache")
    return named or os.path.join(caches, "osmo-scaffold")


def _beside(root: str) -> Iterator[str]:
    """Yield the files outside of a workspace's folders whose settings ruff takes: above it, the user's, and git's."""
    configs = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    yield os.path.join(root, ".git", "info", "exclude")
    yield os.path.join(configs, "git", "ignore")
    for name in (os.path.join(configs, "git", "config"), os.path.expanduser("~/.gitconfig")):
        yield name
        yield from _named_in(name, _GIT_IGNORES)
    folders = [os.path.join(configs, "ruff"), root]
    while root != os.path.dirname(root):
        root = os.path.dirname(root)
        folders.append(root)
    for folder in folders:
        yield from (os.path.join(folder, name) for name in (".gitignore", ".ignore"))
        for name in ("ruff.toml", ".ruff.toml", "pyproject.toml"):
            yield from _extended(os.path.join(folder, name))


def _extended(settings: str) -> Iterator[str]:
    """Yield a file of ruff's settings and those that it extends."""
    for _ in range(_MOST_EXTENDED):
        yield settings
        settings = next(_named_in(settings, _EXTENDS), "")
        if not settings:
            return


def _named_in(path: str, pattern: "re.Pattern[str]") -> Iterator[str]:
    # A pipe would keep us waiting for somebody to write to it.
    if not os.path.isfile(path):
        return
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            names = pattern.findall(stream.read(_MOST_READ))
    except OSError:
        return
    for name in names:
        yield os.path.join(os.path.dirname(path), os.path.expanduser(os.path.expandvars(name)))


def state_of(roots: Sequence[str]) -> str:
    """Return a digest of the names, sizes, inodes and times of everything below ``roots`` and of our own code."""
    digest = blake2b(digest_size=16)
    for root in (*roots, _OURS, _SCHEMAS):
        for line in _entries(root, _line):
            digest.update(line)
    for path in (path for root in roots for path in _beside(root)):
        try:
            digest.update(_facts(path, os.stat(path)))
        except OSError:
            continue
    for folder in sys.path:
        if folder.endswith("site-packages"):
            digest.update(_facts(folder, os.stat(folder)) if os.path.isdir(folder) else b"")
    return digest.hexdigest()


def names_of(roots: Sequence[str]) -> str:
    """Return a digest of the names of everything below ``roots``, and of what is a folder and what leads elsewhere."""
    digest = blake2b(digest_size=16)
    for root in roots:
        for line in _entries(root, _name):
            digest.update(line)
    return digest.hexdigest()


def _name(entry: "os.DirEntry[str]") -> bytes:
    leads = os.readlink(entry.path) if entry.is_symlink() else ""
    return f"{entry.path} {entry.is_dir()} {leads}\n".encode("utf-8", "surrogateescape")


def _entries(root: str, line: "Callable[[os.DirEntry[str]], bytes]") -> Iterator[bytes]:
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            yield f"{folder} {error.errno}".encode("utf-8", "surrogateescape")
            continue
        for entry in entries:
            if entry.name not in _IGNORED:
                yield line(entry)
                if entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and _is_followed(entry, root)):
                    pending.append(entry.path)


def _is_followed(entry: "os.DirEntry[str]", root: str) -> bool:
    parts = entry.path[len(root) + 1 :].split(os.sep)
    return parts[0] in _FOLLOWED and len(parts) <= _MOST_FOLLOWED and entry.is_dir()


def _line(entry: "os.DirEntry[str]") -> bytes:
    try:
        return _facts(entry.path, entry.stat())
    except OSError as error:
        return f"{entry.path} {error.errno}".encode("utf-8", "surrogateescape")


def _facts(path: str, stat: os.stat_result) -> bytes:
    facts = f"{path} {stat.st_size} {stat.st_ino} {stat.st_mtime_ns} {stat.st_ctime_ns}"
    return facts.encode("utf-8", "surrogateescape")
