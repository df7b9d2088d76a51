"""Does a value run a command when it reaches a shell? Evasions are folded away, then simple commands are read.

What counts is a command word in command position: behind a separator or substitution the value brings along, or at
its very start when what follows can only be arguments of a program (an option, an absolute path, a URL, an address).
"""

import re

from core.field import Field
from detection.sql import values

_IFS = re.compile(rb"\$\{?IFS[^}\s;|&]{0,8}\}|\$IFS(?:\$\d)?|\{IFS\}", re.IGNORECASE)
_BRACED = re.compile(rb"(?<!\$)\{([\w/.-]{1,40}(?:,[\w/.:=-]{0,80}){1,8})\}")
_EMPTY = re.compile(
    rb"\$\(\)|[<>]\(\)|``|\$\{\}|\$[@*!_?-]|\$\{[@*]\}|\$[a-z](?=[a-z\\'\"$])|''|\"\"|\\[\x0a\x0b]", re.IGNORECASE
)
_INSIDE_WORD = re.compile(
    rb"(?<=[\w/.?*\[\]])[\\^](?=\w)|(?<![\w\\])\\(?=[a-z]{2,})|(?<=[a-z])[`](?=[a-z])|\^(?=[a-z])", re.IGNORECASE
)
_QUOTED_PIECE = re.compile(rb"(?<=[\w/.?-])(['\"])([\w/.?*-]{0,12})\1|(['\"])([\w/.?-]{1,12})\3(?=[\w/.?-])")
_SEPARATORS = re.compile(
    rb"(?P<sep>\|\|?|&&?|;+|[\x0a\x0b\x0d]+|`|\$\(+|[<>]\(|\{\s*(?=[\w/]+,)|(?<![\w])\(\)\s*\{[^;]{0,20};?)"
)
_HEAD = re.compile(
    rb"[\s'\"()!{@+$]*(?:(?:sudo|nohup|time|strace|exec|env|eval|command|busybox|start|call)\s+)?"
    rb"(?P<path>(?:[a-z]:)?[\w.~?*\[\]!-]*[/\\](?:[\w.?*\[\]!+-]+[/\\])*)?(?P<word>[\w.?*\[\]-]+)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_STRONG = frozenset(
    b"""whoami uname ifconfig ipconfig netstat systeminfo sysinfo wget curl nc ncat netcat bash zsh ksh csh tcsh dash
python python2 python3 perl ruby php powershell pwsh cmd nslookup dig tftp telnet chmod chown mkfifo socat lynx
fetch certutil bitsadmin mshta rundll32 regsvr32 wmic tasklist taskkill schtasks cscript wscript traceroute
tracert arp route crontab useradd adduser userdel usermod passwd visudo insmod modprobe iptables gcc awk gawk
sed xargs tee base64 base32 xxd hexdump nmap masscan tcpdump hostname hostnamectl lsof pgrep pkill killall
shutdown reboot halt poweroff printenv bsdtar gunzip unxz zcat zstdcat zgrep xzcat bzcat tac nl rev strings
rlwrap rbash lua node npm pip apt-get yum dpkg rpm visudo perf ansible-playbook ansible-vault ansible-doc
ansible-pull ansible-galaxy ansible-config ansible-inventory ansible-console chef-run chef-shell chef-vault
chef-solo knife systemctl docker kubectl getent mysqldump psql sqlite3 busybox setsid sshpass ssh scp rsync sftp
mknod telnetd nohup iwr iex invoke-webrequest invoke-expression invoke-restmethod invoke-command start-process
new-object phpinfo ansible chef chef-client cscli expr ver waitfor reg attrib icacls cacls netsh ping ping6
sysctl dmesg
""".split()
)
_WEAK = frozenset(
    b"""id ls dir pwd cat type who w ps env set net find echo sleep more less head tail grep egrep sort date time host
kill rm cp mv mkdir touch test top df du free mount last finger groups history export printf sh ftp tar zip unzip gzip
cut tr wc diff stat file ln vi vim ed nano man at vol tree copy del move ren start true false od uniq read jobs alias
exec eval source ip ss make git svn
""".split()
)
_AMBIGUOUS = frozenset(b"more less top last start move read copy cut stat file man tree groups jobs at".split())
_EXTENSION = re.compile(rb"\.(?:exe|com|bat|cmd|sh|pl|py|ps1)$", re.IGNORECASE)
_VERSIONED = re.compile(rb"^(python|perl|ruby|php|lua|gcc)[\d.]+$")
_ARGUMENT = re.compile(
    rb"\s*$|\s*[|;&`)>}'\"#\x0b\x0d]|\s*<[<(&/]|\s+(?:-{1,2}[a-z?]|/[\w.*?\[]|\.{1,2}/|[a-z]:[\\/\w]|%\w+%|https?:|ftp:|\\\\|\$|[\"'`]"
    rb"|\d+(?:\s*$|\s*[|;&`)#]|\.\d+\.\d+\.\d+)|\*|~/|[\w-]+\.(?:php|txt|log|conf|ini|sh|exe|com|org|net)\b|localhost|\+[-\w])",
    re.IGNORECASE,
)
_PROGRAM_ARGUMENT = re.compile(
    rb"\s+(?:-{1,2}[a-z?]|/(?:etc|bin|usr|var|tmp|home|proc|root|dev|opt|\?|\[)|[a-z]:\\|https?://|\$\(|`)",
    re.IGNORECASE,
)
_PROGRAM_PATH = re.compile(
    rb"(?:^|/)(?:usr/(?:local/)?)?s?bin/$|system32[/\\]$|^/[\w/\[\]?*!]*[?*\[][\w/\[\]?*!]*/$|^/(?:\?|\*|\[)",
    re.IGNORECASE,
)
_PIPED = re.compile(rb"\|\s*(?:/\w+/)*(?:ba|z|k|c|da)?sh(?:\s*$|\s+[-#`]|\s*[;|&`)\"'])", re.IGNORECASE)
_SUBSTITUTED = re.compile(
    rb"\$\(\s*[a-z/<`][\w/.-]{0,40}(?:[\s)`]|$)|`/[\w/.]{2,80}|[<>]\(\s*(?!select\b)[a-z]+\s|\$\{[a-z]*`"
    rb"|\$\(\(\$\(|^\(\)\s*\{|\$\[[\s\d+*/-]*\]|`(?:echo|[a-z]{2,10}\$)|\$\{\w{2,10}\}$"
    rb"|\$\{\w*#[^}]*\}|\$\(.{0,40}\$\(",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(rb"[\w,.] `[\w.-]+`(?: \w|[.,?!]|$)")
_VARIABLE = re.compile(
    rb"^\s*(?:[a-z]\w{0,15}=[^;&=]{1,40};\s*[\w/]*\$|\$\{?(?:SHELL|BASH|0)\b|\$\{?(?:PATH|HOME|PWD)[}/:#])",
    re.IGNORECASE,
)
_MANY_FOLDS = 6
_PREFIXED = re.compile(rb"\s*(?:time|nohup|strace|sudo|exec|command|env)\s", re.IGNORECASE)
_GLOBBED = re.compile(
    rb"/[\w.?*-]{0,12}\[[!^]?[\w/?*-]{1,6}\][\w?*]|/[\w.-]{0,8}\?{2,}/|/\?\w+/|^\{[\w$\\'\"]{1,20},[-/]|(?:^|\s)~(?:[+-]\d*|\d+)$"
)


def runs_command(record: bytes, field: Field) -> bool:
    """Whether any value of the record brings a command into command position."""
    if field in (
        Field.USER_AGENT,
        Field.REFERRER,
        Field.PATH,
    ):  # full of ';', '(' and '&' by nature: only programs count
        return any(_value_runs(value, sure=True, path=field == Field.PATH) for value in values(record, field))
    if any(_value_runs(value) for value in values(record, field)):
        return True
    return field == Field.QUERY and b"&" in record and _value_runs(record.partition(b"=")[2])


def fold(value: bytes) -> bytes:
    """The value as a shell would join it: separators of words as blanks, quotes and escapes inside words gone."""
    text = _BRACED.sub(lambda match: match[1].replace(b",", b" "), _IFS.sub(b" ", value))
    for _ in range(3):
        text = _EMPTY.sub(b"", text)
        text = _QUOTED_PIECE.sub(lambda match: match[2] or match[4] or b"", text)
    return _INSIDE_WORD.sub(b"", text)


def _value_runs(value: bytes, sure: bool = False, path: bool = False) -> bool:
    if not value or len(value) > 4096:
        return False
    if _quoted_identifier(value):
        value = value.replace(b"`", b"")
    if _SUBSTITUTED.search(value) or _GLOBBED.search(value):
        return True
    folded = fold(value)
    if _PIPED.search(folded) or _VARIABLE.search(value):
        return True
    pieces = _SEPARATORS.split(folded)
    ended = len(pieces) == 3 and not pieces[2].strip() and pieces[1][:1] in b"\x0a\x0b\x0d"
    if not path and _starts_program(pieces[0], len(value) - len(folded), ended):
        return True
    return any(_is_command(piece, sure) for piece in pieces[2::2])


def _quoted_identifier(value: bytes) -> bool:
    """Backticks around one word that stands by itself in a sentence are markdown or a SQL name, not a command."""
    return b"$" not in value and _MARKDOWN.search(value) is not None and value.count(b"`") == 2


def _word(head: re.Match[bytes]) -> bytes:
    word = _EXTENSION.sub(b"", head["word"].lower())
    versioned = _VERSIONED.match(word)
    return versioned[1] if versioned else word


def _is_command(piece: bytes, sure: bool) -> bool:
    """A piece behind a separator: a command word whose continuation is that of a command, not of a sentence."""
    head = _HEAD.match(piece)
    if head is None:
        return False
    word, path, rest = _word(head), head["path"] or b"", head["rest"]
    if path and _PROGRAM_PATH.search(path):
        return True
    if word not in _STRONG and word not in _WEAK:
        return False
    if rest[:1] == b"=" or (rest.lstrip()[:1] in (b":", b"(") and word in _WEAK):
        return False
    doubtful = word in _AMBIGUOUS or (sure and word in _WEAK)
    return bool((_PROGRAM_ARGUMENT if doubtful else _ARGUMENT).match(rest))


def _starts_program(piece: bytes, folded: int, ended: bool) -> bool:
    """A value that is a command line from its first byte on; `folded` bytes were evasion, `ended`: by a line end."""
    head = _HEAD.match(piece)
    if head is None:
        return False
    word, path, rest = _word(head), head["path"] or b"", head["rest"]
    if path and _PROGRAM_PATH.search(path) and re.match(rb"\s*$|\s+\S|[\"'>#;+]", rest):
        return word in _STRONG or word in _WEAK or path.startswith(b"/")
    known = word in _STRONG or word in _WEAK
    if word in _STRONG and (ended or folded >= _MANY_FOLDS or _PREFIXED.match(piece)):
        return True
    evaded = folded > 0
    if known and evaded and _ARGUMENT.match(rest):
        return True
    if known and re.match(rb"\s*[<]{2,3}", rest):
        return True
    return known and bool(_PROGRAM_ARGUMENT.match(rest))
