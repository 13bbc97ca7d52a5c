"""Draws an uploaded picture again, so that nothing hidden is left and its size is bounded."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from foundation.outcomes.refusals import Refused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 40_000_000
MOST_BYTES = 5 * 1024 * 1024
TOO_LARGE = f"The picture is larger than {MOST_BYTES // 2**20} MB."
WIDEST = (1200, 1200)


def drawn_again(upload: bytes) -> tuple[bytes, int, int]:
    """The picture as WebP with its width and height. Refuses what is no picture, too large or too complicated."""
    if len(upload) > MOST_BYTES:
        raise _refused(TOO_LARGE)
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(upload), formats=FORMATS) as opened:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if opened.width * opened.height > MOST_PIXELS:
                raise _refused("The picture has too many pixels.")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise _refused("This is not a picture that we can read.") from error
    picture.thumbnail(WIDEST)
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=82)
    return written.getvalue(), picture.width, picture.height


def _refused(message: str) -> Refused:
    return Refused("picture_unreadable", message, "Choose a JPEG, PNG or WebP picture.", field="upload", status=422)
