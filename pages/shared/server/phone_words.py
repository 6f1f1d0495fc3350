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
    "draw_title": msg("phone.draw_title", "Draw for the class"),
    "draw": msg("phone.draw", "Draw a picture, then send it."),
    "draw_one": msg("phone.draw_one", "Draw this, then send it: {kind}", kind="#"),
    "draw_which": msg("phone.draw_which", "Choose what you draw, then send it."),
    "pad": msg("phone.pad", "A pad to draw on. Keyboard: arrows move, the space bar lowers and lifts the pen."),
    "undo": msg("phone.undo", "Undo"),
    "clear": msg("phone.clear", "Clear"),
    "send": msg("phone.send", "Send"),
    "sent": msg("phone.sent", "Sent: {count}. Draw another one.", count="#"),
    "enough": msg("phone.enough", "That is enough from this device. Thank you."),
    "closed": msg("phone.closed", "The teacher has all the drawings. Thank you."),
    "forge_title": msg("phone.forge_title", "Fool the detective"),
    "forge": msg(
        "phone.forge", "Draw a picture that the detective takes for a real one, like those below. Then send it."
    ),
    "seen_through": msg(
        "phone.seen_through", "The detective of epoch {epoch} finds it {share} real.", epoch="#", share="@"
    ),
    "fooled": msg(
        "phone.fooled",
        "You have fooled the detective of epoch {epoch}: it finds your picture {share} real.",
        epoch="#",
        share="@",
    ),
    "best": msg("phone.best", "Your best: {share} real, after epoch {epoch}.", epoch="#", share="@"),
    "said": msg("phone.said", "Sent. You may still change your mind."),
    "over": msg("phone.over", "The game is over. Nothing of it is kept."),
    "device": msg("phone.device", "You are device {number}.", number="#"),
    "away": msg(
        "phone.away",
        "The teacher has sent this device out of the room for now. Go to your teacher if that is a mistake.",
    ),
    "gone": msg("phone.gone", "There is no room with this code. Is it typed right?"),
    "shut": msg(
        "phone.shut",
        "The teacher lets nobody else into this room now. Ask your teacher; this page tries again by itself.",
    ),
    "full": msg("phone.full", "This room is full."),
    "lost": msg("phone.lost", "No connection. It is tried again."),
}
