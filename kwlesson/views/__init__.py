"""The views of a lesson, each in a folder named after its verb."""
