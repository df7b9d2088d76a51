"""Does a value, taken as a path, name a file of the system instead of one of the application?"""

import base64
import binascii
import re

from core.field import Field
from detection.traversal import fold
from detection.url import SEARCHING, parameters, words

_WRAPPER = re.compile(
    r"(?:(?:file|netdoc|phar|zip|rar|glob|ogg|compress\.(?:zlib|bzip2)|zlib|bzip2|url|view-source):(?:/{2,3}(?=/|\w:)|(?=/))/*"
    r"|php://filter/[^&]*?resource=|php:filter/[^&]*?resource=)",
    re.IGNORECASE,
)
_STREAM = re.compile(
    r"(?:php:/{0,2}(?:filter|fd|stdin|temp|memory)|phar://|zip://|rar://|glob://|compress\.(?:zlib|bzip2)://"
    r"|ssh2\.\w{2,6}://|(?:file|netdoc):/)",
    re.IGNORECASE,
)
_DRIVE = re.compile(r"[\"'(]?(?:[/?.]{0,6})[a-z]:(?:/+|(?=windows|winnt))(.*)", re.IGNORECASE | re.DOTALL)
_SPLIT = re.compile(r"[;|,@<>]|(?<=[a-z0-9])(?=//etc/)")
_PAGE = re.compile(r"\.(?:html?|jpe?g|png|gif|webp|svg|ico|css|js|pdf|docx?|xlsx?|pptx?|csv|mp[34]|zip|avif)$")
_SENSITIVE = re.compile(
    r"(?:\.(?:log|conf|cnf|ini|cfg|pid|err|passwd|htpasswd|htaccess|properties|asa|config|sys|sam|evtx?|reg|dat|sql"
    r"|sqlite|db|mdb|inc|pem|key|pub|kdbx|bak|old|xml|ya?ml|json|env|php\d?|sh|bat|txt|ser|lst|list)|[_-]log|\d?\.log\.\d)$"
)
_LOGGING = re.compile(r"(?:\.(?:log|conf|cnf|ini|cfg|pid|err|htpasswd|passwd|asa|sam|evtx?)|[_-]log)(?:\.\d)?$")
_ROOTS = {
    "etc": None, "proc": None,
    "var": re.compile(r"logs?|www|lib|spool|run|mail|adm|lock|backups?|cron|db|htdocs|named|opt|nginx|apache\d?|mysql"
                      r"|cpanel|webmail|local|data|yp|saf|sadm|nsd|tmp|cache|lighttpd|vsftpd|ossec|jail|vcap|task|secrets?"),
    "usr": re.compile(r"local|etc|lib\d*|share|pkgsrc|ports|home|apache\d?|src|adm|spool|sap|include|ucb|libexec"),
    "private": re.compile(r"etc|var|tmp"),
    "dev": re.compile(r"null|u?random|zero|shm|fd|tcp|udp|mem|kmem|sd\w?\d?|hd\w?\d?|stdin|stdout|pts|tty\d?"),
    "sys": re.compile(r"class|kernel|devices|fs|firmware|block|bus|module|power|hypervisor"),
    "boot": re.compile(r"grub\d?|vmlinuz.*|initrd.*|config-.*|system\.map.*|efi|loader"),
    "library": re.compile(r"webserver|application support|preferences|logs|keychains|launch\w+"),
    "volumes": re.compile(r"macintosh.*|webbackup|.*hd\d?"),
    "tmp": re.compile(r"sess_.*"),
    "run": re.compile(r"secrets?|systemd|docker\.sock"),
}  # fmt: skip
_HIDDEN = re.compile(
    r"\.(?:ht(?:passwd|access|group|digest)|bash_\w+|bashrc|bash_history|profile|zsh\w*|sh_history|ksh_history|history|\w+_history"
    r"|netrc|rhosts|shosts|forward|logout|login|cshrc|ssh|aws|azure|kube|docker|gnupg|config|env(?:\.\w+)?|git(?:config|ignore)?"
    r"|svn|my\.cnf|pgpass|xauthority|xinitrc|viminfo|passwd|npmrc|pypirc|s3cfg|boto|mysql_history|addressbook|nsconfig|muttrc|pinerc)"
)
_PROGRAMS = re.compile(
    r"apache\w*|httpd|nginx|php\d*|mysql|mariadb|proftpd|pure-?ftpd|vsftpd|tomcat\d*|xampp|lampp|wamp\w*|appserv|www|htdocs"
    r"|web|webmail|cpanel|logs?|conf|config|etc|inetpub|filezillaftp|mercurymail|sendmail|webalizer|webdav|phpmyadmin"
    r"|apache group|program files.*|progra~\d|windows|winnt|bin|usr|opt|nt|lib|home\d?"
)
_WINDOWS = re.compile(
    r"windows|winnt|winnt35|win|inetpub|program files.*|progra~\d|programdata|users|documents and settings|boot\.ini"
    r"|autoexec\.\w+"
    r"|config\.sys|pagefile\.sys|hiberfil\.sys|ntldr|bootmgr|recovery|perflogs|sysprep.*|unattend.*|system32|minint|i386"
    r"|system volume information|xampp\w*|wamp\w*|appserv|apache\w*|php\w*|mysql\w*|mariadb|nginx|tomcat\w*|oracle\w*"
    r"|bea|sap"
    r"|\$recycle\.bin|\$windows.*|logs?|server|www|web|htdocs|home\d?|opt|etc|temp|tmp"
)
_NAMES = re.compile(
    r"(?:passwd|shadow|master\.passwd|passwd\.\w+|shadow-?|\.?htpasswd|\.?htaccess|web\.config|wp-config(?:\.\w+)*|global\.asax?|boot\.ini|win\.ini"
    r"|php\.ini|my\.(?:cnf|ini)|httpd\.conf|web\.xml|tomcat-users\.xml|id_[rd]sa|authorized_keys|_?config(?:uration)?(?:\.inc)?\.(?:php\d?|asp|inc|ini)"
    r"|settings\.(?:php|py|inc)|(?:db|dbase|database|mysql|dbconfig|db_config|connect|connection|conn)(?:\.inc)?\.(?:php\d?|asp|inc|mdb)|local\.xml"
    r"|environ|(?:access|error)[._]log|wp-(?:login|admin)\.php|ntuser\.dat)",
)
_FILE_WORDS = frozenset("file files filename path page include inc template tpl doc document folder dir load read view "
                        "pg download show display open locate content conf config lang module theme style src source "
                        "cat layout report log img image name url item data root require".split())  # fmt: skip
