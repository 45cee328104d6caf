"""What a process does to the world, told by Python's own audit events, in it and its children."""

import os
import sys
from pathlib import Path
from typing import Any

_HOOK = """
import os, sys, socket
_LOG = os.environ["AUDIT_LOG"]
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PATHS = {"os.mkdir": (0,), "os.rename": (0, 1), "os.remove": (0,), "os.symlink": (0, 1),
          "os.link": (0, 1), "os.rmdir": (0,), "os.truncate": (0,), "os.chmod": (0,)}
_out = os.open(_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def _tell(*words):
    os.write(_out, ("\\t".join(str(word) for word in words).replace("\\n", " ") + "\\n").encode(
        "utf-8", "backslashreplace"))


def _hook(event, args):
    if event == "open":
        path, _, flags = args
        if isinstance(path, (str, bytes)) and (flags or 0) & _WRITES:
            _tell("write", os.path.abspath(os.fsdecode(path)))
    elif event in _PATHS:
        for place in _PATHS[event]:
            if isinstance(args[place], (str, bytes, os.PathLike)):
                _tell("write", os.path.abspath(os.fsdecode(args[place])))
    elif event in ("socket.connect", "socket.sendto"):
        if args[0].family in (socket.AF_INET, socket.AF_INET6):
            _tell("connect", args[1][0], args[1][1])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        _tell("resolve", args[0], "-")
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        _tell("run", args[0])


sys.addaudithook(_hook)
"""


class Watch:
    """A log, and the environment in which every Python process writes to it."""

    def __init__(self, folder: Path) -> None:
        hooks = folder / "hooks"
        hooks.mkdir(parents=True)
        (hooks / "sitecustomize.py").write_text(_HOOK)
        self._log = folder / "audit.log"
        self._log.touch()
        self.environment: dict[str, Any] = {
            "PYTHONPATH": os.pathsep.join(filter(None, (str(hooks), os.environ.get("PYTHONPATH")))),
            "AUDIT_LOG": str(self._log),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def told(self, kind: str) -> set[str]:
        """What was written, connected to, resolved or run."""
        lines = self._log.read_text().splitlines()
        return {line.partition("\t")[2] for line in lines if line.startswith(kind + "\t")}

    def ran(self) -> set[str]:
        """Programs that were started, but for this Python."""
        return {name for name in self.told("run") if Path(name).name != Path(sys.executable).name}
