"""How a message is said: values stay what they are, and numbers, dates and lists follow the language."""

from datetime import datetime
from html.parser import HTMLParser

import pytest

from gan.messages import msg, msgs, verbatim
from pages.shared.words import speech

EVIL = '<script>alert("1")</script> & <img src=x onerror=alert(1)>'


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("![x](ftp)", r"!\[x\](ftp)"),
        ("[a](b)", r"\[a\](b)"),
        ("<b>&lt;</b>", r"\<b>\&lt;\</b>"),
        ("$x$ and $$y$$", r"\$x\$ and \$\$y\$\$"),
        ("`code` ~~gone~~ **bold** _slant_", r"\`code\` \~\~gone\~\~ \*\*bold\*\* \_slant\_"),
        ("C:\\new", "C:\\\\new"),
        ("# big", r"\# big"),
        ("- one", r"\- one"),
        ("3. try", r"3\. try"),
        ("> said", r"\> said"),
        ("a\n\n# b", "a  # b"),
        ("learning_rate", "learning_rate"),
        ("R&D at 12:30, 2 > 1!", "R&D at 12:30, 2 > 1!"),
        ("été 图片", "été 图片"),
    ],
)
def test_a_value_is_no_markdown(value, shown):
    assert speech.markdown("en").say(verbatim(value)) == shown


@pytest.mark.parametrize(
    "value",
    [":material/home:", ":red[x]", ":smile:", ":100:", ":streamlit:", "::name", ":+1:", "http://x.y", "WWW.x.y"],
)
def test_a_value_is_no_icon_no_emoji_no_colour_and_no_link(value):
    """Streamlit looks for these where Markdown's backslashes are gone, so that an unseen letter parts them."""
    shown = speech.markdown("en").say(verbatim(value)).replace("\\", "")
    assert shown != value and shown.replace("\u2060", "") == value


def test_marks_of_a_sentence_itself_stay():
    message = msg("a.b", "**Rule.** {who} :material/flag:", who="*me*")
    assert speech.markdown("en").say(message) == r"**Rule.** \*me\* :material/flag:"


def test_messages_within_messages_are_said_and_lists_of_them():
    inner = msg("a.inner", "the **{what}**", what="a_ b")
    message = msg("a.b", "{x} / {all:list}", x=inner, all=[inner, "_c_", 2.5])
    assert speech.markdown("en").say(message) == r"the **a\_ b** / the **a\_ b**, \_c\_, 2.5"


def test_plain_words_stay_as_they_are():
    assert speech.bare("en").say(verbatim(":red[*a*] & <b>")) == ":red[*a*] & <b>"


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.words = [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def test_html_holds_no_tag_but_bold():
    told = speech.html("en").say(msg("a.b", '**{who}** wins, "so" <i>it</i> is: {evil}', who="**B**", evil=EVIL))
    found = Tags(told)
    assert found.tags == [("b", {})]
    assert found.words == f'**B** wins, "so" <i>it</i> is: {EVIL}'
    assert Tags(f'<img alt="{told}">').tags[0][1].keys() == {"alt"}


def test_a_translator_can_write_no_tag(folder):
    folder("es", {"a.b": ("Hello {who}", '<script>x</script> **{who}** " onload="y')})
    told = speech.html("es").say(msg("a.b", "Hello {who}", who="<b>"))
    assert Tags(told).tags == [("b", {})] and '"' not in told


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "0.25 1,234,567 1e-07 12% 12.5%"), ("es", "0,25 1.234.567 1e-07 12\xa0% 12,5\xa0%"),
     ("zh_Hans", "0.25 1,234,567 1e-07 12% 12.5%"), ("tr", "0,25 1.234.567 1e-07 %12 %12,5")],
)  # fmt: skip
def test_numbers_follow_the_language(language, shown):
    message = msg("no.where", "{a} {b:,} {c:g} {d:.0%} {e:.1%}", a=0.25, b=1234567, c=1e-7, d=0.12, e=0.125)
    assert speech.bare(language).say(message) == shown


