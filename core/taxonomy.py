"""The closed list of attack types, each with its MITRE ATT&CK technique (https://attack.mitre.org/, v17 ids)."""

from enum import StrEnum


class AttackType(StrEnum):
    """One finding per type; titles in Japanese and English are locale keys `type.<value>`."""

    SQL_INJECTION = "sql_injection"
    XSS = "xss"
    PATH_TRAVERSAL = "path_traversal"
    REMOTE_FILE_INCLUSION = "remote_file_inclusion"
    COMMAND_INJECTION = "command_injection"
    CODE_INJECTION = "code_injection"
    SSRF = "ssrf"
    OPEN_REDIRECT = "open_redirect"
    SENSITIVE_FILE_PROBE = "sensitive_file_probe"
    WEBSHELL_ACCESS = "webshell_access"
    MALICIOUS_UPLOAD = "malicious_upload"
    PROTOCOL_ABUSE = "protocol_abuse"
    VULNERABILITY_SCAN = "vulnerability_scan"
    BRUTE_FORCE = "brute_force"
    CREDENTIAL_STUFFING = "credential_stuffing"
    LOGIN_AFTER_FAILURES = "login_after_failures"
    DOS = "dos"
    BAD_BOT = "bad_bot"
    UNAUTHORISED_ACCESS = "unauthorised_access"
    CONFIG_EXPOSURE = "config_exposure"
    LOG_INJECTION = "log_injection"


TECHNIQUE: dict[AttackType, str] = {
    AttackType.SQL_INJECTION: "T1190",
    AttackType.XSS: "T1059.007",
    AttackType.PATH_TRAVERSAL: "T1083",
    AttackType.REMOTE_FILE_INCLUSION: "T1190",
    AttackType.COMMAND_INJECTION: "T1059",
    AttackType.CODE_INJECTION: "T1190",
    AttackType.SSRF: "T1090",
    AttackType.OPEN_REDIRECT: "T1566.002",
    AttackType.SENSITIVE_FILE_PROBE: "T1552.001",
    AttackType.WEBSHELL_ACCESS: "T1505.003",
    AttackType.MALICIOUS_UPLOAD: "T1105",
    AttackType.PROTOCOL_ABUSE: "T1190",
    AttackType.VULNERABILITY_SCAN: "T1595.002",
    AttackType.BRUTE_FORCE: "T1110.001",
    AttackType.CREDENTIAL_STUFFING: "T1110.004",
    AttackType.LOGIN_AFTER_FAILURES: "T1078",
    AttackType.DOS: "T1499",
    AttackType.BAD_BOT: "T1595",
    AttackType.UNAUTHORISED_ACCESS: "T1078",
    AttackType.CONFIG_EXPOSURE: "T1592",
    AttackType.LOG_INJECTION: "T1565.001",
}


class Outcome(StrEnum):
    """Did it work? Ordered from harmless to harmful by `SEVERITY_OF_OUTCOME`."""

    BLOCKED = "blocked"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"


class Level(StrEnum):
    """Sigma's rule levels (https://sigmahq.io/docs/basics/rules.html)."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
