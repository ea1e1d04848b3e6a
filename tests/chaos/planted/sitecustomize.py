"""Python runs this before a service where this folder is on its path: `tests/chaos/run.py --plant` puts it there."""

import os
import sys

if "serve" in sys.orig_argv and os.environ.get("CHAOS_PLANT"):
    import defects

    defects.plant(os.environ["CHAOS_PLANT"])
