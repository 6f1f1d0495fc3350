"""A certificate for a pupil's wall."""

from gan.messages import msg
from pages.shared.printed import board
from pages.shared.printed.page import Sheet
from pages.shared.words.speech import Html

ROW = 6  # boards


def sheet(voice: Html) -> Sheet:
    title = voice.say(msg("print.certificate", "Certificate"))
    name = '<span class="write"></span>'
    told = [
        msg("print.has_trained", "has trained a forger and a detective, and can say how both learn from each other:"),
        msg(
            "print.has_learned",
            "the forger from the detective's answers alone, the detective from real pictures and fakes.",
        ),
    ]
    label = voice.say(msg("print.card", "A real card"))
    boards = "".join(f"<li>{board.drawn(each, label, is_named=False)}</li>" for each in board.written(ROW))
    signed = "".join(
        f"<span>{voice.say(each)}</span>" for each in (msg("print.date", "Date"), msg("print.signed", "Signature"))
    )
    body = "".join(f"<p>{voice.say(each)}</p>" for each in told)
    return Sheet(
        title,
        f'<section class="certificate"><ul class="boards">{boards}</ul><h1>{title}</h1><p>{name}</p>{body}'
        f'<p class="signed">{signed}</p></section>',
    )
