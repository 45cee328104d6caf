"""What is here, and what the target says it has, where the ledger does not know."""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from msgspec import structs

from tts_pipeline import files
from tts_pipeline.errors import PublishError
from tts_pipeline.publish.entry import ARRIVED, Entry, Ledger, State
from tts_pipeline.publish.plan import Local
from tts_pipeline.publish.stores import Held, Store


def local(out: Path, names: Iterable[str], known: Ledger) -> dict[str, Local]:
    """Each of these files; the content of those that have not been touched is not read again.

    Raises:
        PublishError: one cannot be read.
    """
    return {name: _local(out / name, known.get(name)) for name in names}


def stamp(path: Path) -> tuple[int, int]:
    """Size and modification time (ns)."""
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def _local(path: Path, before: Entry | None) -> Local:
    try:
        size, mtime_ns = stamp(path)
        if before and (before.size, before.mtime_ns) == (size, mtime_ns):
            return Local(size, mtime_ns, before.sha256)
        return Local(size, mtime_ns, files.sha256(path))
    except OSError as error:
        raise PublishError(
            f"{path} cannot be read: {error.strerror or error}. Run the same command again, after "
            "`tts-pipeline site` and `feed` if it is gone"
        ) from error


def settle(
    known: Ledger,
    strange: Collection[str],
    here: Mapping[str, Local],
    out: Path,
    store: Callable[[], Store],
    *,
    clear: bool,
) -> tuple[Ledger, set[str]]:
    """The ledger without open questions, and where the target has something that may be ours.

    After a run that was killed the target is asked which of what was on its way has arrived; and
    of a show that the ledger does not know, perhaps since it was lost, what there is.

    Args:
        known: the ledger.
        strange: names of which it says nothing, and the target may.
        here: what shall be there.
        out: the output directory.
        store: connects to the target; called only if it has to be asked.
        clear: whether to delete what the killed run left of files that are not sent any more.

    Raises:
        PublishError: the target cannot be asked.
    """
    ledger = dict(known)
    unsure: set[str] = set()
    open_ = {name: entry for name, entry in known.items() if entry.state not in ARRIVED}
    if not open_ and not strange:
        return ledger, unsure
    target = store()
    held = target.holds({*open_, *strange})
    for name, entry in open_.items():
        there = held.get(name)
        if name not in here and clear:
            target.clear(name)
        if there is None:
            del ledger[name]
        elif name not in here or _arrived(entry, there, here[name], out / name, target):
            ledger[name] = structs.replace(entry, state=State.THERE)
        else:
            # Something else is there, of which no more is known than its size.
            ledger[name] = structs.replace(
                entry, size=there.size, mtime_ns=0, sha256="", state=State.THERE
            )
    for name in held.keys() & strange:
        there, file = held[name], here[name]
        if there.size != file.size:
            continue
        if target.same(name, there, out / name):
            ledger[name] = Entry(name, file.size, file.mtime_ns, file.sha256, (), None, State.THERE)
        else:
            unsure.add(name)
    return ledger, unsure


def _arrived(entry: Entry, there: Held, here: Local, source: Path, store: Store) -> bool:
    if there.size != entry.size:
        return False
    if entry.state is State.NEW:
        return True
    return here.sha256 == entry.sha256 and store.same(entry.name, there, source)
