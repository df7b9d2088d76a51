"""Does a value make a script include a file of another machine (remote file inclusion)?"""

import re
from urllib.parse import unquote_to_bytes

from core.field import Field
from detection.host import HostKind
from detection.prose import is_prose
from detection.url import parameters, read_url, words

_WEB = frozenset({"http", "https"})
_REMOTE = frozenset({"http", "https", "ftp", "ftps", "smb", "sftp", "webdav", "webdavs"})
_INCLUDING = frozenset("include includes inc incl require template tpl tmpl module modules plugin skin theme themes "
                       "load loader controller layout root basedir basepath rootpath rootdir docroot classpath "
                       "absolutepath absoluteurl libpath incpath phpbb mosconfig globals".split())  # fmt: skip
_PLACES = frozenset("path dir file root folder base lib libs class url".split())
_PAGES = frozenset("file page pg pagina p document doc view conf config lang language style content cat action name "
                   "filename path dir folder main body section site id img".split())  # fmt: skip
_SUPERGLOBAL = re.compile(r"_(?:server|session|get|post|request|cookie|files|env)\[|globals\[")
_CODE_FILE = re.compile(
    r"\.(?:txt|php\d?|phtml|inc|asp|aspx|jsp|jspx|pl|cgi|py|sh|cfm|dat|png|gif|jpe?g)(?:[?\x00]|%00|$)", re.IGNORECASE
)
_SCRIPT_FILE = re.compile(r"\.(?:txt|php\d?|phtml|inc|aspx?|jspx?)(?:[?\x00]|%00|$)", re.IGNORECASE)
_SHARE = re.compile(r"(?:\\\\[\w.-]{3,80}|\\[\w-]+\.[\w.-]{2,80})\\[\w$\\ .-]{1,200}\.\w{2,5}")
"""A path on another machine in the Windows way; unescaping may have halved its first backslashes."""

_SCHEME_CUT = re.compile(r"(?:https?|ftps?|file)(?:://[\w.:@%-]+)?\?+", re.IGNORECASE)
"""A trailing `?` turns what the script appends into a query of the remote address."""

_CUT_OFF = re.compile(r"\?+(?:\x00|%00)?$|\x00$|%00$")


def includes_remote(record: bytes, field: Field) -> bool:  # noqa: ARG001
    """Whether a value makes a script include a file of another machine."""
    return any(
        _included(name, value)
        for name, value in parameters(record)
        if value and not is_prose(unquote_to_bytes(value.replace("+", " ")))
    )


def _included(name: str, value: str) -> bool:
    if _SHARE.fullmatch(value) or _SCHEME_CUT.fullmatch(value):
        return True
    target = read_url(value)
    if target is None:
        return False
    parts = words(name)
    if target.scheme == "" and target.slashes == "//" and "." in target.host:
        return bool(parts & _PAGES) and _SCRIPT_FILE.search(target.rest) is not None
    if target.scheme not in _REMOTE or not target.host:
        return False
    if parts & _INCLUDING or (len(parts) > 1 and parts & (_PLACES - {"url", "base"})) or _SUPERGLOBAL.match(name):
        return True
    code, cut = _CODE_FILE.search(target.rest), _CUT_OFF.search(target.rest)
    if cut and (code or target.scheme not in _WEB or parts & _PAGES):
        return True
    if parts & _PAGES:
        numbered = target.machine.kind not in (HostKind.NAME, HostKind.NONE)
        script = code is not None and _SCRIPT_FILE.search(target.rest) is not None
        return script or numbered or target.scheme not in _WEB
    return target.scheme in ("ftp", "ftps", "smb") or (code is not None and target.machine.kind is HostKind.ADDRESS)


_VARIABLE = frozenset("path dir directory root include inc lib libs base folder classpath".split())
_QUALIFIED = re.compile(
    r"absolute|full|phpbb|mosconfig|smarty|docroot|install|include|inc|lib|class|config|conf|cfg|gallery|module|plugin"
    r"|theme|skin|template|tpl|lang|language|globals?|site|server|home|base|root|main|app|application|admin|blog|wp"
)
_CONFIG_ARRAY = re.compile(r"[\w.]{1,40}(?:\[\w.-]{1,40}\]){1,4}")
_GLUED = re.compile(r"(?:\w*[a-z])?(?:path|dir|root|inc|include|lib)s?")


def sets_include_variable(record: bytes, field: Field) -> bool:  # noqa: ARG001
    """Whether a parameter is named like the variable a script builds its includes from; its value may be anything."""
    return any(_include_variable(name) for name, value in parameters(record) if value and not value.isdigit())


def _include_variable(name: str) -> bool:
    if _SUPERGLOBAL.match(name):
        return True
    parts = words(name)
    if _CONFIG_ARRAY.fullmatch(name):
        return bool(parts & _VARIABLE) or any(_GLUED.fullmatch(part) for part in parts)
    return bool(parts & _VARIABLE and len(parts) > 1 and any(_QUALIFIED.fullmatch(part) for part in parts)) or (
        _GLUED.fullmatch(name) is not None and _QUALIFIED.match(name) is not None
    )
