"""A small SQL tokeniser: turns a value into a string of kinds, one letter a token, that a grammar can be matched on.

| kind | token | kind | token |
|---|---|---|---|
| `n` | number, NULL, TRUE | `s` / `q` | string / string that never closes |
| `w` | other word | `v` / `V` | @variable / @@known server variable |
| `f` / `g` / `D` | known / other / telltale function, always followed by `(` | `=` | comparison |
| `o` / `|` | arithmetic or bit operator / `||` | `&` / `!` | AND, OR, XOR, `&&` / NOT, BINARY, `!` |
| `l` | LIKE, IN, BETWEEN, IS, REGEXP | `U` `S` `F` | UNION, SELECT, FROM |
| `H` `B` `M` | WHERE or HAVING, ORDER or GROUP BY, LIMIT or PROCEDURE | `a` | AS, ALL, DISTINCT, ASC |
| `T` / `I` | statement verb / its object (INTO, SET, TABLE) | `K` / `k` | CASE / WHEN, THEN, ELSE, END |
| `c` | comment up to the end | `(` `)` `,` `;` `x` | themselves, other punctuation |
| `Y` | system catalogue behind FROM | | |
"""

import re

MAX_TOKENS = 120

_TOKEN = re.compile(
    rb"""(?P<space>[\x00-\x20\xa0\x85]+|/\*!\d*|\*/|/\*[^*]*(?:\*(?!/)[^*]*){0,20}\*/)
    |(?P<comment>--(?!>)|\#|/\*)
    |(?P<string>[nxbe]?'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`)
    |(?P<open>['"`].*)
    |(?P<number>0x[0-9a-f]+|0b[01]+(?![\w])|\d+(?:\.\d*)?(?:e[+-]?\d+)?(?=(?:union|and|or|xor|from|having)[\x00-\x20\xa0\d('"/])
        |(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\w.]))
    |(?P<contains><@|@>|->>?(?=[\x00-\x20]*['"$]))
    |(?P<known>@@[\w.`]+)
    |(?P<variable>@[\w.]*)
    |(?P<by>(?:order|group)(?:[\x00-\x20]|/\*[^*]*\*/)+by\b)
    |(?P<word>[\w\x80-\x84\x86-\x9f\xa1-\xff$](?:[\w\x80-\x84\x86-\x9f\xa1-\xff$.]*[\w\x80-\x84\x86-\x9f\xa1-\xff$])?)
    |(?P<compare><=>|<>|!=|==|<=|>=|:=|\^=|=|<|>)
    |(?P<bars>\|\|)
    |(?P<ands>&&)
    |(?P<not>!)
    |(?P<operator>[-+*/%|&^~])
    |(?P<mark>[(),;])
    |(?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_FIXED = {
    "string": "s", "open": "q", "number": "n", "known": "V", "variable": "v", "by": "B", "compare": "=",
    "contains": "=", "bars": "|", "ands": "&", "not": "!", "operator": "o", "other": "x",
}  # fmt: skip
_WORDS = {
    "n": "null true false unknown",
    "&": "and or xor",
    "!": "not binary",
    "o": "div mod",
    "l": "like rlike regexp ilike glob match between in is similar sounds notnull isnull",
    "U": "union intersect except minus",
    "S": "select",
    "F": "from",
    "H": "where having",
    "M": "limit offset procedure",
    "a": "as all distinct distinctrow asc top",
    "T": "insert update delete drop create alter exec execute declare waitfor shutdown truncate merge grant call begin"
    " rename replace load handler prepare revoke attach detach copy pragma vacuum backup restore",
    "I": "into outfile dumpfile values set",
    "K": "case",
    "k": "when then else end",
}
_OBJECTS = frozenset(
    b"table database delay procedure view index user schema login time function trigger role data".split()
)
_CATALOGUES = frozenset(
    b"""information_schema pg_catalog sysibm syscat sysusers syslogins sysdatabases sysobjects syscolumns systables
sysprocesses sysservers pg_group pg_user pg_shadow pg_authid pg_roles pg_database pg_class pg_tables pg_proc
all_tables all_users dba_users user_tables user_tab_columns v$version v$session sqlite_master sqlite_schema
mysql.user mysql.db sys.databases sys.tables sys.objects msysobjects rdb$relations rdb$database""".split()
)
_TELLTALE = """
sleep benchmark pg_sleep pg_sleep_for extractvalue updatexml load_file xp_cmdshell xp_dirtree xp_regread
sp_executesql utl_http.request utl_inaddr.get_host_address utl_inaddr.get_host_name dbms_pipe.receive_message
dbms_lock.sleep user_lock.sleep ctxsys.drithsx.sn xmltype gtid_subset gtid_subtract json_keys make_set elt
regexp_substring generate_series randomblob opendatasource openrowset openquery name_const procedure_analyse
crypt_key dbms_xmlgen.getxml dbms_utility.sqlid_to_sqlhash ordsys.ord_dicom.getmappingxpath pg_read_file
lo_import lo_export lo_get load_extension current_setting dbms_ldap.init sys_eval sys_exec getmappingxpath dblink
dblink_connect pg_ls_dir query_to_xml database_to_xml sqlite_version group_concat fn_xe_file_target_read_file analyse
"""
_FUNCTIONS = """
ascii ord char chr concat concat_ws count substr substring mid left right hex unhex cast convert coalesce ifnull
nullif isnull if iif decode user current_user session_user system_user database schema version length len
char_length lower upper lcase ucase md5 sha1 sha rand floor ceil round abs exp cos pi power sqrt replace reverse
repeat space trim instr locate position bin conv encode aes_encrypt aes_decrypt compress min max sum avg
row_count db_name object_id object_name col_name host_name suser_sname suser_name user_name is_srvrolemember
string_agg wm_concat listagg to_char to_number translate lpad rpad now sysdate curdate last_insert_id found_rows
connection_id bit_length bit_and bit_or std variance field find_in_set greatest least interval json_extract
quote soundex strcmp strftime date uuid values in exists any some all row is_member has_dbaccess quotename
array_agg xmlelement current_database current_schema inet_ntoa collation charset coercibility typeof
total_changes changes glob unicode
"""
_KIND = {word.encode(): kind for kind, words in _WORDS.items() for word in words.split()}
_FUNCTION = {word.encode(): "f" for word in _FUNCTIONS.split()}
_FUNCTION |= {word.encode(): "D" for word in _TELLTALE.split()}
_ALWAYS = frozenset((b"xp_cmdshell", b"sp_executesql", b"xp_dirtree", b"xp_regread"))
_CALL = re.compile(rb"[\x00-\x20`\"\]]*(?:/\*[^*]*\*/[\x00-\x20]*)?\(")
_LINE_END = re.compile(rb"[\x0a\x0b\x0d]")


def kinds(value: bytes) -> str:
    """The kinds of the value's tokens, at most MAX_TOKENS of them."""
    out: list[str] = []
    at = 0
    while at < len(value) and len(out) < MAX_TOKENS:
        token = _TOKEN.match(value, at)
        if token is None:
            break
        at = token.end()
        name = token.lastgroup or "other"
        if name == "space":
            continue
        if name == "comment":
            end = None if token.group() == b"/*" else _LINE_END.search(value, at)
            if end is None or not value[end.end() :].strip():
                out.append("c")
                break
            at = end.end()
        elif name == "word":
            word = token.group().lower()
            out.append(_kept(word, out[-1:]) or _word(word, value, at))
        elif name == "mark":
            out.append(token.group().decode())
        else:
            out.append(_FIXED[name])
    return "".join(out)


def is_keyword(word: bytes) -> bool:
    """Whether a word in small letters is one of SQL's own."""
    return word in _KIND or word in (b"order", b"group", b"by")


def _kept(word: bytes, before: list[str]) -> str | None:
    """What a word is only in its place: an object behind a statement verb, a catalogue behind FROM."""
    if before == ["T"] and word in _OBJECTS:
        return "I"
    if before == ["F"] and (word in _CATALOGUES or word.partition(b".")[0] in _CATALOGUES):
        return "Y"
    return None


def _word(word: bytes, value: bytes, end: int) -> str:
    if word in _ALWAYS:
        return "D"
    called = _CALL.match(value, end)
    kind = _KIND.get(word)
    if called is not None:
        function = _FUNCTION.get(word)
        if function is not None and (kind is None or called.group() == b"("):
            return function if kind is None else kind
        return kind or "g"
    return kind or "w"
