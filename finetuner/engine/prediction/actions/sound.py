"""A short tone. The engine has no loudspeaker: it writes the sound, the window plays it."""

import math
import struct
import wave
from io import BytesIO

from finetuner.engine.errors import FinetunerError
from finetuner.engine.files import write_bytes
from finetuner.engine.paths import cache_dir
from finetuner.engine.prediction.actions.action import ActionsPart, Outcome, Sight

RATE, SECONDS, HERTZ, LOUD = 22_050, 0.25, 880, 0.4


class Sound:
    """Gives the tone's file; it is written once."""

    def wanted(self, options: ActionsPart) -> bool:
        """Whether its option is set."""
        return options.sound

    def act(self, sight: Sight, options: ActionsPart) -> Outcome:
        """Raises FinetunerError when the tone cannot be written."""
        file = cache_dir() / "live" / "tone.wav"
        try:
            if not file.exists():
                write_bytes(file, tone())
        except OSError as error:
            raise FinetunerError(f"The sound could not be made: {error.strerror}.") from error
        return Outcome(sound=file)


def tone() -> bytes:
    """A tone that fades, as WAV: mono, 16 bit."""
    count = round(RATE * SECONDS)
    heights = (LOUD * (1 - at / count) * math.sin(2 * math.pi * HERTZ * at / RATE) for at in range(count))
    content = BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", round(height * 32_767)) for height in heights))
    return content.getvalue()
