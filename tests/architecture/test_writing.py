"""How things are written: one clock, statuses along their edges, tasks that take ids, protection beside every model."""

from __future__ import annotations

import ast
import inspect
import typing
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps

from caremgmt.local.environment import PROJECT
from core.protection import Open, Rows, tables
from core.workflow import workflows
from tests.architecture.source import FLOORS, place, python_files, tree

WATCHES = {"timezone.now", "datetime.now", "dt.datetime.now", "datetime.datetime.now", "datetime.utcnow", "dt.datetime.utcnow",
           "date.today", "dt.date.today", "datetime.date.today", "datetime.today", "timezone.localdate", "timezone.localtime"}  # fmt: skip
# A session is as old as it is, whatever the demo's clock says.
CLOCK_IS_READ_IN = ("core/clock.py", "core/sessions.py", "caremgmt/local/")

# Who may write `.status`, and how often: the engine along an edge, and a few verbs whose edge is named in the line itself
# (`CASE.edge(…)`), or the jobs of an export, which has no workflow.
STATUS_IS_WRITTEN_IN = {
    "cases/services/transfers/taking.py": {"_lock_earlier", "_open_successor", "_take_over"},
    "cases/services/joint/ending.py": {"end_with_case"},
    "core/engine.py": {"change"},
    "cases/services/case.py": {"begin_if_assessed", "case_plan"},
    "cases/services/danger.py": {"go_on"},
    "cases/services/followups.py": {"_move"},
    "hotline/services/contact.py": {"contact_log"},
    "reports/exports/job.py": {"_claim", "export_cancel"},
    "referrals/conferences/services/confirming.py": {
        "_unanswered_end",
        "item_close",
    },  # what nobody answered, the last item
}


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_only_the_clock_reads_the_clock() -> None:
    wrong = []
    for _room, path in python_files():
        if str(path.relative_to(PROJECT)).startswith(CLOCK_IS_READ_IN):
            continue
        calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and _dotted(node.func) in WATCHES]
        wrong += [f"{place(path, node)} {_dotted(node.func)}" for node in calls]
    assert wrong == [], "\n".join(wrong)


def _targets(target: ast.expr) -> list[ast.expr]:
    """The single targets of `a = …`, `a, b = …`."""
    if isinstance(target, ast.Tuple | ast.List):
        return [one for element in target.elts for one in _targets(element)]
    return [target]


def _writes_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        targets = [one for target in node.targets for one in _targets(target)]
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets = [node.target]
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"update", "bulk_update", "update_or_create"}:
            return any(keyword.arg == "status" for keyword in node.keywords)
        named = isinstance(node.func, ast.Name) and node.func.id == "setattr" and len(node.args) > 1
        return named and isinstance(node.args[1], ast.Constant) and node.args[1].value == "status"
    else:
        return False
    return any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets)


def _status_writers(path: Path) -> set[str]:
    """Names of the outermost functions of a file that write a status."""
    found = set()
    for outer in tree(path).body:
        for node in ast.walk(outer):
            if _writes_status(node):
                found.add(getattr(outer, "name", "module"))
    return found


def test_statuses_are_written_by_the_engine_and_a_few_named_verbs_only() -> None:
    found = {}
    for _room, path in python_files():
        where = str(path.relative_to(PROJECT))
        writers = _status_writers(path)
        if writers and "/local/" not in where and "/demo/" not in where:
            found[where] = writers
    assert found == STATUS_IS_WRITTEN_IN  # equal, so that a permission that nobody uses any more goes too


def test_every_status_with_edges_has_a_law_for_each() -> None:
    for workflow in workflows():
        assert workflow.initial
        assert all(edge.law for edge in workflow.edges), workflow.table


@pytest.mark.parametrize("table", [workflow.table for workflow in workflows()])
def test_a_workflow_knows_every_status_of_its_model(table: str) -> None:
    workflow = next(w for w in workflows() if w.table == table)
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    declared = {value for value, _ in model._meta.get_field(workflow.column).choices or []}
    used = set(workflow.initial) | {status for edge in workflow.edges for status in (*edge.source, edge.target)}
    assert used <= declared


def test_every_model_declares_its_protection() -> None:
    declared = tables()  # raises LookupError for a model that says nothing
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in FLOORS:
            assert isinstance(declared[model._meta.db_table].protection, Rows | Open), model._meta.label


def test_history_is_held_as_its_original() -> None:
    declared = tables()
    histories = [model for model in apps.get_models() if getattr(model, "instance_type", None)]
    assert histories
    for model in histories:
        assert declared[model._meta.db_table].protection == declared[model.instance_type._meta.db_table].protection


def _own_tasks() -> list[typing.Any]:
    from caremgmt.celery import app

    app.loader.import_default_modules()
    for config in apps.get_app_configs():
        if config.name in FLOORS and (Path(config.path) / "tasks.py").exists():
            __import__(f"{config.name}.tasks")
    return [task for name, task in current_app.tasks.items() if name.split(".")[0] in FLOORS]


def test_tasks_take_ids_only() -> None:
    tasks = _own_tasks()
    assert tasks
    for task in tasks:
        for name, parameter in inspect.signature(task.run).parameters.items():
            assert name.endswith("_id"), f"{task.name}({name})"
            assert str(parameter.annotation) in {"str", "<class 'str'>"}, f"{task.name}({name}: {parameter.annotation})"


def test_beat_calls_only_tasks_that_exist() -> None:
    from django.conf import settings

    names = {task.name for task in _own_tasks()}
    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert wanted <= names, wanted - names


def test_no_verb_is_sent_with_a_broker_appointment() -> None:
    wrong = []
    for _room, path in python_files():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"apply_async", "signature", "s"}
            ):
                wrong += [place(path, node) for keyword in node.keywords if keyword.arg in {"eta", "countdown"}]
    assert wrong == [], "\n".join(wrong)


def _is_verb(function: ast.FunctionDef) -> bool:
    """Whether a function hands a write to the engine."""
    return any(
        isinstance(node, ast.Call) and _dotted(node.func) in {"engine.change", "engine.create"}
        for node in ast.walk(function)
    )


def test_verbs_are_keyword_only_and_typed() -> None:
    wrong, seen = [], 0
    for _room, path in python_files():
        for node in tree(path).body:
            if (
                not isinstance(node, ast.FunctionDef)
                or node.name.startswith("_")
                or path.name == "common.py"
                or not _is_verb(node)
            ):
                continue
            seen += 1
            names = [argument.arg for argument in node.args.args]
            if names and not (
                len(names) == 1 and names[0].endswith("_id")
            ):  # a job hands over the one id that it was given
                wrong.append(f"{place(path, node)} {node.name}: takes positional arguments")
            if any(argument.annotation is None for argument in node.args.kwonlyargs) or node.returns is None:
                wrong.append(f"{place(path, node)} {node.name}: something without a type")
    assert seen > 20
    assert wrong == [], "\n".join(wrong)
