"""A program of the user's own that translates messages for a release."""

import os
import shlex
import subprocess
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from sortyard.app.settings import Settings
from sortyard.domain.languages import Translate

REST: Final = 30.0  # seconds; a program that hangs holds every message up
VARIABLE: Final = "SORTYARD_LANGUAGE"


@dataclass(slots=True)
class CommandTranslator:
    """
    Runs a command for each text: it comes in on standard input, the translation goes out.

    `{language}` in the command is the code of the language, which is in the environment, too. A
    command that takes too long is not asked again for half a minute.
    """

    command: tuple[str, ...]
    seconds: float
    _rests_until: float = field(default=0.0, init=False)

    def __call__(self, text: str, language: str) -> str:
        """Translate; give nothing where the command fails, so that a person reads the message."""
        if monotonic() < self._rests_until:
            return ""
        asked = [part.replace("{language}", language) for part in self.command]
        try:
            done = subprocess.run(  # noqa: S603 -- the command is the user's own
                asked,
                input=text.encode("utf-8", "replace"),
                capture_output=True,
                timeout=self.seconds,
                check=False,
                env={**os.environ, VARIABLE: language},
            )
        except subprocess.TimeoutExpired:
            self._rests_until = monotonic() + REST
            return ""
        except OSError:  # it is not there, or may not be run
            return ""
        return "" if done.returncode else done.stdout.decode("utf-8", "replace")


def translator_of(settings: Settings) -> Translate | None:
    """Give the translator that a workspace names, or none."""
    command = tuple(shlex.split(settings.translate_command))
    return CommandTranslator(command, settings.translate_seconds) if command else None
