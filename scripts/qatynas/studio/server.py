"""A Label Studio server on this machine: headless, on loopback alone, in a folder of its own."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING

from qatynas.errors import QatynasError
from qatynas.storage import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "127.0.0.1"
EMAIL = "studio@qatynas.example"
ACCOUNT = "account.json"
LOG = "server.log"
_STARTING = 600.0  # seconds until healthy: the first start makes the database
_STOPPING = 15.0


@dataclass(frozen=True, slots=True)
class Account:
    """Who may use the server of a folder, and where it was last served."""

    url: str
    email: str
    password: str
    token: str

    def __repr__(self) -> str:
        return f"Account({self.url!r}, {self.email!r})"  # a secret is never printed


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address, a legacy token, and its process."""

    url: str
    token: str
    process: subprocess.Popen[bytes]

    def __repr__(self) -> str:
        return f"Server({self.url!r})"


def find_account(folder: Path) -> Account | None:
    """The account that a server's folder keeps, or None where no server was ever started in it.

    Raises:
        QatynasError: for an account that cannot be read.
    """
    path = folder / ACCOUNT
    try:
        return Account(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        # the error's own words could quote the file, and with it the token
        raise QatynasError(
            path, "cannot be read", type(error).__name__, "make it readable, or use a new folder"
        ) from None


@contextmanager
def start_server(folder: Path, port: int) -> Iterator[Server]:
    """A healthy server on the folder's data; it is stopped when the block ends.

    Port 0 takes a free one. The first start in a folder takes a minute or two, for it makes the database.

    Raises:
        QatynasError: where Label Studio is not installed, the port is taken, the folder cannot be written to or is
            served already, and for a server that ends before it is healthy.
    """
    _require_label_studio()
    _make_folder(folder)
    with _lock_folder(folder) as lock:
        port = _claim_port(port)
        account = _make_account(folder, f"http://{HOST}:{port}")
        process = _spawn(folder, port, account, lock)
        try:
            _await_health(process, account, folder)
            yield Server(account.url, account.token, process)
        finally:
            _stop(process)


def _require_label_studio() -> None:
    if importlib.util.find_spec("label_studio") is None:
        raise QatynasError("Label Studio", "is not installed", "pip install 'qatynas[studio]'")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise QatynasError(folder, "cannot be written to", error.strerror or error, "name another --data") from error


@contextmanager
def _lock_folder(folder: Path) -> Iterator[IO[bytes]]:
    """The lock of a folder: the server inherits it, so that an orphaned one still holds its data."""
    path = folder / ".lock"
    with path.open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            known = find_account(folder)
            where = f"is served already, at {known.url}" if known else "is being served already"
            raise QatynasError(folder, where, "use that server, or stop it first") from None
        yield lock


def _claim_port(port: int) -> int:
    """The port, free a moment ago: Label Studio itself would move on to another one without a word."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            fault = (error.strerror or str(error)).lower()
            raise QatynasError(f"port {port}", "cannot be had", fault, "choose another --port, or 0 for any") from None
        return int(probe.getsockname()[1])


def _make_account(folder: Path, url: str) -> Account:
    """The account of a folder at an address; it is kept before the server makes it, lest a kill part the two."""
    known = find_account(folder)
    if known is None:
        account = Account(url, EMAIL, secrets.token_urlsafe(12), secrets.token_hex(20))
    else:
        account = Account(url, known.email, known.password, known.token)
    write_private(folder / ACCOUNT, json.dumps(asdict(account), indent=1).encode() + b"\n")
    return account


def write_private(path: Path, data: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all.

    Raises:
        QatynasError: where the place cannot be written to.
    """
    old = os.umask(0o077)
    try:
        write_whole(path, data)
    finally:
        os.umask(old)


def _spawn(folder: Path, port: int, account: Account, lock: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "label_studio.server", "start", "--no-browser"]
    command += ["--internal-host", HOST, "--port", str(port)]
    with open(folder / LOG, "wb", opener=_open_private) as log:
        return subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env=_make_environment(folder, account),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            umask=0o077,
            pass_fds=[lock.fileno()],
            start_new_session=True,  # a Ctrl-C is for this program, which then stops the server
            preexec_fn=_follow_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )


def _open_private(path: str, flags: int) -> int:
    handle = os.open(path, flags, 0o600)
    os.fchmod(handle, 0o600)  # of an old one too
    return handle


def _follow_parent() -> None:
    """Have the kernel stop this process when its parent dies, however it dies."""
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _make_environment(folder: Path, account: Account) -> dict[str, str]:
    """Label Studio's settings: data in the folder, the account, and nothing that calls home.

    The token stands here and not on the command line, which other users of the machine can read.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LABEL_STUDIO_", "DJANGO_"))}
    place = folder.resolve()
    return kept | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(place),
        "DJANGO_DB": "sqlite",
        "LABEL_STUDIO_DATABASE_NAME": str(place / "label_studio.sqlite3"),
        "LABEL_STUDIO_USERNAME": account.email,
        "LABEL_STUDIO_PASSWORD": account.password,
        "LABEL_STUDIO_USER_TOKEN": account.token,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "LABEL_STUDIO_LATEST_VERSION_CHECK": "false",
        "LABEL_STUDIO_COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
    }


def _await_health(process: subprocess.Popen[bytes], account: Account, folder: Path) -> None:
    """Return once the server answers and knows its token."""
    until = time.monotonic() + _STARTING
    while time.monotonic() < until:
        code = process.poll()
        if code is not None:
            raise QatynasError(folder / LOG, f"Label Studio ended with code {code}", "see the end of this file")
        if _ask(f"{account.url}/health", "") == 200:
            break
        time.sleep(0.2)
    else:
        raise QatynasError(
            folder / LOG, f"Label Studio did not answer in {_STARTING:.0f} s", "see the end of this file"
        )
    if _ask(f"{account.url}/api/current-user/whoami", account.token) != 200:
        raise QatynasError(
            folder / ACCOUNT, "is not the account of this folder's database", "restore it, or use a new folder"
        )


def _ask(url: str, token: str) -> int:
    """The status that an address on this machine answers with, 0 for none; no proxy is asked."""
    from urllib.error import HTTPError
    from urllib.request import ProxyHandler, Request, build_opener

    headers = {"Authorization": f"Token {token}"} if token else {}
    try:
        with build_opener(ProxyHandler({})).open(Request(url, headers=headers), timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a server with SIGTERM, or at last with SIGKILL."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(_STOPPING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
