"""What is kept of a run's past: one file an epoch, within a number of bytes."""

from time import monotonic

from gan.messages import Message, Refusal, msg
from gan.runs.kept.files import Folder, Place

BUDGET_BYTES = 64 * 2**20
WRITING_SHARE = 0.1  # of the time, at most, where epochs are short; waiting for the disk included
MOST_SECONDS = 5.0  # between two that are kept, or one epoch: so much a killed server may lose
SUFFIX = ".safetensors"
LAST = f"last{SUFFIX}"
NONE = msg("moments.none", "The networks of this run are not kept.")


class Moments:
    """Kept moments of a run: the first, the newest, and as many between as `budget` bytes hold.

    Beyond the budget every second one goes, so that what stays is spread evenly; two stay however large. In a
    `place` of their own they outlive the run and are found again; without one they go with it. One thread adds;
    any may read. What cannot be done there is told in `fault`, and the run goes on.
    """

    def __init__(self, place: Place | None = None, budget: int = BUDGET_BYTES) -> None:
        self._place, self._budget = place or Folder(), budget
        self._busy_until = self._synced_until = 0.0
        self.fault: Message | None = None  # why the newest moment could not be kept, or an old one not be removed
        try:
            self._sizes = {name: size for name, size in self._place.sizes().items() if name.endswith(SUFFIX)}
        except OSError as error:
            self._sizes = {}
            self.fault = msg("moments.unread", "What is kept of this run cannot be read: {reason}.", reason=_why(error))
        self._epochs = _found(self._sizes)
        self._every = _distance(self._epochs)

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs that can be seen again, oldest first."""
        return self._epochs

    @property
    def bytes(self) -> int:
        """What they take."""
        return sum(self._sizes.values())

    def wants(self, epoch: int) -> bool:
        """Whether this epoch would be kept: writing must not hold up the training."""
        return (epoch % self._every == 0 and not self._place.is_far) or monotonic() >= self._busy_until

    def add(self, epoch: int, content: bytes) -> None:
        """Keep a moment as the newest."""
        begun = monotonic()
        is_synced = begun >= self._synced_until
        if self._write(_name(epoch), content, is_synced):
            self._epochs = (*(each for each in self._epochs if each != epoch), epoch)
            self._remove(self._beyond_the_budget(epoch))
        now = monotonic()
        self._busy_until = now + min(MOST_SECONDS, (now - begun) / WRITING_SHARE)
        if is_synced:
            self._synced_until = self._busy_until

    def _beyond_the_budget(self, newest: int) -> list[int]:
        """The epochs that have to go for what stays to be spread evenly."""
        gone = [each for each in self._epochs if each % self._every and each != newest]
        while self.bytes - sum(self._sizes[_name(each)] for each in gone) > self._budget:
            if len(self._epochs) - len(gone) <= 2:
                break
            self._every *= 2
            gone = [each for each in self._epochs if each % self._every and each != newest]
        return gone

    def adopt(self, other: "Moments", epoch: int) -> None:
        """Begin with a moment of another run. Raises ValueError where that is not kept or cannot be copied."""
        name = _name(epoch)
        try:
            if epoch not in other.epochs:
                raise FileNotFoundError
            self._place.copy(other._place, name)
        except FileNotFoundError as error:
            raise _not_kept(epoch) from error
        except OSError as error:
            raise Refusal(
                "moments.not_copied", "This moment cannot be copied: {reason}.", reason=_why(error)
            ) from error
        self._sizes[name] = other._sizes[name]
        self._epochs = (epoch,)

    def end(self, epoch: float, content: bytes) -> None:
        """Keep the run's last moment, which may lie within an epoch: to look at, not to go on from."""
        if epoch not in self._epochs:
            self._write(LAST, content)

    def read(self, epoch: int) -> bytes:
        """The moment after so many epochs. Raises ValueError for one that is not kept, or is empty."""
        if epoch not in self._epochs:
            raise _not_kept(epoch)
        try:
            return self._content(_name(epoch))
        except OSError as error:
            raise _not_kept(epoch) from error

    def read_last(self) -> bytes:
        """The run's last moment that can be read. Raises ValueError where there is none."""
        for name in [LAST, *map(_name, reversed(self._epochs))]:
            try:
                return self._content(name)
            except OSError:  # not there, or lost by the disk: the one before
                continue
        raise Refusal(NONE)

    def rewind(self, epoch: int) -> None:
        """Forget what came after `epoch`, since the run goes on from there."""
        self._remove([each for each in self._epochs if each > epoch])
        self._epochs = tuple(each for each in self._epochs if each <= epoch)
        self._take_away(LAST)

    def _remove(self, epochs: list[int]) -> None:
        """Forget these epochs. One that the disk does not let go stays in the list, and is tried again."""
        before = self._epochs
        self._epochs = tuple(each for each in before if each not in epochs)
        stuck = [each for each in epochs if not self._take_away(_name(each))]
        if stuck:
            self._epochs = tuple(each for each in before if each in self._epochs or each in stuck)

    def _take_away(self, name: str) -> bool:
        try:
            self._place.remove(name)
        except OSError as error:  # immutable, a read-only disk, or open elsewhere on Windows
            self.fault = msg("moments.stuck", "What is kept cannot be removed: {reason}.", reason=_why(error))
            return False
        self._sizes.pop(name, None)
        return True

    def _write(self, name: str, content: bytes, is_synced: bool = True) -> bool:
        try:
            self._place.write(name, content, is_synced)
        except OSError as error:
            self.fault = msg("moments.unkept", "The past is not kept: {reason}.", reason=_why(error))
            return False
        self._sizes[name] = len(content)
        self.fault = None
        return True

    def _content(self, name: str) -> bytes:
        content = self._place.read(name)
        if not content:
            raise FileNotFoundError(name)
        return content


def _name(epoch: int) -> str:
    return f"{epoch}{SUFFIX}"


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def _not_kept(epoch: int) -> Refusal:
    return Refusal("moments.not_kept", "Epoch {epoch} of this run is not kept.", epoch=epoch)


def _found(sizes: dict[str, int]) -> tuple[int, ...]:
    """The kept epochs among such files, oldest first."""
    stems = [name.removesuffix(SUFFIX) for name in sizes]
    return tuple(sorted(int(stem) for stem in stems if stem.isdecimal()))


def _distance(epochs: tuple[int, ...]) -> int:
    """Every how manieth epoch was kept: the largest power of two in all but the newest."""
    every = 1
    while len(epochs) > 2 and all(epoch % (2 * every) == 0 for epoch in epochs[:-1]):
        every *= 2
    return every
