"""The command `kwlesson`, and `python -m kwlesson`."""

import sys


def main() -> int:
    """Run the command, and end quietly on Ctrl-C while it is still being imported, too."""
    try:
        from kwlesson import cli

        return cli.main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
