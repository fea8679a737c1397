"""Pinyin of personal names: the initials that people type to find somebody.

A surname is often read unlike the word (曾 zeng, 单 shan, 仇 qiu): searching accepts every reading, the surname's own first.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, islice, product
from typing import Final

from pypinyin import Style, pinyin, pinyin_dict

MAX_INITIALS: Final = 12
"""Longer names are known by the initials of their first 12 characters, in the index and in a query alike."""

MAX_READINGS: Final = 12
"""At most this many initials strings for one name; each becomes rows in the blind index."""

# The dot of minority names as found on paper and in old systems, and what stands in for it.
_DOTS: Final = "·・•‧∙⋅･."

_SURNAMES: Final[dict[str, tuple[str, ...]]] = {
    "万俟": ("mo4", "qi2"),
    "单于": ("chan2", "yu2"),
    "尉迟": ("yu4", "chi2"),
    "澹台": ("tan2", "tai2"),
    "长孙": ("zhang3", "sun1"),
    "令狐": ("ling2", "hu2"),
    "皇甫": ("huang2", "fu3"),
    "宇文": ("yu3", "wen2"),
    "夏侯": ("xia4", "hou2"),
    "诸葛": ("zhu1", "ge3"),
    "欧阳": ("ou1", "yang2"),
    "司马": ("si1", "ma3"),
    "上官": ("shang4", "guan1"),
    "公孙": ("gong1", "sun1"),
    "慕容": ("mu4", "rong2"),
    "东方": ("dong1", "fang1"),
    "乐": ("yue4",),
    "仇": ("qiu2",),
    "任": ("ren2",),
    "便": ("pian2",),
    "冼": ("xian3",),
    "华": ("hua4",),
    "区": ("ou1",),
    "卜": ("bu3",),
    "单": ("shan4",),
    "召": ("zhao4",),
    "句": ("gou1",),
    "员": ("yun4",),
    "哈": ("ha3",),
    "宁": ("ning4",),
    "宿": ("su4",),
    "尉": ("wei4",),
    "应": ("ying1",),
    "折": ("she2",),
    "曾": ("zeng1",),
    "朴": ("piao2",),
    "查": ("zha1",),
    "沈": ("shen3",),
    "洗": ("xian3",),
    "燕": ("yan1",),
    "牟": ("mou2",),
    "盖": ("ge3",),
    "眭": ("sui1",),
    "石": ("shi2",),
    "祭": ("zhai4",),
    "秘": ("bi4",),
    "种": ("chong2",),
    "繁": ("po2",),
    "纪": ("ji3",),
    "缪": ("miao4",),
    "翟": ("zhai2",),
    "葛": ("ge3",),
    "覃": ("qin2",),
    "解": ("xie4",),
    "谌": ("chen2",),
    "车": ("che1",),
    "过": ("guo1",),
    "那": ("na1",),
    "郗": ("xi1",),
    "隗": ("wei3",),
    "黑": ("he4",),
}
"""How surnames are read first, where the common word differs or a dictionary hesitates."""

_MORE_INITIALS: Final[dict[str, str]] = {
    "黑": "h",
    "岩": "a",  # 岩 ái in Dai men's names
    "仇": "qc",
    "秘": "bm",
    "晟": "cs",
    "教": "j",
    "谌": "cs",
}
"""Initials that the dictionary does not have, in use in Yunnan or as surnames."""


def normalise(name: str) -> str:
    """NFKC, lower case, without spaces and the dots of minority names; what a name is compared by."""
    text = unicodedata.normalize("NFKC", name).lower()
    kept = "".join(ch for ch in text if ch not in _DOTS and not ch.isspace() and unicodedata.category(ch) != "Cf")
    # Once more: what stood apart may now combine.
    return unicodedata.normalize("NFKC", kept)


def is_han(ch: str) -> bool:
    """Whether one character is Chinese script (the supplementary planes of rare names included)."""
    return "\u3400" <= ch <= "\u9fff" or "\uf900" <= ch <= "\ufaff" or "\U00020000" <= ch <= "\U000323af" or ch == "〇"


def _surname_length(name: str) -> int:
    return 2 if len(name) > 2 and name[:2] in _SURNAMES else 1


@lru_cache(maxsize=8192)
def _initials_of(ch: str) -> tuple[str, ...]:
    """First letters of all readings, the usual one first; the character itself for a Latin letter; none if unknown."""
    if ch.isascii() and ch.isalnum():
        return (ch,)
    letters: list[str] = []
    if ord(ch) in pinyin_dict.pinyin_dict:
        readings = pinyin(ch, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
        letters.extend(reading[0] for reading in readings if reading and reading[0].isascii() and reading[0].isalpha())
    letters.extend(_MORE_INITIALS.get(ch, ""))
    return tuple(dict.fromkeys(letters))


def initials(name: str) -> tuple[str, ...]:
    """All initials strings of a name in lower case, the likeliest first, at most MAX_READINGS of them.

    All readings of the surname are among them; other characters deviate from their usual reading as far as the bound
    allows. Characters without a known reading are left out. Only the first MAX_INITIALS count. () when nothing is left.
    """
    text = normalise(name)
    head = text[: _surname_length(text)]
    surname = _SURNAMES.get(head, ())
    places = [
        _with_first(_initials_of(ch), surname[index][0] if index < len(surname) else "")
        for index, ch in enumerate(text)
    ]
    known = [letters for letters in places if letters][:MAX_INITIALS]
    if not known:
        return ()
    surnames = [letters for letters in places[: len(head)] if letters]
    rest = known[len(surnames) :]
    fronts = ["".join(front) for front in product(*surnames)]
    candidates = (front + back for back in _likeliest(rest) for front in fronts)
    return tuple(islice(candidates, MAX_READINGS))


def _with_first(letters: tuple[str, ...], first: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((first, *letters))) if first and letters else letters


def _likeliest(places: list[tuple[str, ...]]) -> Iterator[str]:
    """Combinations of one letter per place, those with the fewest unusual readings first; lazy, since they are many."""
    open_places = [index for index, letters in enumerate(places) if len(letters) > 1]
    usual = [letters[0] for letters in places]
    for count in range(len(open_places) + 1):
        for chosen in combinations(open_places, count):
            for letters in product(*(places[index][1:] for index in chosen)):
                variant = usual.copy()
                for index, letter in zip(chosen, letters, strict=True):
                    variant[index] = letter
                yield "".join(variant)
