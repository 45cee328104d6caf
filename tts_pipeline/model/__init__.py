"""The nouns that the stages hand to each other: frozen, with unknown keys forbidden.

    post -> document -> script (segments) -> speech -> episode -> feed

Stages never import each other; they meet here. Everything is plain data, so that a decision can
be printed, tested, hashed and sent to another process.
"""

from tts_pipeline.model.document import (
    Block,
    BlockKind,
    Document,
    Group,
    GroupKind,
    Reading,
    Span,
    SpanKind,
)
from tts_pipeline.model.episode import (
    ChapterRecord,
    Episode,
    PassageTiming,
    Report,
    SegmentRecord,
    SegmentTiming,
    Suspect,
    Timing,
    WordTime,
)
from tts_pipeline.model.noun import (
    Noun,
)
from tts_pipeline.model.post import (
    Medium,
    Omission,
    Post,
)
from tts_pipeline.model.segment import (
    Break,
    Change,
    Role,
    Script,
    ScriptChapter,
    Segment,
)
from tts_pipeline.model.show import (
    Show,
    Site,
    Timestamps,
)
from tts_pipeline.model.source import (
    NamedSource,
)
from tts_pipeline.model.speech import (
    AudioFormat,
    Cast,
    Mark,
    Music,
    Passage,
    Speech,
    Utterance,
    Voice,
)

__all__ = [
    "AudioFormat",
    "Block",
    "BlockKind",
    "Break",
    "Cast",
    "Change",
    "ChapterRecord",
    "Document",
    "Episode",
    "Group",
    "GroupKind",
    "Mark",
    "Medium",
    "Music",
    "NamedSource",
    "Noun",
    "Omission",
    "Passage",
    "PassageTiming",
    "Post",
    "Reading",
    "Report",
    "Role",
    "Script",
    "ScriptChapter",
    "Segment",
    "SegmentRecord",
    "SegmentTiming",
    "Show",
    "Site",
    "Span",
    "SpanKind",
    "Speech",
    "Suspect",
    "Timestamps",
    "Timing",
    "Utterance",
    "Voice",
    "WordTime",
]
