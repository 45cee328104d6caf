"""Where a show is published, and what came of it."""

from tts_pipeline.model.finding import Finding, Severity
from tts_pipeline.model.noun import Noun


class Publish(Noun, kw_only=True):
    """[publish]: where the output directory's public part is copied to."""

    to: str | None = None
    """A folder, or an address of a store: s3://, sftp://, dav:// or davs://."""
    endpoint: str | None = None
    """Of an S3 service that is not Amazon's."""
    verify: bool = True
    """Whether new sounds are asked for at their public address, where nothing else is said."""


class Published(Noun, kw_only=True):
    """What `publish` did, or with `dry_run` would do, at one target."""

    to: str
    shows: tuple[str, ...]
    dry_run: bool
    sent: tuple[str, ...]
    """Names below the output directory, in the order in which they go."""
    bytes: int
    """Of what was sent."""
    unchanged: int
    deleted: tuple[str, ...]
    superfluous: int
    """Files that no published feed or page names any more and that are still there."""
    verified: int
    """Enclosures that were asked for at their public address and are right."""
    announced: tuple[str, ...]
    """Feeds of which a hub was told."""
    findings: tuple[Finding, ...]

    @property
    def right(self) -> bool:
        """Whether all that was asked for is done."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)
