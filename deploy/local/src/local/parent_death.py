"""Runs a command that ends when the process that started it ends, also when that one was killed with -9.

`python -I -S parent_death.py PARENT USER COMMAND …`: becomes the user, where one is named, asks Linux for a signal at
the parent's death and becomes the command. It is a program of its own and not a `preexec_fn`, which may hang where the
parent has threads. The request follows the parent's *thread*: start from the thread that stays. Without such a request
(macOS), it only becomes the command.
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def main() -> None:
    """Become the command of the arguments, so that it is killed when its parent dies (Linux). The first argument is
    the parent's process id, the second a user's name or empty."""
    parent, user, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    if user:
        _become(user)
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the request
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606


def _become(user: str) -> None:
    """Before the request, which a change of the user takes back. This Python may lie where that user cannot go, so what
    is needed is imported first."""
    import ctypes  # noqa: F401
    import pwd

    entry = pwd.getpwnam(user)
    os.chdir("/")
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


if __name__ == "__main__":
    main()
