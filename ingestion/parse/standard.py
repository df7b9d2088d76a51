"""Access formats that servers write out of the box or by the most copied recipes, in the order to try them."""

from ingestion.parse.apache_log_format import compile_apache_log_format
from ingestion.parse.log_format import compile_log_format
from ingestion.parse.program import Program

_COMBINED = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"'
)
_INGRESS = (
    "$request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr "
    "$upstream_response_length $upstream_response_time $upstream_status $req_id"
)

NGINX: dict[str, Program] = {
    "nginx.combined": compile_log_format(_COMBINED),
    "nginx.combined_xff": compile_log_format(_COMBINED + ' "$http_x_forwarded_for"'),
    "nginx.combined_xff_timed": compile_log_format(_COMBINED + ' "$http_x_forwarded_for" $request_time'),
    "nginx.combined_timed": compile_log_format(_COMBINED + " $request_time $upstream_response_time"),
    "nginx.ingress": compile_log_format(f"{_COMBINED} {_INGRESS}"),
}
"""nginx: default escaping; `combined_timed` accepts any suffix."""

APACHE: dict[str, Program] = {
    "apache.vhost_combined": compile_apache_log_format('%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"'),
    "apache.forwarded_combined": compile_apache_log_format(
        '%{X-Forwarded-For}i %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'
    ),
    "apache.combinedio": compile_apache_log_format('%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O'),
    "apache.combined": compile_apache_log_format('%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'),
    "apache.vhost_common": compile_apache_log_format('%v %h %l %u %t "%r" %>s %b'),
    "apache.common": compile_apache_log_format('%h %l %u %t "%r" %>s %b'),
}
"""Apache: `%h` may be a host name, `%u` may hold spaces, `%b` may be `-`. Formats with more columns come first: a
shorter one could read their first columns as one user name with spaces."""
