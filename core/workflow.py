"""Transition tables: pure data. Statuses move along them only; a trigger in the database refuses any other move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Edge:
    """One verb's way from some statuses to another; `law` is the rule behind it. Who may take it and when: the guards of the verb."""

    verb: str
    source: tuple[str, ...]
    target: str
    law: str


@dataclass(frozen=True)
class Workflow:
    """The transition table of one status column."""

    table: str
    initial: tuple[str, ...]
    edges: tuple[Edge, ...]
    column: str = "status"

    def edge(self, verb: str, status: str) -> Edge:
        """The edge that `verb` takes from `status`. Raises DomainError("wrong_status") when there is none."""
        for edge in self.edges:
            if edge.verb == verb and status in edge.source:
                return edge
        raise DomainError("wrong_status", _("This is no longer possible: the status has changed meanwhile."))

    def allows(self, verb: str, status: str) -> bool:
        """Whether `verb` has an edge from `status` (for buttons)."""
        return any(edge.verb == verb and status in edge.source for edge in self.edges)

    def moves(self) -> set[tuple[str, str]]:
        """All (from, to) pairs."""
        return {(source, edge.target) for edge in self.edges for source in edge.source if source != edge.target}

    def trigger_sql(self) -> list[str]:
        """The trigger that holds this table to its edges."""
        pairs = ", ".join(f"('{a}', '{b}')" for a, b in sorted(self.moves())) or "('', '')"
        first = ", ".join(f"'{status}'" for status in self.initial)
        name = f"caremgmt_moves_{self.table}"
        return [
            f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.{self.column} NOT IN ({first}) AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no {self.table} begins as %', NEW.{self.column} USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.{self.column} IS DISTINCT FROM OLD.{self.column} AND (OLD.{self.column}, NEW.{self.column}) NOT IN ({pairs}) THEN
        RAISE EXCEPTION 'no way from % to % for {self.table}', OLD.{self.column}, NEW.{self.column} USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$""",
            f"DROP TRIGGER IF EXISTS {name} ON {self.table}",
            f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {self.column} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]


_workflows: dict[str, Workflow] = {}


def register(workflow: Workflow) -> Workflow:
    """Make a workflow known to the protection generator; one per table."""
    if workflow.table in _workflows:
        raise ValueError(f"{workflow.table} has a workflow already")
    _workflows[workflow.table] = workflow
    return workflow


def workflows() -> Iterable[Workflow]:
    """All registered workflows by table name."""
    return [_workflows[table] for table in sorted(_workflows)]