@pytest.mark.parametrize(
    ("language", "seconds", "shown"),
    [
        ("en", 95, "1 min 35 s"), ("en", 7.4, "7 s"), ("en", 3725, "1 h 02 min"),
        ("es", 95, "1 min 35 s"), ("es", 7.4, "7 s"), ("es", 3725, "1 h 2 min"),
        ("zh_Hans", 95, "1分钟35秒"), ("zh_Hans", 7.4, "7秒"), ("zh_Hans", 3725, "1小时2分钟"),
    ],
)  # fmt: skip
def test_durations_follow_the_language(language, seconds, shown):
    assert speech.bare(language).say(msg("no.where", "{time:duration}", time=seconds)) == shown


def test_dates_follow_the_language():
    message = msg("no.where", "{when:date}", when=datetime(2026, 3, 9, 14, 5).astimezone())
    assert speech.bare("en").say(message) == "09 Mar, 14:05"
    assert speech.bare("es").say(message) == "9 mar, 14:05"
    assert speech.bare("zh_Hans").say(message) == "3月9日 14:05"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "A, B, C / A, B and C / A or B / A / "), ("es", "A, B, C / A, B y C / A o B / A / "),
     ("zh_Hans", "A、B、C / A、B和C / A或B / A / ")],
)  # fmt: skip
def test_lists_follow_the_language(language, shown):
    message = msg(
        "no.where", "{a:list} / {a:and} / {b:or} / {c:and} / {d:list}", a=("A", "B", "C"), b=["A", "B"], c=["A"], d=()
    )
    assert speech.bare(language).say(message) == shown


def test_plurals_follow_the_language(folder):
    folder(
        "es",
        {
            "a.runs": (
                ("{count:,} run", "{count:,} runs"),
                ("{count:,} serie", "{count:,} de series", "{count:,} series"),
            )
        },
    )
    folder("zh_Hans", {"a.runs": (("{count:,} run", "{count:,} runs"), ("{count:,} 次",))})
    counts = (0, 1, 2, 1_000_000)
    said = {tag: [speech.bare(tag).say(msgs("a.runs", "{count:,} run", "{count:,} runs", n)) for n in counts]
            for tag in ("en", "es", "zh_Hans")}  # fmt: skip
    assert said["en"] == ["0 runs", "1 run", "2 runs", "1,000,000 runs"]
    assert said["es"] == ["0 series", "1 serie", "2 series", "1.000.000 de series"]
    assert said["zh_Hans"] == ["0 次", "1 次", "2 次", "1,000,000 次"]


@pytest.mark.parametrize(
    "broken", ["{whom}", "{", "{who", "{who.upper}", "{who[0]}", "{}", "{0}", "{who:.2q}", "{who:%}", "{who!x}"]
)
def test_a_broken_translation_is_said_in_english(folder, broken):
    folder("es", {"a.b": ("Hello {who}", broken), "a.c": ("Well: {what}", "Bien: {what}")})
    hello = msg("a.b", "Hello {who}", who="you")
    for make in (speech.bare, speech.markdown, speech.html):
        assert make("es").say(hello) == "Hello you"
        assert make("es").say(msg("a.c", "Well: {what}", what=hello)) == "Bien: Hello you"


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("**看一行：**更大会怎样？**看一列：**会", "**看一行：**\u200a更大会怎样？**看一列：**\u200a会"),
        ("一**“二”**三", "一\u200a**“二”**\u200a三"),
        ("**One.** Two **three** four, **five**.", "**One.** Two **three** four, **five**."),
        ("**“One”**, (**two!**) and **three?**.", "**“One”**, (**two!**) and **three?**."),
    ],
)
def test_bold_is_bold_where_no_space_stands_beside_it(sentence, told):
    assert speech.markdown("zh_Hans").say(msg("test.bold", sentence)) == told
