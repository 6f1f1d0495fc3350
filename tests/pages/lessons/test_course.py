"""The lessons that ship: whole in every language, and a broken one harms no other."""

import pytest

from gan.setup import presets
from pages.shared.draw import film
from pages.shared.draw.theme import ASSETS
from pages.shared.lessons import course
from pages.shared.lessons.lesson import CLINIC, MARKS, TOUR
from pages.shared.settings import gallery
from pages.shared.words.catalogues import FIRST, languages

RIGHT = (
    "discriminator_too_strong", "generator_too_strong", "mode_collapse", "oscillation", "divergence", "overfitting"
)  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_every_lesson_stands_in_every_language_step_by_step(language):
    first, theirs = course.course(FIRST), course.course(language)
    assert not theirs.broken and first.lessons
    files = {path.name.removesuffix(f".{language}.md") for path in course.FOLDER.glob(f"*.{language}.md")}
    assert files == first.lessons.keys()
    for name, lesson in first.lessons.items():
        assert theirs.lessons[name].skeleton == lesson.skeleton, name
        assert (theirs.lessons[name].minutes, theirs.lessons[name].order) == (lesson.minutes, lesson.order), name


@pytest.mark.parametrize("language", [tag for tag in languages() if tag != FIRST])
def test_no_sentence_was_left_in_english(language):
    for name, lesson in course.course(FIRST).lessons.items():
        for mine, theirs in zip(lesson.steps, course.course(language).lessons[name].steps, strict=True):
            told = [(part.text, other.text) for part, other in zip(mine.before, theirs.before, strict=True)]
            told += [(part.text, other.text) for part, other in zip(mine.after, theirs.after, strict=True)]
            assert not [text for text, other in told if text == other and len(text.split()) > 3], name


def test_a_lesson_takes_five_to_twelve_minutes_and_trains_something():
    for name, lesson in course.course(FIRST).lessons.items():
        assert any(step.run for step in lesson.steps), name
        if lesson.shelf == "":
            assert 5 <= lesson.minutes <= 12, name
            assert any(step.film for step in lesson.steps[:1]), name
        for step in lesson.steps:
            decided = [option.truth for option in step.options if option.truth]
            assert bool(step.ask) == bool(step.options), (name, step.title)
            assert not decided or any(truth.told in ("yes", "else") for truth in decided), (name, step.title)


def test_the_clinic_shows_every_failure_and_its_cure():
    patients = [lesson for lesson in course.course(FIRST).lessons.values() if lesson.shelf == CLINIC]
    shown = {lesson.steps[0].preset: lesson.steps[1].preset for lesson in patients}
    assert shown == presets.CURES
    for lesson in patients:
        right = [option.truth.told for option in lesson.steps[0].options]
        assert right == [*(f"doctor = {failure}" for failure in RIGHT), "else"], lesson.name


def test_the_tour_points_at_every_part_of_the_page_that_it_can():
    (tour,) = (lesson for lesson in course.course(FIRST).lessons.values() if lesson.shelf == TOUR)
    assert {step.mark for step in tour.steps} == MARKS.keys() - {"below", "stage"}


def test_the_story_is_told_in_cards_that_can_be_tried(app):
    app.switch_page("story.py").run()
    assert not app.exception and "The story so far" in [header.value for header in app.header]
    app.button(key="try_2017: Horses become zebras").click().run()
    app.switch_page("train.py").run()
    assert app.session_state["preset"] == "boots" and app.session_state["architecture"] == "cycle_gan"


def test_the_style_hides_whatever_a_step_can_hide():
    style = (ASSETS / "style" / "lessons.css").read_text()
    assert not [name for name, key in MARKS.items() if f":has(.st-key-hides_{name}) .st-key-{key}" not in style]


def test_a_film_is_small_enough_to_be_sent_with_a_page():
    sizes = {path.name: path.stat().st_size for path in film.RECORDINGS.glob("*.npz")}
    assert sizes and not {name: size for name, size in sizes.items() if size > 160_000}


def test_a_broken_file_is_named_and_the_others_stand(tmp_path, monkeypatch, app):
    good = (course.FOLDER / "first_look.en.md").read_text("utf-8")
    (tmp_path / "good.en.md").write_text(good, "utf-8")
    (tmp_path / "good.es.md").write_text("Hola", "utf-8")
    (tmp_path / "bad.en.md").write_text(good.replace("run: quick", "run: quickest"), "utf-8")
    (tmp_path / "odd.en.md").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setattr(course, "FOLDER", tmp_path)
    lessons, broken = course.course("es")
    assert lessons.keys() == {"good"} and lessons["good"].title == "What is a GAN?"
    told = "\n".join(map(str, broken))
    line = good.splitlines().index("run: quick epochs=8") + 1
    assert f"bad.en.md: Line {line}: " in told and "good.es.md: Line 1: " in told and "odd.en.md" in told
    app.run()
    app.switch_page("lessons.py").run()
    assert not app.exception
    assert [button.label for button in app.button] == ["1. What is a GAN?"]
    assert any(f"Line {line}" in warning.value for warning in app.warning)


@pytest.mark.parametrize(("line", "kind", "ending"), [("film", film, "npz"), ("picture", gallery, "png")])
def test_a_lesson_that_lacked_what_it_shows_stands_once_that_is_there(tmp_path, monkeypatch, line, kind, ending):
    monkeypatch.setattr(course, "FOLDER", tmp_path)
    monkeypatch.setattr(kind, "RECORDINGS", tmp_path)
    head = "---\ntitle: A\nabout: B.\nminutes: 5\norder: 1\n---\n"
    (tmp_path / "one.en.md").write_text(f"{head}## Look\n{line}: mine\n")
    assert not course.course(FIRST).lessons
    (tmp_path / f"mine.{ending}").touch()
    assert course.course(FIRST).lessons and not course.course(FIRST).broken


def test_a_file_that_is_only_named_is_passed_over(tmp_path, monkeypatch):
    """As one that goes meanwhile, or an editor's note that it is being written."""
    monkeypatch.setattr(course, "FOLDER", tmp_path)
    (tmp_path / ".#one.en.md").symlink_to("nobody@nowhere")
    assert course.course(FIRST) == ({}, [])


def test_a_file_that_could_not_be_read_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "FOLDER", tmp_path)
    file = tmp_path / "one.en.md"
    file.write_bytes((course.ASSETS / "lessons" / "first_look.en.md").read_bytes())
    with monkeypatch.context() as away, pytest.raises(AssertionError):
        away.setattr(type(file), "read_text", refuse)
        assert course.course(FIRST).lessons
    assert course.course(FIRST).lessons


def refuse(*_):
    raise PermissionError
