"""Ways to write a text so that it does not look like itself."""

import base64
import codecs
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import quote

_CYRILLIC = str.maketrans("aeopcyxisABEKMHOPCTX", "аеорсухіѕАВЕКМНОРСТХ")
_LEET = str.maketrans("oieastOIEAST", "013457013457")


def _mathematical(text: str) -> str:
    return "".join(
        chr(0x1D41A + ord(one) - 97)
        if "a" <= one <= "z"
        else chr(0x1D400 + ord(one) - 65)
        if "A" <= one <= "Z"
        else one
        for one in text
    )


def _everywhere(mark: str) -> Callable[[str], str]:
    return mark.join


CLOTHES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "base64": lambda text: base64.b64encode(text.encode()).decode(),
        "hex": lambda text: text.encode().hex(),
        "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
        "double_percent": lambda text: quote(quote(text, safe=""), safe=""),
        "rot13": lambda text: codecs.encode(text, "rot13"),
        "backslash_x": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
        "unicode_escape": lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
        "html_entities": lambda text: "".join(f"&#{ord(one)};" for one in text),
        "reversed": lambda text: text[::-1],
        "tags": lambda text: "x" + "".join(chr(0xE0000 + ord(one)) for one in text),
        "zero_width": _everywhere("\u200b"),
        "bidi": lambda text: "\u202e" + text + "\u202c",
        "soft_hyphen": _everywhere("\u00ad"),
        "variation": _everywhere("\u2060"),
        "fullwidth": lambda text: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text),
        "cyrillic": lambda text: text.translate(_CYRILLIC),
        "mathematical": _mathematical,
        "leet": lambda text: text.translate(_LEET),
        "spaced": lambda text: "  ".join(" ".join(word) for word in text.split()),
        "underscored": lambda text: text.replace(" ", "_"),
        "newlines": lambda text: text.replace(" ", "\n"),
        "tabs": lambda text: text.replace(" ", "\t"),
        "comment": lambda text: f"/*{text}*/",
    }
)
