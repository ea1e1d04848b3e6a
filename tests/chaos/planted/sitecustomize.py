"""Python runs this before a service where this folder is on its path: `tests/chaos/run.py --plant` puts it there."""

import os
import sys
import traceback
from importlib import import_module

NOT_PLANTED = 70
"""A service that then ran without the defect would prove nothing."""

if "serve" in sys.orig_argv and os.environ.get("CHAOS_PLANT"):
    try:
        import_module("chaos.planted.defects").plant(os.environ["CHAOS_PLANT"])
    except BaseException:
        traceback.print_exc()
        os._exit(NOT_PLANTED)
