"""The game without a computer: a forger, a detective and a dealer, on boards of eight by eight squares."""

from gan.messages import msg
from pages.shared.printed import board
from pages.shared.printed.page import Sheet
from pages.shared.words.speech import Html

CARDS, ROUNDS = 12, 6
BOARDS = 2 * ROUNDS  # a fake and a copy of a real card each
TITLE = msg("print.game", "Forger and detective: the game on paper")
RULES = (
    msg(
        "print.rule_forger",
        "The **forger** never sees the real cards, and does not know what is on them. In each round the forger fills "
        "squares of an empty board, so that it looks as real as possible.",
    ),
    msg(
        "print.rule_dealer",
        "The **dealer** keeps the sheet of real cards hidden. In each round the dealer copies one onto an empty board, "
        "with the same pen, mixes it with the forger's, and lays both before the detective.",
    ),
    msg(
        "print.rule_detective",
        "The **detective** says which of the two is real. The dealer tells whether that is right, and writes it down.",
    ),
    msg(
        "print.rule_hint",
        "Then the detective gives the forger **three hints**, without showing the card: squares that should be filled "
        "or empty, such as: D4 should be filled. Nothing else may be said.",
    ),
    msg("print.rule_next", "The next round begins: a new board, another real card."),
)
TALK = msg(
    "print.game_talk",
    "Talk about it: what did the forger learn from? When did the detective only guess? Who got better, and why?",
)


def sheet(voice: Html) -> Sheet:
    title = voice.say(TITLE)
    rules = "".join(f"<li>{voice.say(rule)}</li>" for rule in RULES)
    needs = voice.say(
        msg(
            "print.game_needs",
            "For three. You need these three pages, scissors for the empty boards, and a dark pen; 10 to 15 minutes.",
        )
    )
    first = f"<section><h1>{title}</h1><p>{needs}</p><ol>{rules}</ol>{_table(voice)}<p>{voice.say(TALK)}</p></section>"
    return Sheet(title, f"{first}{_cards(voice)}{_boards(voice)}")


def _table(voice: Html) -> str:
    """Who was right, round by round."""
    head = [
        msg("print.round", "Round"),
        msg("print.right", "The detective was right"),
        msg("print.fooled", "The detective was fooled"),
    ]
    names = "".join(f"<th>{voice.say(each)}</th>" for each in head)
    rows = "".join(f"<tr><td>{number}</td><td></td><td></td></tr>" for number in range(1, ROUNDS + 1))
    return f"<table><tr>{names}</tr>{rows}</table>"


def _cards(voice: Html) -> str:
    told = voice.say(msg("print.cards", "Real cards: for the dealer alone"))
    about = voice.say(
        msg(
            "print.cards_about",
            "People wrote these, and each is a {digit}. Keep them where forger and detective cannot see them.",
            digit=board.DIGIT,
        )
    )
    label = voice.say(msg("print.card", "A real card"))
    cards = "".join(f"<li>{board.drawn(each, label)}</li>" for each in board.written(CARDS))
    return f'<section><h2>{told}</h2><p>{about}</p><ul class="boards">{cards}</ul></section>'


def _boards(voice: Html) -> str:
    told = voice.say(msg("print.boards", "Empty boards: for the forger and the dealer"))
    label = voice.say(msg("print.board", "An empty board"))
    boards = f"<li>{board.drawn(None, label)}</li>" * BOARDS
    return f'<section><h2>{told}</h2><ul class="boards cut">{boards}</ul></section>'
