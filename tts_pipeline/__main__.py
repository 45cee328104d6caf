"""`python -m tts_pipeline` and the `tts-pipeline` command."""

import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the program; Ctrl-C while it is still being loaded ends it without a traceback."""
    try:
        from tts_pipeline.cli import main as run  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.stderr.write("tts-pipeline: stopped before anything was done\n")
        sys.exit(_INTERRUPTED)
    run()


if __name__ == "__main__":
    main()
