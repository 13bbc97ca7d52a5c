"""Brand colours for mail programs, which only understand hexadecimal colours."""

import math
import re

OKLCH = re.compile(r"oklch\(\s*([\d.]+)%?\s+([\d.]+)\s+([\d.]+)(?:deg)?\s*\)")
FALLBACK = "#3b2063"


def hex_colour(colour: str) -> str:
    """`#rrggbb` for a hexadecimal or oklch() colour, clipped to sRGB; a dark violet for anything else.

    Matrices: Ottosson, "A perceptual color space for image processing" (2020).
    """
    if re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return colour.lower()
    found = OKLCH.fullmatch(colour.strip())
    if found is None:
        return FALLBACK
    lightness, chroma, hue = (float(part) for part in found.groups())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in _srgb(lightness / 100, a, b))


def _srgb(lightness: float, a: float, b: float) -> tuple[float, ...]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return tuple(_companded(min(max(channel, 0.0), 1.0)) for channel in linear)


def _companded(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
