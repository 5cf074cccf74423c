"""Emoji of several code points that count as one in a weighted length: those of Unicode Emoji 11.0.

Newer sequences are left out on purpose: the text library whose count this is (twitter-text 3.1.0 with
twemoji-parser 11.0.2) adds up their parts. Code points are in hexadecimal, as in Unicode's emoji-data,
emoji-variation-sequences and emoji-zwj-sequences.
"""

import re

_AS_EMOJI = "\ufe0f"
_SKIN = "[\U0001f3fb-\U0001f3ff]"
_SIGN = f"[\u2640\u2642]{_AS_EMOJI}"

# May be followed by VARIATION SELECTOR-16.
_VARIATION = """
A9 AE 203C 2049 2122 2139 2194-2199 21A9-21AA 231A-231B 2328 23CF 23ED-23EF 23F1-23F2 23F8-23FA 24C2
25AA-25AB 25B6 25C0 25FB-25FE 2600-2604 260E 2611 2614-2615 2618 2620 2622-2623 2626 262A 262E-262F
2638-263A 2640 2642 2648-2653 265F-2660 2663 2665-2666 2668 267B 267F 2692-2697 2699 269B-269C 26A0-26A1
26AA-26AB 26B0-26B1 26BD-26BE 26C4-26C5 26C8 26CF 26D1 26D3-26D4 26E9-26EA 26F0-26F5 26F8 26FA 26FD 2702
2708-2709 270F 2712 2714 2716 271D 2721 2733-2734 2744 2747 2757 2763-2764 27A1 2934-2935 2B05-2B07
2B1B-2B1C 2B50 2B55 3030 303D 3297 3299 1F004 1F170-1F171 1F17E-1F17F 1F202 1F21A 1F22F 1F237 1F321
1F324-1F32C 1F336 1F37D 1F396-1F397 1F399-1F39B 1F39E-1F39F 1F3CD-1F3CE 1F3D4-1F3DF 1F3F3 1F3F5 1F3F7
1F43F 1F441 1F4FD 1F549-1F54A 1F56F-1F570 1F573 1F576-1F579 1F587 1F58A-1F58D 1F5A5 1F5A8 1F5B1-1F5B2
1F5BC 1F5C2-1F5C4 1F5D1-1F5D3 1F5DC-1F5DE 1F5E1 1F5E3 1F5E8 1F5EF 1F5F3 1F5FA 1F6CB 1F6CD-1F6CF
1F6E0-1F6E5 1F6E9 1F6F0 1F6F3
"""
# May be followed by a skin tone.
_TONED = """
270A-270B 1F385 1F3C2-1F3C4 1F3C7 1F3CA 1F442-1F443 1F446-1F450 1F466-1F469 1F46E 1F470-1F478 1F47C
1F481-1F483 1F485-1F487 1F4AA 1F57A 1F595-1F596 1F645-1F647 1F64B-1F64F 1F6A3 1F6B4-1F6B6 1F6C0 1F6CC
1F918-1F91C 1F91E-1F91F 1F926 1F930-1F939 1F93D-1F93E 1F9B5-1F9B6 1F9B8-1F9B9 1F9D1-1F9DD
"""
# May be followed by either or by both.
_VARIATION_AND_TONED = "261D 26F7 26F9 270C-270D 1F3CB-1F3CC 1F574-1F575 1F590"
# Joined to a woman's or a man's sign: with a skin tone or none, with one or the variation, never with a tone.
_SIGNED = """
1F3C3-1F3C4 1F3CA 1F46E 1F471 1F473 1F477 1F481-1F482 1F486-1F487 1F645-1F647 1F64B 1F64D-1F64E 1F6A3
1F6B4-1F6B6 1F926 1F935 1F937-1F939 1F93D-1F93E 1F9B8-1F9B9 1F9D6-1F9DD
"""
_SIGNED_AND_VARIATION = "26F9 1F3CB-1F3CC 1F574-1F575"
_SIGNED_UNTONED = "1F46F 1F93C 1F9DE-1F9DF"
# Joined to a woman or a man: what they work with, or their hair.
_WORK = "1F33E 1F373 1F393 1F3A4 1F3A8 1F3EB 1F3ED 1F4BB-1F4BC 1F527 1F52C 1F680 1F692 1F9B0-1F9B3"
_WORK_AND_VARIATION = "2695-2696 2708"
# Two regional letters that are a flag: the first one, then those that may follow it.
_FLAGS = """
A:CDEFGILMOQRSTUWXZ B:ABDEFGHIJLMNOQRSTVWYZ C:ACDFGHIKLMNOPRUVWXYZ D:EGJKMOZ E:ACEGHRSTU F:IJKMOR
G:ABDEFGHILMNPQRSTUWY H:KMNRTU I:CDELMNOQRST J:EMOP K:EGHIMNPRWYZ L:ABCIKRSTUVY M:ACDEFGHKLMNOPQRSTUVWXYZ
N:ACEFGILOPRUZ O:M P:AEFGHKLMNRSTWY Q:A R:EOSUW S:ABCDEGHIJKLMNORSTVXYZ T:ACDFGHJKLMNORTVWZ U:AGMNSYZ
V:ACEGINU W:FS X:K Y:ET Z:AMW
"""
_TAGGED_FLAGS = ("gbeng", "gbsct", "gbwls")


