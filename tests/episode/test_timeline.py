"""Everything has its place, to the sample, and chapters tile the episode."""

from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.episode.timeline import Clip, lay, silence_after
from tts_pipeline.model import Break, Mark, ScriptChapter, Segment

FRAME, RATE = 576, 22050


def segment(chapter: int, passage: int, text: str = "x") -> Segment:
    return Segment(text, text, chapter, passage, "v", Break.PARAGRAPH)


@st.composite
def clips(draw: st.DrawFn) -> list[Clip]:
    made: list[Clip] = []
    chapter = 0
    for number in range(draw(st.integers(1, 12))):
        chapter += draw(st.integers(0, 2)) if number else 0
        marks, position = [], 0
        for length in draw(st.lists(st.integers(1, 5000), min_size=1, max_size=4)):
            marks.append(Mark(position, position + length))
            position += length + draw(st.integers(0, 300))
        frames = -(-position // FRAME) + draw(st.integers(0, 20))
        silence = draw(st.integers(0, 80))
        if number and chapter != made[-1].segments[0].chapter and draw(st.booleans()):
            frames_ = draw(st.integers(1, 90))
            made.append(Clip("sting", frames_ * FRAME, frames_ * 209, "", 0, (), ()))
        made.append(
            Clip(
                key=str(number),
                samples=frames * FRAME,
                bytes=frames * 209,
                sha256="",
                silence=silence,
                marks=tuple(marks),
                segments=tuple(segment(chapter, number) for _ in marks),
            )
        )
    return made


@given(clips())
def test_chapters_tile_and_segments_lie_inside_theirs(made: list[Clip]) -> None:
    titles = [ScriptChapter(str(index)) for index in range(40)]
    laid = lay(made, titles, rate=RATE, frame=FRAME)

    assert laid.samples == sum(clip.samples + clip.silence * FRAME for clip in made)
    assert laid.chapters[0].start == 0
    assert laid.chapters[-1].end == laid.samples
    for before, after in zip(laid.chapters, laid.chapters[1:], strict=False):
        assert before.end == after.start
        assert before.end_ms == after.start_ms
        assert before.start < before.end
    assert laid.starts == tuple(
        sum(clip.samples + clip.silence * FRAME for clip in made[:number])
        for number in range(len(made))
    )
    # A chapter begins with its sting.
    stings = {start for clip, start in zip(made, laid.starts, strict=True) if not clip.segments}
    assert stings <= {chapter.start for chapter in laid.chapters}
    # Passages are counted without stings.
    spoken = [clip for clip in made if clip.segments]
    assert [record.passage for record in laid.segments] == [
        number for number, clip in enumerate(spoken) for _ in clip.segments
    ]
    previous = 0
    for record in laid.segments:
        assert previous <= record.start < record.end <= laid.samples
        chapter = laid.chapters[record.chapter]
        assert chapter.start <= record.start < record.end <= chapter.end
        previous = record.end


@given(st.integers(1, 100_000), st.integers(0, 40_000), st.integers(0, 60_000))
def test_a_pause_is_right_to_half_a_frame(end: int, tail: int, pause: int) -> None:
    samples = end + tail
    added = silence_after([Mark(0, end)], samples, pause, FRAME)
    total = tail + added * FRAME
    assert total >= tail
    if pause >= tail:
        assert abs(total - pause) <= FRAME // 2
