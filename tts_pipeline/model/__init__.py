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
    Link,
    Reading,
    Span,
    SpanKind,
)
from tts_pipeline.model.episode import (
    ChapterRecord,
    Clipped,
    Copy,
    Episode,
    Fallback,
    Former,
    PassageTiming,
    Report,
    SegmentRecord,
    SegmentTiming,
    Soundbite,
    StingTiming,
    Suspect,
    Timing,
    WordTime,
)
from tts_pipeline.model.feed import (
    Best,
    Funding,
    Person,
    Podcast,
    Select,
    UpdateFrequency,
)
from tts_pipeline.model.finding import (
    Finding,
    Severity,
)
from tts_pipeline.model.noun import (
    Noun,
)
from tts_pipeline.model.post import (
    Medium,
    Omission,
    Post,
)
from tts_pipeline.model.published import (
    Publish,
    Published,
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
    Duplicates,
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
    MusicUse,
    Passage,
    Speech,
    Utterance,
    Voice,
)

__all__ = [
    "AudioFormat",
    "Best",
    "Block",
    "BlockKind",
    "Break",
    "Cast",
    "Change",
    "ChapterRecord",
    "Clipped",
    "Copy",
    "Document",
    "Duplicates",
    "Episode",
    "Fallback",
    "Finding",
    "Former",
    "Funding",
    "Group",
    "GroupKind",
    "Link",
    "Mark",
    "Medium",
    "Music",
    "MusicUse",
    "NamedSource",
    "Noun",
    "Omission",
    "Passage",
    "PassageTiming",
    "Person",
    "Podcast",
    "Post",
    "Publish",
    "Published",
    "Reading",
    "Report",
    "Role",
    "Script",
    "ScriptChapter",
    "Segment",
    "SegmentRecord",
    "SegmentTiming",
    "Select",
    "Severity",
    "Show",
    "Site",
    "Soundbite",
    "Span",
    "SpanKind",
    "Speech",
    "StingTiming",
    "Suspect",
    "Timestamps",
    "Timing",
    "UpdateFrequency",
    "Utterance",
    "Voice",
    "WordTime",
]
