"""The servers' own checkers of configuration; tests that need one are skipped where it is not installed."""

import subprocess
from pathlib import Path
from shutil import which

import pytest

needs_nginx = pytest.mark.skipif(which("nginx") is None, reason="nginx is not installed")
needs_apache = pytest.mark.skipif(which("apache2") is None, reason="apache2 is not installed")
needs_nft = pytest.mark.skipif(which("nft") is None, reason="nft is not installed")
needs_fail2ban = pytest.mark.skipif(which("fail2ban-client") is None, reason="fail2ban is not installed")

_NGINX = """
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    {http}
    server {{ listen unix:{folder}/s; {server} }}
}}
"""
_MODULES = ("mpm_prefork", "authz_core", "authn_core", "authz_host", "log_config")
_APACHE = """
ServerRoot {folder}
PidFile {folder}/pid
ServerName test.example
Listen 127.0.0.1:8099
DocumentRoot {folder}
ErrorLog {folder}/error.log
{modules}
{text}
"""


def run(*command: str | Path) -> str:
    """What a checker says; fails the test where it refuses."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def check_nginx(folder: Path, http: str = "", server: str = "") -> None:
    """`nginx -t` on configuration inside `http { }` and `server { }`."""
    path = folder / "nginx.conf"
    path.write_text(_NGINX.format(folder=folder, http=http, server=server))
    run("nginx", "-t", "-q", "-p", folder, "-c", path)


def check_apache(folder: Path, text: str, *modules: str) -> None:
    """`apache2 -t` on configuration outside of any host; modules beside the usual ones by name."""
    place = next(path for path in map(Path, ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules")) if path.is_dir())
    wanted = [(name, place / f"mod_{name}.so") for name in (*_MODULES, *modules)]
    loaded = "\n".join(f"LoadModule {name}_module {file}" for name, file in wanted if file.exists())
    path = folder / "apache.conf"
    path.write_text(_APACHE.format(folder=folder, modules=loaded, text=text.replace("${APACHE_LOG_DIR}", str(folder))))
    run("apache2", "-t", "-f", path)
