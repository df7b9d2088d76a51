"""The closed vocabulary of what an error-log or auth-log line says happened (`event.action`)."""

from enum import StrEnum


class Action(StrEnum):
    """One meaning per line of a message log; lines whose message is in no family have none."""

    # authentication
    LOGIN_FAILED = "login_failed"
    LOGIN_SUCCEEDED = "login_succeeded"
    INVALID_USER = "invalid_user"
    PREAUTH_CLOSED = "preauth_closed"
    SESSION_OPENED = "session_opened"
    SESSION_CLOSED = "session_closed"
    SUDO_COMMAND = "sudo_command"
    SUDO_DENIED = "sudo_denied"
    SU = "su"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_CHANGED = "account_changed"
    PRIVILEGE_GRANTED = "privilege_granted"  # an account becomes a member of an administrators' group
    # web error logs
    ACCESS_DENIED = "access_denied"
    NOT_FOUND = "not_found"
    PERMISSION_DENIED = "permission_denied"
    LIMIT_HIT = "limit_hit"
    BAD_REQUEST = "bad_request"
    BAD_METHOD = "bad_method"
    REDIRECT_LOOP = "redirect_loop"
    CLIENT_TIMED_OUT = "client_timed_out"  # a request that was begun and not finished in time
    UPSTREAM_TROUBLE = "upstream_trouble"
    TLS_TROUBLE = "tls_trouble"
    APPLICATION_FAULT = "application_fault"  # PHP, CGI or FastCGI error text
    WAF_ALERT = "waf_alert"  # a web application firewall saw something
    WAF_BLOCKED = "waf_blocked"  # … and refused the request
    SERVER_NOTICE = "server_notice"
