"""`python -m kwlesson` is the command `kwlesson`."""

import sys

from kwlesson.cli import main

sys.exit(main())
