"""Label Studio's interface over HTTP: a thin client that never repeats a request that could duplicate.

It is plain httpx, which comes with the vendor's SDK: the SDK itself repeats every request after a 5xx, imports too, and
takes over a second to load.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import msgspec

from qatynas.errors import QatynasError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

BATCH = 100  # tasks a request
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each repetition
_LONGEST_PAUSE = 30.0
_LONG = 600.0  # seconds that an import or an export may take
_BUSY = {429}  # turned away before anything was done
_BROKEN = {500, 502, 503}  # something may have been done
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_EXPORT = {"annotations__completed_by": {"only_id": False}, "predictions": {"only_id": False}}


class UnsureError(QatynasError):
    """A request that may or may not have been carried out: look at what the server holds before the next."""


class Client:
    """A signed-in user of a server; `token` is a legacy token or a personal access token.

    Raises:
        QatynasError: for an address or a token that cannot be one, and from every method for a server that cannot be
            reached, does not know the token, or refuses.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url = _check_url(url)
        token = token.strip()
        if not token or not token.isascii() or not token.isprintable():
            raise QatynasError(self.url, "the token is empty or no token", "copy it from Account & Settings")
        self._token = token
        personal = token.count(".") == 2  # a JSON Web Token, good only for an access token of some minutes
        self._authorization = "" if personal else f"Token {token}"
        near = urlsplit(self.url).hostname in _LOOPBACK
        self._http = httpx.Client(base_url=self.url, timeout=httpx.Timeout(60, connect=10), trust_env=not near)

    def __repr__(self) -> str:
        return f"Client({self.url!r})"  # the token is never printed

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def check(self) -> None:
        """Return if the server answers and knows the token."""
        self._send("GET", "/api/current-user/whoami")

    def find_project(self, name: str) -> int | None:
        """The id of the project of this name, or None."""
        found = [row for row in self._list_pages("/api/projects/", {"title": name}) if row["title"] == name]
        if len(found) > 1:
            ids = ", ".join(str(row["id"]) for row in found)
            raise QatynasError(self.url, f"projects {ids} are all named {name!r}", "rename all but one")
        return int(found[0]["id"]) if found else None

    def make_project(self, name: str, config: str) -> int:
        """The id of the project of this name, which now has the label config."""
        project = self.find_project(name)
        if project is None:
            try:
                body = {"title": name, "label_config": config}
                return int(self._send("POST", "/api/projects/", body, repeatable=False)["id"])
            except UnsureError:
                project = self.find_project(name)
                if project is None:
                    raise
        if self._send("GET", f"/api/projects/{project}/")["label_config"].strip() != config.strip():
            self._send("PATCH", f"/api/projects/{project}/", {"label_config": config})
        return project

    def show_predictions(self, project: int, model: str) -> None:
        """Have the interface show an annotator the predictions of this model."""
        self._send("PATCH", f"/api/projects/{project}/", {"model_version": model, "show_collab_predictions": True})

    def make_users(self, emails: Iterable[str]) -> dict[str, int]:
        """The id of every user by e-mail address, those of `emails` among them."""
        known = self._list_users()
        missing = sorted(set(emails) - set(known))
        for email in missing:
            body = {"email": email, "username": email[:150], "first_name": email.partition("@")[0][:150]}
            self._request("POST", "/api/users/", body, accept={400})  # an address can be made a user of only once
        known = self._list_users() if missing else known
        lost = sorted(set(missing) - set(known))
        if lost:
            raise QatynasError(self.url, f"makes no user of {lost[0]!r}", "mend the address, or make the user there")
        return known

    def _list_users(self) -> dict[str, int]:
        return {row["email"]: int(row["id"]) for row in self._list_pages("/api/users/", {})}

    def send_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> None:
        """Import tasks in one request: all of them or none. `UnsureError` tells that it may have been either."""
        self._send("POST", f"/api/projects/{project}/import", list(tasks), repeatable=False, timeout=_LONG)

    def fetch_snapshot(self, project: int) -> bytes:
        """All tasks of a project as JSON, with annotations, their users' addresses, and predictions.

        The export is made by the server as a file, which is taken away again.
        """
        exports = f"/api/projects/{project}/exports/"
        made = self._send("POST", exports, {"serialization_options": _EXPORT}, timeout=_LONG)
        place = f"{exports}{made['id']}"
        self._await_export(place, made.get("status"))
        content = self._request("GET", f"{place}/download?exportType=JSON", timeout=_LONG).content
        with suppress(QatynasError):
            self._request("DELETE", place, accept={404})
        return content

    def _await_export(self, place: str, status: str | None) -> None:
        until = time.monotonic() + _LONG
        while status != "completed":
            if status == "failed" or time.monotonic() > until:
                raise QatynasError(self.url, f"the export {place} is {status}", "see the server's log, and try again")
            time.sleep(0.5)
            status = self._send("GET", place).get("status")

    def update_task(self, task: int, fields: Mapping[str, Any]) -> None:
        """Change fields of a task: its `data` or its `meta`."""
        self._send("PATCH", f"/api/tasks/{task}/", fields)

    def fetch_annotation(self, annotation: int) -> dict[str, Any]:
        """An annotation as the server has it now."""
        found: dict[str, Any] = self._send("GET", f"/api/annotations/{annotation}/")
        return found

    def update_annotation(self, annotation: int, fields: Mapping[str, Any]) -> None:
        """Change fields of an annotation in place."""
        self._send("PATCH", f"/api/annotations/{annotation}/", fields)

    def add_annotation(self, task: int, fields: Mapping[str, Any]) -> None:
        """Add an annotation; one with a `unique_id` that the server has already is not added again."""
        self._request("POST", f"/api/tasks/{task}/annotations/", fields, accept={409})

    def add_prediction(self, fields: Mapping[str, Any]) -> None:
        """Add a prediction to the task that its fields name; `UnsureError` tells that it may be there."""
        self._send("POST", "/api/predictions/", fields, repeatable=False)

    def update_prediction(self, prediction: int, fields: Mapping[str, Any]) -> None:
        """Change fields of a prediction in place."""
        self._send("PATCH", f"/api/predictions/{prediction}/", fields)

    def _list_pages(self, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """The rows of a list, whether the server gives it whole or page by page."""
        page = 1
        while True:
            asked = httpx.QueryParams({**query, "page": page, "page_size": 100})
            answer = self._send("GET", f"{path}?{asked}")
            if isinstance(answer, list):
                yield from answer
                return
            yield from answer["results"]
            if not answer.get("next"):
                return
            page += 1

    def _send(self, method: str, path: str, body: Any = None, **how: Any) -> Any:
        """The JSON that the server answers with."""
        content = self._request(method, path, body, **how).content
        try:
            return msgspec.json.decode(content)
        except msgspec.DecodeError:
            raise QatynasError(self.url, f"{path} answers no JSON", "name the address of a Label Studio") from None

    def _request(  # noqa: PLR0913
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        repeatable: bool = True,
        timeout: float = 60.0,
        accept: Collection[int] = (),
    ) -> httpx.Response:
        """The answer to a request, repeated after a fault where that cannot do its work twice."""
        content = None if body is None else msgspec.json.encode(body)
        for pause in (*_PAUSES, None):
            answer, fault, done = self._try(method, path, content, timeout)
            if answer is not None and (answer.is_success or answer.status_code in accept):
                return answer
            if answer is not None and answer.status_code not in _BUSY | _BROKEN:
                raise self._explain(answer, path)
            if done and not repeatable:
                raise UnsureError(self.url, fault, "run the same command again")
            if pause is None:
                raise QatynasError(self.url, fault, "start it with `qatynas studio serve`, or see its log")
            time.sleep(_ask_pause(answer, pause))
        raise AssertionError  # the last pause is None

    def _try(
        self, method: str, path: str, content: bytes | None, timeout: float
    ) -> tuple[httpx.Response | None, str, bool]:
        """An answer, if one came; what is wrong; and whether the server may have done what it was asked."""
        try:
            answer = self._ask(method, path, content, timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return None, "cannot be reached", False
        except httpx.TimeoutException:
            # it may be at work still: whoever asks again now makes duplicates
            cure = "wait until it is idle, and run the same command again"
            raise QatynasError(self.url, f"did not answer {path} in {timeout:.0f} s", cure) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            return None, f"broke off while it answered {path}", True
        return answer, f"answers {path} with {answer.status_code}", answer.status_code not in _BUSY

    def _ask(self, method: str, path: str, content: bytes | None, timeout: float) -> httpx.Response:
        for _ in range(2):
            renewed = not self._authorization
            if renewed:
                self._authorization = self._exchange_token()
            headers = {"Authorization": self._authorization, "Content-Type": "application/json"}
            limits = httpx.Timeout(timeout, connect=10)
            answer = self._http.request(method, path, content=content, headers=headers, timeout=limits)
            if answer.status_code != 401 or renewed or self._authorization.startswith("Token"):
                break
            self._authorization = ""  # an access token lasts some minutes
        return answer

    def _exchange_token(self) -> str:
        """The header that a personal access token is exchanged for."""
        answer = self._http.post("/api/token/refresh/", json={"refresh": self._token})
        if answer.status_code in _BUSY | _BROKEN:
            raise httpx.ConnectError("busy")  # nothing was asked yet
        try:
            return f"Bearer {answer.raise_for_status().json()['access']}"
        except (httpx.HTTPStatusError, ValueError, KeyError, TypeError):
            raise self._refuse_token() from None

    def _explain(self, answer: httpx.Response, path: str) -> QatynasError:
        if answer.status_code == 401:
            return self._refuse_token()
        if answer.is_redirect:
            target = urlsplit(answer.headers.get("location", ""))
            return QatynasError(self.url, f"leads on to {target.scheme}://{target.netloc}", "name that address")
        said = " ".join(answer.text.split())[:300].replace(self._token, "…")
        if "json" not in answer.headers.get("content-type", ""):
            said = "no Label Studio"
        return QatynasError(self.url, f"answers {path} with {answer.status_code}", said, "mend what it names")

    def _refuse_token(self) -> QatynasError:
        return QatynasError(self.url, "does not accept the token", "copy a valid one from Account & Settings")


def _check_url(url: str) -> str:
    """The address without what follows it."""
    cure = "give it as http://127.0.0.1:8080"
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise QatynasError("the server's address", "is none", cure) from None
    if parts.username or parts.password:
        raise QatynasError("the server's address", "has a name or a password in it", cure)
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise QatynasError(f"the server's address {url!r}", "is none", cure)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _ask_pause(answer: httpx.Response | None, pause: float) -> float:
    """The seconds to wait: what the server asks for, within reason."""
    asked = answer.headers.get("retry-after", "") if answer is not None else ""
    return min(float(asked), _LONGEST_PAUSE) if asked.isdecimal() else pause
