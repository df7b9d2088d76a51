"""Command words: which names a shell would run, and how likely each is to be a plain word of prose."""

import re

STRONG = frozenset(
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
new-object ansible chef chef-client cscli expr ver waitfor reg attrib icacls cacls netsh ping ping6
sysctl dmesg openssl aws nice timeout setsid unset gdb vim xxd zip dd
""".split()
)
WEAK = frozenset(
    b"""id ls dir pwd cat type who w ps env set net find echo sleep more less head tail grep egrep sort date time host
kill rm cp mv mkdir touch test top df du free mount last finger groups history export printf sh ftp tar zip unzip gzip
cut tr wc diff stat file ln vi vim ed nano man at vol tree copy del move ren start true false od uniq read jobs alias
exec eval source ip ss make git svn which service
""".split()
)
AMBIGUOUS = frozenset(b"more less top last start move read copy cut stat file man tree groups jobs at".split())
PROSE = frozenset(
    b"""type who find echo sleep more less head tail sort date time host kill touch test top free mount last finger
groups history export cut file stat man at tree copy move start true false read jobs source set net env make which
service cat alias dash fetch route expr strings knife chef halt rev tee node python ruby perl php curl lynx perf
docker""".split()
)
"""Words that stand alone in sentences and lists as well: without an argument they say little."""

PLAIN = frozenset(b"whoami uname ifconfig ipconfig netstat systeminfo tasklist nslookup printenv hostname".split())
"""Words that hardly anybody writes but to run them."""

PAIR = re.compile(
    rb"(?:net1?\s+(?:user|view|localgroup|share|use|group|accounts|session|config|statistics|start|stop)"
    rb"|netsh\s+(?:firewall|advfirewall|interface|wlan|winhttp)|reg\s+(?:add|query|delete|save|export|import)"
    rb"|sc\s+(?:query|create|start|stop|config|delete|qc)|wmic\s+(?:process|os|service|useraccount|product|/node)"
    rb"|docker\s+(?:ps|run|exec|images|inspect|cp)|kubectl\s+(?:get|exec|apply|describe|run|config)"
    rb"|systemctl\s+(?:status|start|stop|restart|list|enable)|service\s+\w+\s+(?:start|stop|restart|status)"
    rb"|(?:apt|apt-get|yum|dnf|apk|pip3?|npm|gem|cargo|brew)\s+(?:install|add|remove|update|list)"
    rb"|git\s+(?:clone|pull|push|config)|svn\s+(?:co|checkout|export)|aws\s+(?:s3|ec2|iam|sts|configure)"
    rb"|tar\s+-?[a-z]{1,5}\s+\S|ip\s+(?:a|addr|route|link|r)|which\s+[\w.+-]+|unset\s+\w+|type\s+[\w.-]+\.\w+|dd\s+if=|(?:history|set|env)\s*\|)\b",
    re.IGNORECASE,
)
"""Two words that only together are a command line."""
