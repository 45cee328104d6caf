"""The real server, in a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(
    folder: Path, *arguments: str, cwd: Path | None = None, **environment: str
) -> Iterator[str]:
    """Its address, without the slash; Ctrl-C ends it at the end, and it must end well."""
    with subprocess.Popen(
        [sys.executable, "-m", "tts_pipeline", "serve", str(folder), "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "NO_COLOR": "1", **environment},
        text=True,
        cwd=cwd,
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+:\d+", process.stdout.readline())
            if found is None:
                process.kill()
                raise AssertionError(process.communicate())
            yield found[0]
        finally:
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=30)
        assert process.returncode == 0, told
        assert "Traceback" not in told
        assert "Error" not in told
