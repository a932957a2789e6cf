"""For those who change a lesson: checks, markers, differences, stored notebooks."""