_ENCODED = re.compile(r"(?:L2V0Y|L3Byb|L3Zhc|Li4v|Li4x|Qzpc|Yzpc|Qzov|Yzov|cGhwOi8v|ZmlsZTov|L2hvb|L3Jvb)[\w+/=-]{3,}")
_FAMOUS = re.compile(r"etc/(?:passwd|shadow|group|sudoers|hosts)$|proc/self/|\.ssh/|(?:boot|win)\.ini$|\.htpasswd$")
"""What nobody looks for by typing its bare path."""

_SAID = re.compile(r"\S +[a-z]{2,}")
"""Words behind a path: somebody writes about it."""

_NAMED = re.compile(r"\.\s?\w{2,4}$|[_.] log$")

_PROSE_WORDS = 3
_DEEP = 3


def names_system_file(record: bytes, field: Field) -> bool:
    """Whether a value is a path into the system; a sentence or a command that mentions one is not."""
    if field == Field.QUERY:
        return any(_named(name, value) for name, value in parameters(record) if value)
    text = record.decode("utf-8", "replace")
    return len(text) < 400 and text[:1] in "/\\." and _named("", text)


def _named(name: str, value: str) -> bool:
    if _ENCODED.fullmatch(value) and (plain := _plain(value)):
        return _named(name, plain) or ".." in plain
    stream = _STREAM.match(value.lstrip("\"' "))
    folded = fold(value).strip().strip("\"'`()").lower()
    if _prose(folded):
        return False
    if stream is not None:
        return True
    behind = _WRAPPER.sub("", folded)
    if (drive := _DRIVE.fullmatch(behind)) is not None:
        return _on_windows(_segments(drive[1]))
    return any(_path(name, piece) for piece in _SPLIT.split(behind) if piece)


