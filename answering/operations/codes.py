"""The codes an answer speaks in; `app/` has words for each, in two languages."""

from enum import StrEnum

from core.dimension import Dimension


class Sentence(StrEnum):
    """What a part says; locale keys `answer.<code>`."""

    REPORT_FOUND = "report_found"
    REPORT_NONE = "report_none"
    REPORT_UNKNOWN = "report_unknown"
    COUNT_LINES = "count_lines"
    COUNT_ATTACK_LINES = "count_attack_lines"
    COUNT_DISTINCT = "count_distinct"
    ABSENT = "absent"
    NOT_SEEN = "not_seen"
    TOP = "top"
    TOP_TYPE = "top_type"
    TOP_ACTION = "top_action"
    TOP_NONE = "top_none"
    FIRST = "first"
    LAST = "last"
    NO_TIMES = "no_times"
    TIMELINE = "timeline"
    LINES = "lines"
    PROFILE_IP = "profile_ip"
    PROFILE_USER = "profile_user"
    PROFILE_PATH = "profile_path"
    PROFILE_LINES = "profile_lines"
    COMPARE = "compare"
    OUTCOME_SUCCEEDED = "outcome_succeeded"
    OUTCOME_OPEN = "outcome_open"
    OUTCOME_NONE = "outcome_none"
    OUTCOME_ASKED = "outcome_asked"
    OUTCOME_NOT_ASKED = "outcome_not_asked"
    EXPLAIN_TYPE = "explain_type"
    EXPLAIN_TYPE_HERE = "explain_type_here"
    EXPLAIN_RULE = "explain_rule"
    EXPLAIN_OUTCOME = "explain_outcome"
    EXPLAIN_OUTCOME_REASON = "explain_outcome_reason"
    EXPLAIN_BLIND_SPOT = "explain_blind_spot"
    EXPLAIN_UNKNOWN = "explain_unknown"
    RESPOND = "respond"
    RESPOND_NOTHING = "respond_nothing"
    SEARCH = "search"
    SEARCH_NONE = "search_none"
    SEARCH_WORDS = "search_words"
    COVERAGE = "coverage"
    HELP = "help"
    NOT_UNDERSTOOD = "not_understood"
    NOTHING_READ = "nothing_read"
    NOTHING_IN_SCOPE = "nothing_in_scope"


class Remark(StrEnum):
    """What the reader must know beside it; locale keys `note.<code>`."""

    COLUMN_ABSENT = "column_absent"
    WINDOW_OUTSIDE = "window_outside"
    WINDOW_PARTLY = "window_partly"
    WORDS_UNREAD = "words_unread"
    QUESTION_CUT = "question_cut"
    STEPS_CUT = "steps_cut"
    SHOWN_SOME = "shown_some"
    WIDER_STRETCHES = "wider_stretches"
    UNTIMED_LINES = "untimed_lines"
    NO_RETRIEVER = "no_retriever"
    PER_TYPE_OVERLAPS = "per_type_overlaps"
    CLAIMS_CORRECTED = "claims_corrected"
    STANDING_VERIFIED = "standing_verified"
    STANDING_CLAIMED = "standing_claimed"
    STANDING_IMPOSTOR = "standing_impostor"
    CAMPAIGN = "campaign"
    FILTER_REFUSED = "filter_refused"
    REQUESTS_ONCE = "requests_once"
    NOT_RECORDED = "not_recorded"


class Column(StrEnum):
    """Column of a table, and how its cells are drawn; locale keys `column.<code>`."""

    IP = "ip"
    PATH = "path"
    USER = "user"
    AGENT = "agent"
    METHOD = "method"
    STATUS = "status"
    REFERRER = "referrer"
    DOMAIN = "domain"
    ACTION = "action"  # a code of core.action
    DATASET = "dataset"
    SOURCE = "source"  # a SourceId
    TYPE = "type"  # an AttackType
    RULE = "rule"
    MINUTE = "minute"  # a time: the start of the stretch
    HOUR = "hour"
    DAY = "day"
    LINES = "lines"
    SHARE = "share"  # 0 to 1
    SOURCE_IPS = "source_ips"  # a number of addresses
    IPS = "ips"  # a few addresses, most lines first, `, ` between them
    FIRST = "first"
    LAST = "last"
    OUTCOME = "outcome"
    REASON = "reason"  # a code of answering.outcome.LineCode, lower case
    SECTION = "section"  # a Column code: what the value of the row is
    VALUE = "value"  # drawn as the row's section says, else as the fact `by` says
    MEASURE = "measure"  # a Measure
    ONE = "one"
    OTHER = "other"
    DIFFERENCE = "difference"
    SINCE = "since"
    UNTIL = "until"
    SCORE = "score"
    TYPES = "types"  # AttackType values, `, ` between them
    PARSED = "parsed"
    UNPARSED = "unparsed"
    OTHERS = "others"
    TECHNIQUE = "technique"
    TITLE = "title"
    OPERATION = "operation"  # an Operation


class Measure(StrEnum):
    """What a row of a comparison compares; locale keys `measure.<code>`."""

    LINES = "lines"
    ATTACK_LINES = "attack_lines"
    SOURCE_IPS = "source_ips"
    ATTACKING_IPS = "attacking_ips"
    TYPES = "types"


def column_of(by: Dimension) -> Column:
    """The column in which values of a dimension stand."""
    return Column(by.name.lower())
