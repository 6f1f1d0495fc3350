"""Where all this comes from, and what it is good for."""

from pages.shared.lessons import cards, course
from pages.shared.lessons.lesson import STORY

for lesson in course.course().lessons.values():
    if lesson.shelf == STORY:
        cards.show(lesson)
