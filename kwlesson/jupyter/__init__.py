"""How Jupyter opens the lesson and saves its notebooks."""