def _one_of(ranges: str) -> str:
    ends = [[chr(int(end, 16)) for end in item.split("-")] for item in ranges.split()]
    return "[" + "".join("-".join(pair) for pair in ends) + "]"


def _regional(letters: str) -> str:
    return "[" + "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in letters) + "]"


def _families() -> str:
    man, woman, boy, girl, joiner = "\U0001f468", "\U0001f469", "\U0001f466", "\U0001f467", "\u200d"
    adults = f"(?:{man}{joiner}[{man}{woman}]|{woman}{joiner}{woman}|[{man}{woman}])"
    children = f"(?:{boy}{joiner}{boy}|{girl}{joiner}[{boy}{girl}]|[{boy}{girl}])"
    kiss = f"\u2764{_AS_EMOJI}{joiner}(?:\U0001f48b{joiner})?"
    couples = f"(?:{man}{joiner}{kiss}{man}|{woman}{joiner}{kiss}[{man}{woman}])"
    return f"{adults}{joiner}{children}|{couples}"


def _pattern() -> str:
    flags = (pair.split(":") for pair in _FLAGS.split())
    tags = ("".join(chr(0xE0000 + ord(letter)) for letter in place) for place in _TAGGED_FLAGS)
    one_with_both = _one_of(_VARIATION_AND_TONED)
    sequences = [
        rf"[\U0001f468\U0001f469]{_SKIN}?\u200d(?:{_one_of(_WORK)}|{_one_of(_WORK_AND_VARIATION)}{_AS_EMOJI})",
        rf"{_one_of(_SIGNED_AND_VARIATION)}(?:{_SKIN}|{_AS_EMOJI})\u200d{_SIGN}",
        rf"{_one_of(_SIGNED)}{_SKIN}?\u200d{_SIGN}",
        rf"{_one_of(_SIGNED_UNTONED)}\u200d{_SIGN}",
        _families(),
        rf"\U0001f3f3{_AS_EMOJI}\u200d\U0001f308",
        rf"\U0001f3f4\u200d\u2620{_AS_EMOJI}",
        r"\U0001f441\u200d\U0001f5e8",
        rf"[#*0-9]{_AS_EMOJI}?\u20e3",
        f"{_one_of(_VARIATION)}{_AS_EMOJI}",
        f"{one_with_both}(?:{_AS_EMOJI}{_SKIN}?|{_SKIN})",
        f"{_one_of(_TONED)}{_SKIN}",
        *(_regional(first) + _regional(seconds) for first, seconds in flags),
        *(f"\U0001f3f4{tag}\U000e007f" for tag in tags),
    ]
    return "|".join(sequences)


# What any of them may start with, looked at first: most characters of a text start none.
EMOJI_SEQUENCE = re.compile(rf"(?=[#*0-9\xa9\xae\u203c-\u3299\U0001f004-\U0001f9ff])(?:{_pattern()})")
"""Finds each emoji of more than one code point, the longest at each place."""