def _plain(value: str) -> str:
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), altchars=None).decode("utf-8", "strict")
    except (binascii.Error, ValueError):
        return ""


def _prose(text: str) -> bool:
    last = text.rpartition("/")[2]
    said = _SAID.search(last) is not None and _NAMED.search(last) is None
    return said or (
        sum(word.isalpha() for word in text.split(" ")) >= _PROSE_WORDS and not text.startswith("/program files")
    )


def _segments(path: str) -> list[str]:
    return [segment.strip() for segment in path.partition("?")[0].split("/") if segment.strip() not in ("", ".")]


def _path(name: str, text: str) -> bool:
    rooted = text.startswith("/")
    segments, above = _normalised(_segments(text.rstrip("\x00")))
    rooted = rooted or above
    if not segments:
        return False
    if segments[0] in ("web-inf", "meta-inf") and len(segments) > 1:
        return True
    if rooted and words(name) & SEARCHING and not above:
        return _FAMOUS.search(text) is not None
    if rooted and (_in_system(segments) or _elsewhere(segments)):
        return len(segments) > 1 or bool(words(name) & _FILE_WORDS)
    if _HIDDEN.fullmatch(segments[-1]) or (
        len(segments) > 1 and _HIDDEN.fullmatch(segments[-2]) and segments[-2] != ".git"
    ):
        return bool(words(name) & _FILE_WORDS) or rooted
    if _NAMES.fullmatch(segments[-1]):
        return bool(words(name) & _FILE_WORDS) and (len(segments) < _DEEP or rooted)
    return False


def _normalised(segments: list[str]) -> tuple[list[str], bool]:
    """The path without `..`, and whether it left its directory on the way."""
    kept: list[str] = []
    above = False
    for segment in segments:
        if segment != "..":
            kept.append(segment)
        elif kept:
            kept.pop()
        else:
            above = True
    return kept, above


def _in_system(segments: list[str]) -> bool:
    first, rest = segments[0], segments[1:]
    if first in _ROOTS:
        known = _ROOTS[first]
        if known is None:
            return True
        return bool(rest) and known.fullmatch(rest[0]) is not None and (len(rest) > 1 or first != "var")
    if first in ("root", "home"):
        return any(_HIDDEN.fullmatch(segment) for segment in rest) or (
            first == "root" and bool(rest) and _LOGGING.search(rest[-1]) is not None
        )
    if first in ("bin", "sbin"):
        return bool(rest) and _LOGGING.search(rest[-1]) is not None
    return first == "opt" and any(_PROGRAMS.fullmatch(segment) for segment in rest[:-1])


def _elsewhere(segments: list[str]) -> bool:
    """A file of a server program, wherever it is installed: `/usr/pkg/apache/logs/error.log`, `\\xampp\\…\\web.xml`."""
    if len(segments) < 2:
        return False
    if segments[0].startswith(("program files", "progra~", "windows", "winnt", "xampp", "inetpub", "boot.ini")):
        return _SENSITIVE.search(segments[-1]) is not None or len(segments) > 2
    return _LOGGING.search(segments[-1]) is not None and any(_PROGRAMS.fullmatch(part) for part in segments[:-1])


def _on_windows(segments: list[str]) -> bool:
    if not segments:
        return False
    first, last = segments[0], segments[-1]
    if _PAGE.search(last) and first not in ("windows", "winnt"):
        return False
    if first == "users":
        return _SENSITIVE.search(last) is not None
    return _WINDOWS.fullmatch(first) is not None or _LOGGING.search(last) is not None
