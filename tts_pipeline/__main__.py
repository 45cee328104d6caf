"""`python -m tts_pipeline` and the `tts-pipeline` command."""

from tts_pipeline.cli import main

if __name__ == "__main__":
    main()
