"""One meaning, many wordings: all of a row give the same steps, equal value for value."""

from typing import Any

import pytest

from core.dimension import Dimension
from core.event import ParseStatus
from core.plan import ANY_ATTACK, Step
from core.selector import Selector
from core.taxonomy import AttackType
from tests.retrieval.plan.plans import BLOCKED, FAILED, IP, PATH, SUCCEEDED, USER, step, steps, where

A, B = "203.0.113.7", "198.51.100.23"
INJECTIONS = (
    AttackType.SQL_INJECTION, AttackType.XSS, AttackType.REMOTE_FILE_INCLUSION, AttackType.COMMAND_INJECTION,
    AttackType.CODE_INJECTION, AttackType.LOG_INJECTION,
)  # fmt: skip
LOGINS = (AttackType.BRUTE_FORCE, AttackType.CREDENTIAL_STUFFING, AttackType.LOGIN_AFTER_FAILURES)
YESTERDAY: dict[str, Any] = {"since": "14T00:00", "until": "15T00:00"}
LAST_NIGHT: dict[str, Any] = {"since": "14T18:00", "until": "15T06:00"}
TEN_TO_ELEVEN: dict[str, Any] = {"since": "14T22:00", "until": "14T23:00"}

ROWS: list[tuple[tuple[Step, ...], str]] = [
    (
        (step("report"),),
        """
        What attacks happened?
        what happened?
        What happened on my server?
        Which attacks were there?
        were we attacked?
        Were there any attacks?
        Give me a report.
        Please summarise the attacks
        Could you please analyse the logs?
        attack report please
        whta attcks happened
        Any attacks?
        show me the attacks
        list all attacks
        What kinds of attacks happened?
        どんな攻撃があった?
        どんな攻撃がありましたか?
        攻撃はあった?
        攻撃はありましたか
        何があった?
        何が起きたの?
        ログを解析して
        ログを分析してください。
        攻撃について教えてください
        攻撃を受けていますか?
        レポートをお願いします
        このログの概要を教えていただけますか？
        どのような攻撃を受けましたか
        サーバーで何が起こりましたか
        攻撃の一覧を見せて
        logを解析して
        attackのreportください
        """,
    ),
    (
        (step("report", datasets=("nginx.access", "nginx.error")),),
        """
        nginxのログを解析して
        Nginx のログを解析してください
        ＮＧＩＮＸのログを分析
        analyse the nginx log
        please analyze the nginx logs
        what happened in nginx?
        """,
    ),
    (
        (step("report", **TEN_TO_ELEVEN),),
        """
        昨日の22時から23時の間に何があった?
        昨日の22時から23時の間に何がありましたか？
        昨日の２２時〜２３時に何が起きた?
        昨日22:00〜23:00に何があった?
        昨日の午後10時から11時に何があったか教えて
        昨日の夜10時から11時まで、何があった?
        11月14日の22時台に何があった?
        14日の22時から1時間で何があった?
        令和8年11月14日22時から23時に何が起きましたか
        2026/11/14 22:00-23:00 に何があった?
        What happened yesterday between 22:00 and 23:00?
        what happened between 10 and 11 pm yesterday?
        what happened yesterday from 10pm to 11pm
        What happened on Nov 14 from 22:00 to 23:00?
        what happened on 14 November between 10pm and 11pm?
        what happened 2026-11-14 22:00 to 2026-11-14 23:00
        what happened yesterday at 10pm
        what happened from 2026-11-14T22:00+09:00 until 2026-11-14T23:00+09:00?
        What happened between 13:00 and 14:00 UTC on 2026-11-14?
        What went on yesterday 22-23時?
        """,
    ),
    (
        (step("count", types="sql_injection"),),
        """
        How many SQL injections were there?
        how many sqli
        How many SQL injection attempts?
        number of SQL injection attacks
        Was there any SQL injection?
        count the SQL injections
        was there a sqli attack?
        Were there SQL injections?
        how many SQL injectoin attacks?
        SQLインジェクションは何件?
        SQLインジェクションの件数は?
        ＳＱＬインジェクションは何件ありましたか？
        SQL インジェクションの数を教えて
        SQLｲﾝｼﾞｪｸｼｮﾝは何回?
        SQLiの回数を教えてください
        SQLインジェクションはあった?
        SQLインジェクションはありましたか
        エスキューエルインジェクションは何件
        SQLインジェクションって何件くらいあった?
        SQL injectionは何件?
        SQLインジェクション攻撃はいくつ
        """,
    ),
    (
        (step("count", types="xss"),),
        """
        Was there any XSS?
        any cross-site scripting?
        is there XSS in the logs
        did you see any xss attempts?
        how often did XSS occur
        XSSはあった?
        クロスサイトスクリプティングはありましたか?
        クロスサイトは何件
        XSS攻撃の有無を教えて
        XSSの痕跡は?
        """,
    ),
    (
        (step("count", types="brute_force"),),
        """
        how many brute force attacks
        ブルートフォースは何件?
        総当たりは何件
        ブルートフォスの件数
        パスワード推測は何回あった?
        number of brute-force attempts
        how many password guessing attempts
        how many brute froce attacks
        """,
    ),
    (
        (step("count", types="path_traversal"),),
        """
        ディレクトリトラバーサルはあった?
        パストラバーサルは何件?
        how many path traversal attempts
        was there directory traversal?
        any dirctory traversal?
        """,
    ),
    (
        (step("count", types="dos"),),
        """
        DDoSはあった?
        was there a denial of service?
        サービス妨害はありましたか
        any DoS attack?
        was there any flooding?
        大量アクセスは何件?
        """,
    ),
    (
        (step("count", types="webshell_access"),),
        """
        ウェブシェルはあった?
        was there a web shell?
        any backdoor?
        バックドアの痕跡はある?
        Webシェルは何件
        """,
    ),
    (
        (step("count", types="vulnerability_scan"),),
        """
        スキャンは何件?
        how many scans were there?
        脆弱性スキャンはありましたか
        was there any reconnaissance?
        偵察はあった?
        """,
    ),
    (
        (step("count", types="credential_stuffing"),),
        """
        パスワードリスト攻撃はあった?
        credential stuffing: how many?
        was there password spraying?
        リスト型攻撃は何件
        """,
    ),
    (
        (step("count", types=INJECTIONS),),
        """
        how many injection attacks
        インジェクション系の攻撃は何件?
        any injection attempts?
        注入攻撃は何件
        """,
    ),
    (
        (step("count", types=LOGINS),),
        """
        how many login attacks
        ログイン攻撃は何件?
        ログインを狙った攻撃は何件
        were there attacks on the login?
        """,
    ),
    (
        (step("count", types="any"),),
        """
        How many attacks were there?
        how many attacks
        number of attacks
        total number of attacks
        攻撃は何件?
        攻撃は何件ありましたか
        攻撃の件数を教えてください
        攻撃の総数は?
        攻撃は全部で何回?
        攻撃行は何行?
        何件の攻撃がありましたか?
        """,
    ),
    (
        (step("count", types="sql_injection"), step("top", IP, types="sql_injection")),
        """
        How many SQL injections were there and from where?
        How many SQL injections, and from which IPs?
        SQLインジェクションは何件で、どこから?
        SQLインジェクションは何件、どのIPから?
        """,
    ),
    (
        (step("top", IP, types="any"),),
        """
        Who attacked us?
        who are the attackers
        top attackers
        top 10 attackers
        Which IPs attacked us?
        where did the attacks come from?
        list the attackers
        what IP addresses attacked the server
        show me the attacking IPs
        which addresses sent the most attacks?
        誰が攻撃した?
        攻撃者は誰?
        攻撃元はどこ?
        攻撃はどこから来た?
        攻撃元IPの一覧
        攻撃元IPを教えて
        攻撃してきたIPは?
        どのIPから攻撃された?
        攻撃が一番多いIPは?
        攻撃者トップ10
        どこから攻撃されましたか
        攻撃者のランキング
        """,
    ),
    (
        (step("top", IP, 5, types="any"),),
        """
        top 5 attackers
        the five most active attackers
        攻撃元IPの上位5件
        攻撃者トップ5を教えて
        Top ５ attackers
        show the top 5 attacking IPs
        """,
    ),
    (
        (step("top", IP),),
        """
        一番多いIPは?
        most frequent IP
        which IP made the most requests?
        アクセスが最も多いIPアドレスは?
        top IPs
        top 10 IP addresses
        requests per IP
        IPごとの件数
        IP別のリクエスト数
        IPアドレスのランキング
        """,
    ),
    (
        (step("top", PATH),),
        """
        most requested pages
        上位10件のパス
        どのページが一番アクセスされた?
        top paths
        which pages were requested most?
        よくアクセスされたページは?
        アクセスが多いURLは?
        """,
    ),
    (
        (step("top", PATH, types="any"),),
        """
        which pages were attacked?
        狙われたページは?
        どのページが狙われた?
        most attacked pages
        what paths were targeted
        攻撃されたURLの一覧
        攻撃対象のパスは?
        """,
    ),
    (
        (step("top", Dimension.AGENT),),
        """
        which user agents were used?
        ユーザーエージェントの一覧
        top user agents
        どんなユーザーエージェントが多い?
        """,
    ),
    (
        (step("top", Dimension.STATUS),),
        """
        status code breakdown
        ステータスコード別の件数
        requests by status code
        ステータスコードの内訳
        """,
    ),
    (
        (step("top", Dimension.TYPE, types="any"),),
        """
        attacks by type
        攻撃の種類別の件数
        what is the most common attack?
        一番多い攻撃は?
        attacks per type
        攻撃の種類ごとの件数
        """,
    ),
    (
        (step("count", IP),),
        """
        how many IPs
        how many different IP addresses are there?
        IPはいくつ?
        いくつのIPからアクセスがあった?
        何種類のIPがありますか
        number of distinct IPs
        ユニークなIPの数
        """,
    ),
    (
        (step("count", IP, types="any"),),
        """
        how many attackers?
        攻撃者は何人?
        攻撃元IPはいくつ?
        how many IPs attacked us?
        いくつのIPから攻撃された?
        how many attacking IPs were there
        攻撃元は何個?
        何人の攻撃者がいた?
        how many different attackers
        """,
    ),
    (
        (step("count", Dimension.TYPE, types="any"),),
        """
        how many types of attacks?
        何種類の攻撃がありましたか
        攻撃は何種類?
        how many different attack types
        how many kinds of attacks were there?
        """,
    ),
    (
        (step("count", USER),),
        """
        how many users
        ユーザーは何人?
        何人のユーザーがいる?
        how many different accounts are there?
        """,
    ),
    (
        (step("count"),),
        """
        how many requests in total?
        リクエストは全部で何件?
        how many lines are there?
        全部で何行?
        アクセスは何件
        total number of requests
        """,
    ),
    (
        (step("count", ips=(A,)),),
        f"""
        how many requests from {A}?
        {A}からのアクセスは何件?
        {A} のリクエスト数は?
        how many requests did {A} make?
        how many times did {A} access the server
        how many hits from 203[.]0[.]113[.]7
        ２０３.０.１１３.７からのリクエストは何件
        """,
    ),
    (
        (step("count", status_codes=((404, 404),)),),
        """
        how many 404s
        404は何件?
        404エラーは何件ありましたか
        how many 404 errors were there?
        number of requests with status 404
        """,
    ),
    (
        (step("count", status_codes=((500, 599),)),),
        """
        how many 5xx errors
        500番台のエラーは何件?
        サーバーエラーは何件
        how many server errors
        5xxの件数
        ５００番台は何件？
        """,
    ),
    (
        (step("count", status_codes=((400, 599),)),),
        """
        how many errors
        エラーは何件?
        how many requests failed?
        失敗したリクエストは何件?
        エラーの件数
        """,
    ),
    (
        (step("count", status_codes=((200, 299),)),),
        """
        how many successful requests
        成功したリクエストは何件?
        how many requests succeeded
        200番台は何件
        """,
    ),
    (
        (step("count", status_codes=((403, 403),)),),
        """
        how many requests were denied?
        拒否されたリクエストは何件?
        how many requests were refused
        403は何件
        """,
    ),
    (
        (step("count", methods=("POST",)),),
        """
        how many POST requests
        POSTは何件?
        POSTリクエストの数は?
        number of post requests
        """,
    ),
    (
        (step("count", actions=("login_failed",)),),
        """
        how many failed logins
        ログイン失敗は何件?
        ログインの失敗回数は?
        number of login failures
        how many login attempts failed?
        失敗したログインの数
        """,
    ),
    (
        (step("count", actions=("login_failed",), user_contains=("root",)),),
        """
        how many failed logins for user root?
        rootユーザーのログイン失敗は何件?
        rootのログイン失敗は何回?
        how many failed logins for root
        ユーザー「root」のログイン失敗は何件
        """,
    ),
    (
        (step("count", actions=("login_succeeded",)),),
        """
        how many successful logins
        ログイン成功は何件?
        成功したログインの件数
        """,
    ),
    (
        (step("first", types="any"),),
        """
        最初の攻撃はいつ?
        When was the first attack?
        when did the attack start?
        いつから攻撃されていた?
        攻撃はいつ始まった?
        攻撃の開始時刻は?
        when did the attacks begin
        the earliest attack
        """,
    ),
    (
        (step("last", types="any"),),
        """
        最後の攻撃はいつ?
        when was the last attack
        when did the attacks stop?
        攻撃はいつ終わった?
        latest attack
        直近の攻撃はいつ
        """,
    ),
    (
        (step("first", types="xss"), step("last", types="xss")),
        """
        when was the XSS?
        XSSはいつ?
        XSSはいつあった?
        when did XSS happen
        """,
    ),
    (
        (step("timeline", types="any"),),
        """
        攻撃の推移
        timeline of the attacks
        attacks over time
        攻撃の時系列を見せて
        show me the attacks over time
        """,
    ),
    (
        (step("timeline", Dimension.HOUR, types="any"),),
        """
        時間帯別の攻撃件数
        attacks per hour
        1時間ごとの攻撃数
        attacks by hour
        攻撃を時間別に
        """,
    ),
    ((step("timeline", Dimension.DAY),), "requests per day\n日別のアクセス数\n日ごとのリクエスト数\nrequests by day"),
    ((step("lines"),), "show me the raw lines\n生ログを見せて\nraw log please\nログの原文を見せてください"),
    (
        (step("lines", types="sql_injection"),),
        """
        show me the raw lines of the SQL injection
        SQLインジェクションの生ログを見せて
        evidence of the SQL injections please, raw lines
        SQLインジェクションの証拠を見せて
        sql injection log lines
        """,
    ),
    (
        (step("lines", ips=(A,)),),
        f"""
        show me the requests from {A}
        {A}の生ログを見せて
        {A}のログを見せて
        raw lines of {A}
        list the requests from {A}
        """,
    ),
    ((step("lines", status_codes=((500, 599),)),), "show me the 5xx errors\n500番台のログを見せて\nshow 5xx lines"),
    ((step("lines", limit=5, newest=True),), "show me the last 5 lines\n最後の5行を見せて\n最新の5行を表示"),
    (
        (step("profile", ips=(A,)),),
        f"""
        What did {A} do?
        who is {A}?
        tell me about {A}
        {A}
        what was {A} doing
        What else did {A} do?
        profile {A}
        {A}は何をした?
        {A}について教えて
        {A} は何者?
        {A}の行動を教えてください
        {A}は他に何をしましたか
        このIP {A} について
        """,
    ),
    (
        (step("profile", user_contains=("root",)),),
        """
        what did user root do?
        rootユーザーは何をした?
        tell me about user root
        rootについて教えて
        user root
        """,
    ),
    (
        (step("outcome"),),
        """
        did any succeed?
        Did any attack succeed?
        Did any of the attacks work?
        were we hacked?
        was the server compromised?
        Have we been breached?
        did anyone get in?
        which attacks succeeded?
        どの攻撃が成功した?
        成功した攻撃はどれ?
        what attacks were successful
        侵入された?
        侵入されましたか?
        攻撃は成功した?
        成功した攻撃はある?
        被害は?
        被害はありますか
        やられた?
        攻撃の結果は?
        ハッキングされた?
        """,
    ),
    (
        (step("outcome", outcomes=(BLOCKED,)),),
        """
        which attacks were blocked?
        ブロックされた攻撃は?
        どの攻撃が遮断された?
        """,
    ),
    ((step("outcome", outcomes=(FAILED,)),), "which attacks failed?\n失敗した攻撃はどれ?\n失敗に終わった攻撃は?"),
    (
        (step("outcome", types="sql_injection"),),
        """
        did the SQL injection succeed?
        SQLインジェクションは成功した?
        was the SQL injection successful?
        SQLインジェクションは成功しましたか
        """,
    ),
    (
        (step("count", types="any", outcomes=(SUCCEEDED,)),),
        """
        how many attacks succeeded?
        成功した攻撃は何件?
        how many successful attacks were there
        """,
    ),
    (
        (step("explain", types="sql_injection", words="sql_injection"),),
        """
        what is SQL injection?
        SQLインジェクションとは?
        explain SQL injection
        SQLインジェクションって何?
        what does sql_injection mean
        SQLインジェクションの意味を教えて
        SQLインジェクションとは何ですか
        """,
    ),
    (
        (step("explain", types="login_after_failures", words="login_after_failures"),),
        """
        what does login_after_failures mean
        login_after_failuresとは?
        login_after_failures の意味は?
        """,
    ),
    (
        (step("respond"),),
        """
        what should I do now?
        What should we do?
        how do I block the attackers?
        どう対処すればいい?
        どうすればいいですか
        対策を教えて
        ブロックしたい
        give me nginx deny rules
        fail2banの設定をください
        how can I stop this?
        次に何をすべき?
        what are the next steps
        """,
    ),
    (
        (step("respond", ips=(A,)),),
        f"""
        block {A}
        {A}をブロックしたい
        how do I block {A}?
        {A}を遮断するルールをください
        """,
    ),
    (
        (step("coverage"),),
        """
        what logs did you read?
        which logs did you read
        どのログを読んだ?
        読み込んだログは?
        any gaps in the logs?
        ログの欠けはある?
        ログに抜けはありますか
        読めなかった行は?
        """,
    ),
    (
        (step("count", statuses=(ParseStatus.UNPARSED,)),),
        """
        how many unparsed lines
        読めなかった行は何件?
        how many lines could not be parsed?
        """,
    ),
    (
        (step("help"),),
        """
        hello
        こんにちは
        help
        what can I ask?
        使い方を教えて
        thanks
        ありがとう
        ありがとうございます
        """,
    ),
    ((step("search", words="backups"),), "anything strange around backups?\nanything odd about backups"),
    (
        (step("compare", **YESTERDAY, against=where(since="15T00:00", until="16T00:00")),),
        "compare yesterday with today\n昨日と今日を比較して\nyesterday vs today\n昨日と今日の比較\n昨日と今日を比べて",
    ),
    (
        (step("compare", ips=(A,), against=where(ips=(B,))),),
        f"""
        compare {A} and {B}
        {A}と{B}を比較して
        {A} vs {B}
        {A}と{B}の違いは?
        """,
    ),
    (
        (step("compare", ips=(A,), types="any", against=where(ips=(B,), types="any")),),
        f"""
        Is {A} worse than {B}?
        {A}と{B}、どっちが悪質?
        """,
    ),
    (
        (step("compare", types="xss", against=where(types="sql_injection")),),
        """
        compare XSS and SQL injection
        XSSとSQLインジェクションを比較
        """,
    ),
    (
        (step("report", without=(where(ips=("10.0.0.1",)),)),),
        """
        attacks except from 10.0.0.1
        10.0.0.1以外からの攻撃
        attacks not from 10.0.0.1
        10.0.0.1を除いた攻撃のレポート
        what attacks happened, excluding 10.0.0.1?
        10.0.0.1 を除いて、どんな攻撃があった?
        """,
    ),
    (
        (step("count", types="any", without=(where(types="sql_injection"),)),),
        """
        how many attacks other than SQL injection
        SQLインジェクション以外の攻撃は何件?
        how many attacks without SQL injection
        SQLインジェクションを除く攻撃の件数
        """,
    ),
    (
        (step("count", without=(where(agent_contains=("bot", "crawl", "slurp", "spider")),)),),
        """
        how many requests without crawlers
        クローラーを除いたアクセスは何件?
        how many requests excluding bots?
        ボット以外のリクエストは何件
        """,
    ),
    (
        (step("count", without=(where(types="any"),)),),
        """
        how many requests were not attacks?
        攻撃以外のリクエストは何件?
        how many normal requests
        正常なアクセスは何件
        """,
    ),
    (
        (step("count", agent_contains=("sqlmap",)),),
        """
        how many requests from sqlmap
        sqlmapのリクエストは何件?
        sqlmapからのアクセスは何件
        how many requests used sqlmap
        """,
    ),
    (
        (step("count", paths=("/wp-login.php",)),),
        """
        how many requests to /wp-login.php
        /wp-login.phpへのアクセスは何件?
        /wp-login.php へのリクエストは何件ありましたか
        how often was /wp-login.php requested
        how many requests for wp-login.php
        """,
    ),
    (
        (step("count", paths=("/login", "/wp-login.php")),),
        """
        how many requests to the login page
        ログインページへのアクセスは何件?
        ログイン画面へのリクエスト数は
        """,
    ),
    (
        (step("count", raw_contains=("union select",)),),
        """
        how many lines contain "union select"
        「union select」を含む行は何件?
        how many lines containing "union select"
        """,
    ),
    ((step("count", ips=("10.0.0.0/8",)),), "how many requests from 10.0.0.0/8\n10.0.0.0/8からのアクセスは何件"),
    (
        (step("report", **YESTERDAY),),
        """
        what happened yesterday?
        昨日何があった?
        昨日の攻撃は?
        attacks yesterday
        yesterday's attacks
        11/14の攻撃
        11月14日に何があった?
        昨日は?
        """,
    ),
    (
        (step("report", **LAST_NIGHT),),
        """
        what happened last night?
        昨夜何があった?
        昨晩の攻撃は?
        attacks last night
        昨日の夜に何があった?
        """,
    ),
    (
        (step("report", since="15T03:59:30"),),
        """
        what happened in the last 2 hours of the log?
        what happened in the last two hours
        直近2時間に何があった?
        最後の2時間の攻撃は?
        過去2時間で何が起きた?
        """,
    ),
    (
        (step("report", until="09T02:10:03"),),
        """
        what happened in the first 10 minutes?
        最初の10分に何があった?
        冒頭の10分間で何が起きた?
        """,
    ),
    (
        (step("report", since="09T00:00"),),
        """
        what happened since Monday?
        月曜日以降に何があった?
        月曜から何が起きた?
        11月9日以降の攻撃は?
        """,
    ),
    (
        (step("report", until="14T22:00"),),
        """
        what happened before 22:00 yesterday?
        昨日の22時より前に何があった?
        what happened until yesterday 10pm
        昨日の22時までに何があった?
        """,
    ),
    (
        (step("report", since="14T22:00", until="14T22:30"),),
        """
        what happened around 22:15 yesterday?
        昨日の22時15分頃に何があった?
        昨日の22:15前後に何が起きた?
        """,
    ),
    (
        (step("report", since="14T00:00", until="16T00:00"),),
        """
        what happened on the weekend?
        週末に何があった?
        attacks this weekend
        """,
    ),
    (
        (step("report", since="14T00:00", until="15T00:00"),),
        """
        what happened on Saturday?
        土曜日に何があった?
        土曜の攻撃は?
        """,
    ),
    (
        (step("report", since="13T00:00", until="14T00:00"),),
        """
        what happened the day before yesterday?
        一昨日何があった?
        おとといの攻撃は?
        2日前に何があった?
        what happened two days ago
        """,
    ),
    (
        (step("report", sources=("aaaa",)),),
        """
        what happened in access.log?
        access.logだけ解析して
        access.log で何があった?
        """,
    ),
    ((step("count", types="any", sources=("bbbb",)),), "how many attacks in auth.log?\nauth.logの攻撃は何件?"),
    (
        (step("count", methods=("POST",), without=(where(status_codes=((401, 401),)),)),),
        """
        401になっていないPOSTの件数は?
        POSTで401以外のものは何件?
        """,
    ),
    (
        (step("count", status_codes=((404, 404),), without=(where(ips=(A,)),)),),
        """
        404から203.0.113.7の分を除いた件数
        How many 404s apart from those of 203.0.113.7?
        """,
    ),
    (
        (step("count", ips=(A,), **TEN_TO_ELEVEN),),
        """
        203.0.113.7, from 22:00 to 23:00: how many lines
        203.0.113.7の22:00〜23:00の行数
        """,
    ),
    (
        (step("count", methods=("HEAD",)),),
        """
        別の質問です。HEADリクエストは何件ありますか
        Different question: how many HEAD requests are there?
        """,
    ),
    (
        (step("count", status_codes=((400, 599),), without=(where(status_codes=((404, 404), (500, 500))),)),),
        """
        404でも500でもないエラーは何件
        errors that are neither 404 nor 500: how many?
        """,
    ),
    (
        (step("count", status_codes=((400, 599),), without=(where(status_codes=((404, 404),)),)),),
        """
        404以外のエラーは何件?
        how many errors other than 404?
        """,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "question"),
    [(wanted, line.strip()) for wanted, wordings in ROWS for line in wordings.split("\n") if line.strip()],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_same_meaning_gives_the_same_steps(wanted: tuple[Step, ...], question: str) -> None:
    assert steps(question) == wanted


def test_any_attack_is_all_types() -> None:
    assert where(types="any") == Selector(types=ANY_ATTACK)
