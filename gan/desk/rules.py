"""What visitors may do on a server that is shared, and which controls they see. The teacher may do and sees all."""

from dataclasses import dataclass

from gan.messages import Message, Refusal, msg

START, LIBRARY, ROOM, BRING_IN, DOWNLOAD = "start", "library", "room", "bring_in", "download"
ALLOWED: dict[str, Message] = {  # all that can be allowed, as the teacher reads it
    START: msg("rules.start", "Train: start runs, races and sweeps"),
    LIBRARY: msg("rules.library", "Use the library"),
    ROOM: msg("rules.room", "Open rooms"),
    BRING_IN: msg("rules.bring_in", "Bring in files"),
    DOWNLOAD: msg("rules.download", "Download more pictures"),
}
REFUSED: dict[str, Message] = {  # what who is refused reads
    START: msg("rules.no_start", "On this server only the teacher starts runs. You can watch those that go on."),
    LIBRARY: msg("rules.no_library", "On this server the library is for the teacher alone."),
    ROOM: msg("rules.no_room", "On this server only the teacher opens rooms. Join one by its code."),
    BRING_IN: msg("rules.no_bring_in", "On this server only the teacher brings in files."),
    DOWNLOAD: msg("rules.no_download", "On this server only the teacher downloads pictures."),
}


@dataclass(frozen=True)
class Rules:
    """Immutable: the desk puts new ones in the place of the old."""

    forbidden: frozenset[str] = frozenset()  # of ALLOWED
    hidden: tuple[str, ...] = ()  # names of controls
    locked: tuple[str, ...] = ()  # names of settings that are seen, but not changed

    def check(self, what: str) -> None:
        """Raises Refusal, with a sentence for the visitor, where this is not allowed."""
        if what in self.forbidden:
            raise Refusal(REFUSED[what])
