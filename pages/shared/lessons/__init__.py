"""Lessons beside the pages: read from files, kept in the link, answered by the run itself."""
