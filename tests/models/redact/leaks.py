"""Ways a secret may be written, and a reader of what leaves that undoes them: both share no code with the product."""

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

DEPTH = 3


def _percent_all(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _in_json(text: str) -> str:
    return json.dumps({"message": f"said {text} here"}).replace("/", "\\/").replace("&", "\\u0026")


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: f"GET /a?{text} HTTP/1.1",
    "percent": lambda text: f"/a?next={quote(text, safe='')}&x=1",
    "percent every character": lambda text: f"/a?next={_percent_all(text)}&x=1",
    "double percent": lambda text: f"/a?next={quote(quote(text, safe=''), safe='')}&x=1",
    "triple percent": lambda text: f"/a?next={quote(quote(quote(text, safe=''), safe=''), safe='')}&x=1",
    "base64": lambda text: f"data={_b64(text)}",
    "base64 for URLs": lambda text: f"/x/{base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}/y",
    "base64, one byte before": lambda text: f"data={_b64(f' {text} and more')}",
    "base64, two bytes before": lambda text: f"data={_b64(f'? {text} and more')}",
    "base64 within longer text": lambda text: f"data={_b64(f'user said: {text} and nothing more was said at all')}",
    "base64 behind a path": lambda text: f"/assets/v2{_b64(f'{text} ')}",
    "base64 twice": lambda text: f"data={_b64(_b64(text))}",
    "percent in base64": lambda text: f"data={_b64(quote(text, safe=''))}",
    "base64 in percent": lambda text: f"/a?data={quote(_b64(text), safe='')}&x=1",
    "base64 in lines": lambda text: (
        f"data:\n{base64.encodebytes(f'it is said that {text} is what was said'.encode()).decode()}"
    ),
    "hex": lambda text: f"data={text.encode().hex()}",
    "JSON": _in_json,
    "JSON in JSON": lambda text: json.dumps(_in_json(text)),
    "HTML": lambda text: f"<a title='{html.escape(text)}'>",
    "as nginx escapes": lambda text: re.sub(r'["\\\x00-\x1f]', lambda char: f"\\x{ord(char[0]):02X}", f"/?{text}"),
    "plus and percent": lambda text: f"/?q=a+b%20c+{quote(text, safe='')}+d",
}


def readings(text: str, depth: int = DEPTH) -> Iterator[str]:
    """The text, and everything that decoding it in any order gives."""
    yield text
    if depth == 0:
        return
    for decoded in {*_escapes(text), *_packed(text)} - {text}:
        yield from readings(decoded, depth - 1)


def _escapes(text: str) -> Iterator[str]:
    yield unquote(text, errors="replace")
    yield html.unescape(text)
    yield re.sub(
        r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))",
        lambda escape: (
            chr(int(escape[1] or escape[2], 16)) if escape[1] or escape[2] else {"n": "\n"}.get(escape[3], escape[3])
        ),
        text,
    )


def _packed(text: str) -> Iterator[str]:
    yield re.sub(r"(?<=[A-Za-z0-9+/]{76})\n", "", text)
    for run in re.findall(r"[A-Za-z0-9+/_-]{11,}", text):
        plain = run.replace("-", "+").replace("_", "/")
        for skip in range(4):
            part = plain[skip : len(plain) - (len(plain) - skip) % 4 * ((len(plain) - skip) % 4 == 1)]
            try:
                read = base64.b64decode(part + "=" * (-len(part) % 4))
            except binascii.Error:
                continue
            yield from _legible(read)
    for run in re.findall(r"[0-9a-fA-F]{16,}", text):
        for skip in range(2):
            yield from _legible(bytes.fromhex(run[skip : skip + (len(run) - skip) // 2 * 2]))


def _legible(read: bytes) -> Iterator[str]:
    if re.search(rb"[ -~\n]{6,}", read):
        yield read.decode("latin-1")
        yield read.decode("utf-8", "replace")
