"""The tables of a lesson: how they are described, read, checked and joined."""
