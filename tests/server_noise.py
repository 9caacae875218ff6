"""What a Label Studio server and its web interface add to tasks, and take from them, as was measured."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import msgspec

from qatynas.readings import hash_annotations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qatynas.label_studio import Task

Json = dict[str, Any]


def push(tasks: Iterable[Task]) -> list[Json]:
    """The tasks as a server holds them after a push, without noise."""
    held = []
    for number, task in enumerate(tasks, 1):
        row: Json = msgspec.to_builtins(task)
        for place, annotation in enumerate(row["annotations"]):
            annotation["id"] = 100 * number + place
        held.append({"id": number, **row, "meta": {**row["meta"], "qatynas": hash_annotations(task.annotations)}})
    return held


def export(held: Iterable[Json], seed: int = 0) -> bytes:
    """A snapshot of what a server holds, with every kind of noise."""
    chance = random.Random(seed)  # noqa: S311
    rows = [_add_noise(json.loads(json.dumps(task)), chance) for task in held]
    chance.shuffle(rows)
    return json.dumps(rows, ensure_ascii=chance.random() < 0.5).encode()


def _add_noise(task: Json, chance: random.Random) -> Json:
    when = "2026-01-01T00:00:00.000000Z"
    task |= {"inner_id": task["id"], "created_at": when, "updated_at": when, "project": 1, "drafts": []}
    task |= {"predictions": [], "total_annotations": 2, "comment_authors": [], "file_upload": None}
    for number, annotation in enumerate(task["annotations"], 100 * task["id"]):
        user = annotation["completed_by"]
        if isinstance(user, dict):
            user |= {"id": number, "first_name": "", "last_name": ""}
        annotation |= {"created_at": when, "updated_at": when, "lead_time": 1.5, "prediction": {}}
        annotation |= {"result_count": 0, "unique_id": f"{chance.random()}", "import_id": None, "last_action": None}
        annotation["result"] = _save_rows(annotation["result"], chance)
    return task


def _save_rows(rows: list[Json], chance: random.Random) -> list[Json]:
    """The rows as the web interface saves them: by region in another order, with what it copies and leaves out."""
    regions = [row["id"] for row in rows if row.get("type") == "labels"]
    chance.shuffle(regions)
    rank = {region: place for place, region in enumerate(regions)}
    saved = sorted(rows, key=lambda row: rank.get(row.get("id", ""), len(rank)))
    for row in saved:
        if row.get("type") == "relation":
            if row.get("direction") == "right" and chance.random() < 0.5:
                row["from_id"], row["to_id"], row["direction"] = row["to_id"], row["from_id"], "left"
            continue
        row |= {"origin": "manual", "meta": {"text": ["note"]}}
        value = row["value"]
        if row.get("type") == "labels" and chance.random() < 0.5:
            value.pop("text", None)
        elif row.get("type") == "textarea" and len(value["text"]) == 1 and chance.random() < 0.5:
            value["text"] = value["text"][0]
        elif row.get("type") == "number":
            value["number"] = float(value["number"]) if abs(value["number"]) < 2**53 else value["number"]
    return saved
