"""The frame around every page: the list of pages."""

import streamlit as st

from pages.shared.draw import theme
from pages.shared.kept import file_button
from pages.shared.lessons import glossary, panel
from pages.shared.settings import hidden
from pages.shared.tab import contest_tab, guard, link, projector
from pages.shared.words import choose, listen, plain

listen()
theme.open_page()
link.open_tab()
pages = [
    st.Page("home.py", title=plain("page.home", "Home"), default=True),
    st.Page("lessons.py", title=plain("page.lessons", "Lessons")),
    st.Page("game.py", title=plain("page.game", "Class")),
    st.Page("pictures.py", title=plain("page.pictures", "Pictures")),
    st.Page("train.py", title=plain("page.train", "Train")),
    st.Page("dots.py", title=plain("page.dots", "Dots")),
    st.Page("contests/race.py", title=plain("page.race", "Race")),
    st.Page("contests/versus.py", title=plain("page.versus", "Families")),
    st.Page("contests/sweep.py", title=plain("page.sweep", "Sweep")),
    st.Page("contests/compare.py", title=plain("page.compare", "Compare")),
    st.Page("latent.py", title=plain("page.latent", "Latent space")),
    st.Page("detective.py", title=plain("page.detective", "Detective")),
    st.Page("library.py", title=plain("page.library", "Library")),
]
desk = st.Page("desk.py", title=plain("page.desk", "The teacher's desk"), icon=":material/co_present:")
# Pages that others lead to.
aside = [st.Page("story.py", title=plain("page.story", "Story"))]
# Streamlit's own list says "3 more" where it is narrow, in English, and on a phone lies over the page.
page = st.navigation([*pages, desk, *aside], position="hidden")
hidden.know(pages)
with st.container(key="pages", horizontal=True, gap=None):
    for each in filter(hidden.is_page_shown, pages):
        st.page_link(each)
with st.container(key="desk_link"):  # a sign alone: words would not fit beside the pages
    st.page_link(desk, help=desk.title)
glossary.offer()
projector.offer()
with st.container(key="language"):
    choose()
guard.show_noted()
contest_tab.keep_watching()
if hidden.is_page_shown(page):
    panel.beside(page)
else:
    hidden.tell()
file_button.watch()
