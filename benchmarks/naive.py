"""The script that one writes first: a file a paragraph, joined with `+=`, exported at the end."""

import sys
import tempfile
from pathlib import Path

import pyttsx3
from pydub import AudioSegment

source, target = sys.argv[1:]
engine = pyttsx3.init()
engine.setProperty("rate", 175)
whole = AudioSegment.empty()
with tempfile.TemporaryDirectory() as folder:
    paragraphs = Path(source).read_text(encoding="utf-8").strip().split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        path = f"{folder}/{number}.wav"
        engine.save_to_file(paragraph, path)
        engine.runAndWait()
        whole += AudioSegment.from_wav(path) + AudioSegment.silent(500)
whole.export(target, format="mp3", bitrate="64k")
