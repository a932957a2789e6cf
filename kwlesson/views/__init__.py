"""The views: every verb of Lesson is a folder of that name."""
