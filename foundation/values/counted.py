"""How many of something, in words."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 day`, `1,200 days`, `2 queries`. `plural` is for nouns that do not take an s, or ies after a consonant."""
    if number == 1:
        return f"1 {noun}"
    if not plural:
        plural = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{number:,} {plural}"
