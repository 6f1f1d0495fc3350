"""The words of the page for a class's devices, by the names that assets/phone/phone.html knows."""

from gan.messages import Message, msg

WORDS: dict[str, Message] = {
    "title": msg("phone.title", "Real or fake?"),
    "code": msg("phone.code", "The room's code"),
    "join": msg("phone.join", "Join"),
    "wait": msg("phone.wait", "You are in. It begins when the teacher starts a round."),
    "round": msg("phone.round", "Round {number}: after epoch {epoch}", number="#", epoch="@"),
    "ask": msg("phone.ask", "Was this drawn by a person, or by the forger?"),
    "real": msg("phone.real", "Real"),
    "fake": msg("phone.fake", "Fake"),
    "picture": msg("phone.picture", "Picture {number} of {count}", number="#", count="@"),
    "done": msg("phone.done", "All answered. Tap a picture to change your mind."),
    "missed": msg("phone.missed", "This round is over. Wait for the next one."),
    "you": msg("phone.you", "You had {right} of {count} right.", right="#", count="@"),
    "class": msg("phone.class", "The class: {share}. The detective: {machine}.", share="#", machine="@"),
    "was_real": msg("phone.was_real", "was real"),
    "was_fake": msg("phone.was_fake", "was a fake"),
    "right": msg("phone.right", "right"),
    "wrong": msg("phone.wrong", "wrong"),
    "over": msg("phone.over", "The game is over. Nothing of it is kept."),
    "gone": msg("phone.gone", "There is no room with this code. Is it typed right?"),
    "full": msg("phone.full", "This room is full."),
    "lost": msg("phone.lost", "No connection. It is tried again."),
}
