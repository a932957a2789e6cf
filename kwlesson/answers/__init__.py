"""A learner's answers: one small file, its copies in the browser, and the widget that fills it."""
