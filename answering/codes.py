"""The codes a report can carry besides values; `app/` has a sentence for each, in two languages."""

from enum import StrEnum


class BlindSpot(StrEnum):
    """What these logs cannot show, and why; locale keys `blind_spot.<code>`."""

    NO_REQUEST_BODIES = "no_request_bodies"  # access logs: what was sent by POST is not recorded
    NO_OTHER_HEADERS = "no_other_headers"  # access logs: only referrer and user agent of the headers
    NO_RESPONSE_BODIES = "no_response_bodies"  # what the server sent back is not recorded, only its size
    NO_USER_AGENTS = "no_user_agents"  # a format without user agent (common): scanners and crawlers stay nameless
    NO_ACCESS_LOG = "no_access_log"  # web requests cannot be seen
    NO_ERROR_LOG = "no_error_log"  # access log without error log: blocks and faults behind the status stay unseen
    NO_AUTH_LOG = "no_auth_log"  # logins to the machine cannot be seen
    ADDRESS_MAY_BE_PROXY = "address_may_be_proxy"  # one address sends nearly everything, as behind a load balancer
    LINES_WITHOUT_ADDRESS = "lines_without_address"  # attack lines that cannot be attributed
    ZONE_ASSUMED = "zone_assumed"  # a log writes no time zone: that of the others was assumed, or UTC
    YEAR_ASSUMED = "year_assumed"  # the log writes no year: inferred from file time and roll-over
    NO_TIMES = "no_times"  # a source without any time: bursts and order cannot be seen
    UNPARSED_LINES = "unparsed_lines"  # lines no format fits; signatures do not see their fields
    OVERSIZE_LINES = "oversize_lines"  # only the head of over-long lines was looked at
    INCOMPLETE_INPUT = "incomplete_input"  # truncated or damaged archive, budget exceeded, read error
    SILENT_STRETCHES = "silent_stretches"  # see gaps: rotated away, stopped, or deleted
    OTHER_RULES = "other_rules"  # lines were read before the rules became what they are now
    WINDOW_ASKED = "window_asked"  # the report covers only what was asked for


class NextStep(StrEnum):
    """What to do now, most urgent first; locale keys `next_step.<code>`."""

    ISOLATE_HOST = "isolate_host"  # a web shell or upload succeeded
    CHECK_WEBSHELL = "check_webshell"
    ROTATE_SECRETS = "rotate_secrets"  # a file with secrets was served
    RESET_PASSWORDS = "reset_passwords"  # a login followed failures
    REVIEW_LOGINS = "review_logins"
    CHECK_UNKNOWN_OUTCOMES = "check_unknown_outcomes"  # requests answered 2xx/3xx: look at what was sent back
    PATCH_APPLICATION = "patch_application"  # injection attempts: check the attacked pages
    RESTRICT_FILES = "restrict_files"  # keep dot files, backups and status pages from being served
    LIMIT_LOGINS = "limit_logins"
    LIMIT_REQUESTS = "limit_requests"
    BLOCK_IPS = "block_ips"
    KEEP_LOGS = "keep_logs"
    COLLECT_ACCESS_LOG = "collect_access_log"
    COLLECT_ERROR_LOG = "collect_error_log"
    COLLECT_AUTH_LOG = "collect_auth_log"
    CHECK_GAPS = "check_gaps"
    CHECK_UNPARSED = "check_unparsed"
    WIDEN_QUESTION = "widen_question"  # nothing inside what was asked, although there are lines
    ADD_LOGS = "add_logs"  # no lines at all
