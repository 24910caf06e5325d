"""Keep what lives as long as the server out of the garbage collector's rounds.

Libraries make hundreds of thousands of objects that are never garbage. A full collection looks
at every one of them, with all sessions waiting. `gc.freeze` sets them aside; the collector stays
on, and finds the garbage of scripts and sessions among what is left.
"""

from __future__ import annotations

import gc
import sys
from threading import Lock

__all__ = ["set_aside_libraries"]

_turn = Lock()
_modules_set_aside = 0


def set_aside_libraries() -> bool:
    """Set aside all objects alive, if modules were loaded since the last time; say whether.

    Call it at the end of the script: a page draws with libraries that it loads as it draws, so
    the first drawing of a page is when they are all there. Modules are finite, so this happens
    a few times in the life of a server and never again. A session open at that moment is set
    aside with the rest; what of it is held in cycles stays until the server ends.
    """
    global _modules_set_aside  # noqa: PLW0603 one count per process, as there is one collector
    with _turn:
        if len(sys.modules) <= _modules_set_aside:
            return False
        _modules_set_aside = len(sys.modules)
        gc.collect()  # lest garbage be set aside for good
        gc.freeze()
        gc.collect()  # of nothing: tells the collector that little is left to look at
    return True
