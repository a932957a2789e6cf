"""The lesson and the invented one, read once: nothing can change them."""

from __future__ import annotations

import kwlesson

REAL, INVENTED = kwlesson.load(), kwlesson.load(kwlesson.SAMPLE)
LESSONS = {"real": REAL, "invented": INVENTED}
