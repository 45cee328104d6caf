"""One base error, one subclass per room.

Every message is a sentence: what failed, which file, key or URL, why, what to do. Only the
command line turns an error into an exit code.
"""

import re

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class PipelineError(Exception):
    """Something a person can act on; its text is printed as it is, without a traceback."""

    def __str__(self) -> str:
        """Without what a terminal takes for a command: a server may have written part of it."""
        return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", super().__str__())


class ProfileError(PipelineError):
    """A show or a voice is wrong or missing. The command line exits with 2."""


class VoiceError(PipelineError):
    """A voice cannot be brought to this machine."""


class PostError(PipelineError):
    """A post cannot be read."""


class SourceError(PipelineError):
    """A feed, a forum, a page or a folder cannot be fetched."""


class DocumentError(PipelineError):
    """A post was read, yet holds nothing to speak, or more than one episode can take."""


class SpeechError(PipelineError):
    """An engine failed, or said nothing, twice."""


class UnavailableError(SpeechError):
    """A voice does not work at present, whatever the text: its server is down or refuses it."""


class SpentError(SpeechError):
    """What one run may have a voice speak is used up; the next one has it again."""


class EpisodeError(PipelineError):
    """An episode cannot be put together or does not match its record."""


class FeedError(PipelineError):
    """A feed cannot be written truthfully."""


class CheckError(PipelineError):
    """What shall be checked cannot be read."""


class SiteError(PipelineError):
    """A site's pages cannot be made."""


class ServeError(PipelineError):
    """The output directory cannot be served. The command line exits with 2."""


class PublishError(PipelineError):
    """A target cannot be reached, or does not take or give what it is asked."""


class BusyError(PipelineError):
    """Another run is at work in the same place. The command line exits with 75 (EX_TEMPFAIL)."""


class OutputError(PipelineError):
    """A file cannot be written."""
