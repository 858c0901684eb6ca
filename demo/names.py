"""Names, addresses and numbers of people who do not exist.

Names are put together from syllables, mail addresses use domains reserved for examples (RFC 2606), telephone numbers
the 555-01xx block that every North American area code keeps for fiction, and beyond those +999, which no country has.
"""

from __future__ import annotations

import numpy as np

from demo.randomness import mixed
from demo.typing import Array, Texts

_STARTS = (
    "Bal",
    "Cor",
    "Del",
    "Eri",
    "Fen",
    "Gar",
    "Hol",
    "Ime",
    "Jor",
    "Kel",
    "Lum",
    "Mir",
    "Nor",
    "Oli",
    "Per",
    "Quo",
)
_ENDS = ("an", "bert", "da", "el", "fin", "ia", "kin", "la", "mond", "na", "or", "ra", "sen", "tha", "vik", "wyn")
_FAMILY = ("moor", "field", "lund", "thorpe", "gate", "wick", "brook", "stad", "holm", "crest", "dale", "rowe")
_HAN_FAMILY = tuple("岚禾霁澄曦蓝柚棠翎岫汀栀")
_HAN_GIVEN = (
    "若澜",
    "一禾",
    "知微",
    "予安",
    "星野",
    "清越",
    "南乔",
    "望舒",
    "云舟",
    "听雨",
    "青岑",
    "既白",
    "未晞",
    "如砚",
    "以沫",
    "时雨",
)
_DOMAINS = np.array(["example.com", "example.org", "example.net", "mail.example.com", "post.example.org"], dtype=object)

_GIVEN: Texts = np.array([start + end for start in _STARTS for end in _ENDS], dtype=object)
_SURNAME: Texts = np.array([start + end for start in _STARTS for end in _FAMILY], dtype=object)
_LOWER_GIVEN: Texts = np.array([text.lower() for text in _GIVEN], dtype=object)
_LOWER_SURNAME: Texts = np.array([text.lower() for text in _SURNAME], dtype=object)
_HAN: Texts = np.array([family + given for family in _HAN_FAMILY for given in _HAN_GIVEN], dtype=object)
_FICTIONAL_AREAS = np.array([n for n in range(201, 990) if n % 100 != 11 and n // 10 % 10 != 9])
SWITCHBOARD = "+1 212-555-0100"
OFFICE_MAILBOX = "info@example.com"


def numbered(prefix: str, numbers: Array, width: int) -> Texts:
    """Identifiers such as A0000042."""
    pattern = f"{prefix}%0{width}d"
    return np.array([pattern % number for number in numbers.tolist()], dtype=object)


def full_names(person: Array, language: Array) -> Texts:
    """Names; Han characters where language is 1."""
    given = mixed(person, 1) % np.uint64(_GIVEN.size)
    family = mixed(person, 2) % np.uint64(_SURNAME.size)
    names: Texts = _GIVEN[given] + " " + _SURNAME[family]
    han = np.asarray(language) == 1
    names[han] = _HAN[mixed(person[han], 3) % np.uint64(_HAN.size)]
    return names


def emails(person: Array, version: Array) -> Texts:
    """One address a person and version; no two persons share one."""
    given = mixed(person, 1) % np.uint64(_GIVEN.size)
    family = mixed(person, 2) % np.uint64(_SURNAME.size)
    domain = (mixed(person, 4) + version.astype(np.uint64)) % np.uint64(_DOMAINS.size)
    number = np.array(
        [f".{p}" if not v else f".{p}.{v}" for p, v in zip(person.tolist(), version.tolist(), strict=True)]
    )
    written: Texts = _LOWER_GIVEN[given] + "." + _LOWER_SURNAME[family] + number.astype(object) + "@" + _DOMAINS[domain]
    return written


def has_phone(person: Array) -> Array:
    """Whether the company has a phone number of the person."""
    known: Array = mixed(person, 5) % np.uint64(100) < np.uint64(85)
    return known


def phones(person: Array, switchboard: Array, notation: int = 0) -> Texts:
    """One number a person in one of three notations (0, 1, 2), `None` where unknown; a switchboard's is shared."""
    written = np.array([_phone(p, notation) for p in person.tolist()], dtype=object).reshape(person.shape)
    written[~has_phone(person)] = None
    written[switchboard] = SWITCHBOARD
    return written


def _phone(person: int, notation: int) -> str:
    area, line = divmod(person, 99)
    if area >= _FICTIONAL_AREAS.size:
        return ("+999%08d", "+999 %08d", "00999 %08d")[notation] % person
    parts = (int(_FICTIONAL_AREAS[area]), 101 + line)
    return ("+1%d555%04d", "+1 %d-555-%04d", "001 %d 555 %04d")[notation] % parts


def has_handle(person: Array) -> Array:
    """Whether the company knows the person's handle."""
    known: Array = mixed(person, 6) % np.uint64(100) < np.uint64(30)
    return known


def handles(person: Array) -> Texts:
    """One social handle a person."""
    given = mixed(person, 1) % np.uint64(_GIVEN.size)
    numbers = np.array([f"_{p}" for p in person.tolist()], dtype=object).reshape(person.shape)
    written: Texts = "@" + _LOWER_GIVEN[given] + numbers
    return written
