"""Where a passphrase comes from: a prompt, a file descriptor or the environment; never an argument, never kept."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Final

from scoring.errors import IkmError

PASSPHRASE: Final = "IKM_PASSPHRASE"  # noqa: S105  # the name of a variable: of the certificate file, the token, or the account at BSrE
BSRE_PASSWORD: Final = "IKM_BSRE_PASSWORD"  # noqa: S105  # the name of a variable
DESCRIPTOR: Final = "{}_FD"  # a number in this variable: the passphrase is read from that open file descriptor


def passphrase(prompt: str, variable: str = PASSPHRASE) -> str:
    """Return the passphrase from the descriptor or variable, or asked for with `prompt` on the terminal.

    Raises SIGN_SECRET when there is none and nobody to ask.
    """
    descriptor = os.environ.get(DESCRIPTOR.format(variable))
    if descriptor is not None:
        try:
            with os.fdopen(int(descriptor), encoding="utf-8") as given:
                found = given.readline().rstrip("\r\n")
        except (OSError, ValueError):
            raise IkmError("SIGN_SECRET", variable=DESCRIPTOR.format(variable)) from None
    else:
        found = os.environ.get(variable, "")
        if not found and sys.stdin.isatty():
            found = getpass.getpass(f"{prompt}: ")
    if not found:
        raise IkmError("SIGN_SECRET", variable=variable)
    return found
