"""Speaks passages afresh, apart from the program's own workers: python -m tests.fresh < JSON.

Standard input: {"engine", "options", "passages": [[(text, pace), ...], ...]}; standard output: for each
passage a list with each utterance's PCM in base64. Each passage is spoken by a child forked from
a process that has not spoken.
"""

import base64
import json
import os
import sys

from tts_pipeline.speech import registry


def main() -> None:
    asked = json.load(sys.stdin)
    engine = registry.open_engine(asked["engine"], asked["options"], "en-us")
    answers = []
    for utterances in asked["passages"]:
        reader, writer = os.pipe()
        if os.fork() == 0:
            sounds = [base64.b64encode(engine.speak(*said).pcm).decode() for said in utterances]
            with open(writer, "w", encoding="ascii") as pipe:  # noqa: PTH123
                json.dump(sounds, pipe)
            os._exit(0)
        os.close(writer)
        with open(reader, encoding="ascii") as pipe:  # noqa: PTH123
            answers.append(json.load(pipe))
        os.wait()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
