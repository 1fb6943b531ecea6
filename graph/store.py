"""The one module that opens a driver: connect, write rows, read a child, read everything.

Values travel as parameters; labels, types and property names come from `graph.model`, never from data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import neo4j
import neo4j.time
from neo4j import exceptions

from graph import around
from graph.errors import TeamaroundError
from graph.model import (
    LINK_TYPES,
    Adjoins,
    Kept,
    Kind,
    LocalAuthority,
    Node,
    by_label,
    by_type,
    constraints,
    indexes,
    label,
)
from graph.records import Coverage, Records
from graph.server import Connection

Row = dict[str, Any]

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
BATCH = 5_000
PART = 1_000_000  # bytes of one property
PARTS_AT_ONCE = 16
CHILDREN_AT_ONCE = 200
READ_SECONDS = 60.0
# What may differ between two graphs of the same records: random names, times of loading, analyses.
NOT_IN_DIGEST = ("ref", "loaded_at")

_ENDS = {"from": "a.id", "to": "b.id", "start": around.LABEL.format("a"), "end": around.LABEL.format("b")}
_LABELLED = ", ".join(f"{said} AS {name}" for name, said in _ENDS.items())
_MAPPED = ", ".join(f"{name}: {said}" for name, said in _ENDS.items())


class Store:
    """The working graph. Reading runs in READ transactions with a time limit; values are always parameters."""

    def __init__(self, driver: neo4j.Driver, database: str | None = None) -> None:
        self._driver = driver
        self._database = database
        # In a cluster what was written must be there to be read, whichever member answers.
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()

    @classmethod
    @contextmanager
    def open(cls, connection: Connection) -> Iterator[Store]:
        """Connect, make sure that constraints, indexes and authorities are there, and close at the end.

        Raises TeamaroundError where nothing answers or the password is wrong.
        """
        with cls.connect(connection) as driver:
            store = cls(driver, connection.database)
            store.prepare()
            yield store

    @staticmethod
    def connect(connection: Connection) -> neo4j.Driver:
        """A driver that has been answered, for those who close it themselves."""
        _check_address(connection.uri)
        with plain_errors():
            driver = neo4j.GraphDatabase.driver(
                connection.uri,
                auth=(connection.user, connection.password),
                max_transaction_retry_time=10,
                connection_acquisition_timeout=20,
                user_agent="teamaround",
                telemetry_disabled=True,
                # What a query finds missing is no news to a person; nor may a log hold its values.
                notifications_min_severity="OFF",
            )
            try:
                driver.verify_connectivity()
            except BaseException:
                driver.close()
                raise
            return driver

    # --- asking ---

    def read(
        self, cypher: str, parameters: Mapping[str, Any] | None = None, seconds: float = READ_SECONDS
    ) -> list[Row]:
        """Rows of a query in a READ transaction that is given up after so many seconds; dates as `date`."""
        with plain_errors(), self._session(neo4j.READ_ACCESS) as session:
            query = neo4j.unit_of_work(timeout=seconds)(_rows)
            return session.execute_read(query, cypher, dict(parameters or {}))

    def columns(self, cypher: str, parameters: Mapping[str, Any]) -> list[str]:
        """The columns a query gives, without running it."""
        with plain_errors(), self._session(neo4j.READ_ACCESS) as session:
            result = session.run("EXPLAIN " + cypher, dict(parameters))
            return list(result.keys())

    def write(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Rows of a query that writes, in one transaction of its own, tried again while the server restarts."""
        with plain_errors(), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(_rows, cypher, dict(parameters or {}))

    def _session(self, mode: str) -> neo4j.Session:
        return self._driver.session(database=self._database, default_access_mode=mode, bookmark_manager=self._bookmarks)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One writer at a time, on whichever machine; others wait.

        An open transaction holds the lock, so that a process that dies lets go of it; it leaves nothing behind.
        """
        with plain_errors(), self._session(neo4j.WRITE_ACCESS) as session, session.begin_transaction() as tx:
            tx.run("MERGE (:Load {id: 'one at a time'})").consume()
            yield
            tx.rollback()

    # --- making ready ---

    def prepare(self) -> None:
        """Constraints, indexes and the authorities of the reference data; any number of times."""
        with plain_errors(), self._session(neo4j.WRITE_ACCESS) as session:
            # Even to find it there already, making one waits for every writer.
            for kind, wanted in (("CONSTRAINTS", constraints()), ("INDEXES", indexes())):
                there = {row["name"] for row in session.run(f"SHOW {kind} YIELD name").data()}
                for cypher in wanted:
                    if cypher.split()[2] not in there:
                        session.run(cypher).consume()
        self._write_authorities()

    def _write_authorities(self) -> None:
        from graph import reference

        authorities = reference.authorities()
        nodes = [
            {
                "id": a.code,
                "values": {
                    "code": a.code, "old_codes": list(a.old_codes), "name": a.name, "region": a.region,
                    "nation": a.nation, "start": a.start, "end": a.end, "sources": ["reference"],
                },
            }
            for a in authorities.values()
        ]  # fmt: skip
        if {r["id"] for r in self.read("MATCH (n:LocalAuthority) RETURN n.id AS id")} >= {n["id"] for n in nodes}:
            return
        self.write_nodes(LocalAuthority, nodes)
        borders = [
            {"id": f"{a}|{b}", "from": a, "to": b, "values": {"sources": ["reference"]}}
            for a in authorities
            for b in reference.neighbours(a)
            if a < b
        ]
        self.write_relationships(Adjoins.type, "LocalAuthority", "LocalAuthority", borders)

    # --- writing rows ---

    def write_nodes(self, kind: type[Node], rows: Sequence[Row]) -> None:
        """Nodes by id; rows of `id` and `values`, which replace all that was there."""
        extra = "FOREACH (_ IN CASE WHEN n.kind = 'school' THEN [1] ELSE [] END | SET n:School)"
        cypher = f"UNWIND $rows AS row MERGE (n:{label(kind)} {{id: row.id}}) SET n = row.values, n.id = row.id " + (
            extra if label(kind) == "Agency" else ""
        )
        self._in_batches(cypher, rows)

    def write_relationships(self, type: str, start: str, end: str, rows: Sequence[Row], *, moved: bool = False) -> None:
        """Relationships by id between two labels; rows of `id`, `from`, `to` and `values`, which replace all.

        moved: they stand between other ends, and leave those in the same transaction.
        """
        leave = f"OPTIONAL MATCH ()-[old:{type} {{id: row.id}}]->() DELETE old WITH row " if moved else ""
        cypher = (
            f"UNWIND $rows AS row {leave}MATCH (a:{start} {{id: row.from}}) MATCH (b:{end} {{id: row.to}}) "
            f"MERGE (a)-[r:{type} {{id: row.id}}]->(b) SET r = row.values, r.id = row.id"
        )
        self._in_batches(cypher, rows)

    def delete_nodes(self, kind: type[Node], ids: Sequence[str]) -> None:
        """Delete nodes by id, with what hangs on them."""
        self._in_batches(f"UNWIND $rows AS id MATCH (n:{label(kind)} {{id: id}}) DETACH DELETE n", ids)

    def delete_relationships(self, type: str, ids: Sequence[str]) -> None:
        """Delete relationships by id."""
        self._in_batches(f"UNWIND $rows AS id MATCH ()-[r:{type} {{id: id}}]->() DELETE r", ids)

    def _in_batches(self, cypher: str, rows: Sequence[Any]) -> None:
        if not rows:
            return
        with plain_errors(), self._session(neo4j.WRITE_ACCESS) as session:
            for at in range(0, len(rows), BATCH):
                session.execute_write(_done, cypher, {"rows": rows[at : at + BATCH]})

    # --- what a load keeps of its extract ---

    def keep(self, load: str, packed: Mapping[str, bytes]) -> None:
        """Keep the packed tables of a load's extract, in parts of a megabyte."""
        rows = [
            {"id": f"{load}/{table}/{n}", "values": {"load": load, "table": table, "part": n, "packed": part}}
            for table, whole in packed.items()
            for n, part in enumerate(whole[at : at + PART] for at in range(0, len(whole), PART))
        ]
        for at in range(0, len(rows), PARTS_AT_ONCE):
            self.write_nodes(Kept, rows[at : at + PARTS_AT_ONCE])

    def kept(self, loads: Sequence[str], tables: Sequence[str] | None = None) -> dict[str, dict[str, bytes]]:
        """By load and table (these, or all where None), what `keep` kept."""
        cypher = (
            "MATCH (k:Kept) WHERE k.load IN $loads AND ($tables IS NULL OR k.table IN $tables) "
            "RETURN k.load AS load, k.table AS table, k.packed AS packed ORDER BY load, table, k.part"
        )
        found: dict[str, dict[str, bytes]] = {}
        for r in self.read(cypher, {"loads": list(loads), "tables": tables and list(tables)}, seconds=600):
            of_load = found.setdefault(r["load"], {})
            of_load[r["table"]] = of_load.get(r["table"], b"") + r["packed"]
        return found

    def forget(self, loads: Sequence[str]) -> None:
        """Delete what these loads kept."""
        rows = self.read("MATCH (k:Kept) WHERE k.load IN $loads RETURN k.id AS id", {"loads": list(loads)})
        self.delete_nodes(Kept, [r["id"] for r in rows])

    # --- what stands there ---

    def stored_nodes(self, kind: type[Node], ids: Sequence[str] | None) -> dict[str, Row]:
        """Properties of the nodes with these ids that exist; of all of the kind (not many), where None."""
        each = "" if ids is None else "UNWIND $ids AS id "
        which = f"MATCH (n:{label(kind)}" + (")" if ids is None else " {id: id})")
        return {r["id"]: r for r in self._collected(f"{each}{which}", "properties(n)", ids)}

    def stored_relationships(self, type: str, ids: Sequence[str] | None) -> dict[str, Row]:
        """`from`, `to`, their labels `start`, `end`, and `values` of the relationships with these ids that exist.

        Of all of the type (not many), where `ids` is None.
        """
        each = "" if ids is None else "UNWIND $ids AS id "
        which = f"MATCH (a)-[r:{type}" + ("]->(b)" if ids is None else " {id: id}]->(b)")
        what = f"{{id: r.id, {_MAPPED}, values: properties(r)}}"
        return {r["id"]: r for r in self._collected(f"{each}{which}", what, ids)}

    def _collected(self, match: str, what: str, ids: Sequence[str] | None) -> Iterator[Row]:
        """What a match finds, a list at a time: thousands of rows one by one cost more than what is in them."""
        cypher = f"{match} RETURN collect({what}) AS found"
        for some in [None] if ids is None else [ids[at : at + BATCH] for at in range(0, len(ids), BATCH)]:
            yield from self.read(cypher, {"ids": some})[0]["found"]

    def disputed(self, kind: Kind) -> Iterator[Row]:
        """Properties of the records of a kind about which loads differ; of a relationship also `from` and `to`."""
        if issubclass(kind, Node):
            cypher = f"MATCH (n:{label(kind)}) WHERE n.claims IS NOT NULL RETURN properties(n) AS values"
            yield from (r["values"] for r in self.read(cypher, seconds=600))
            return
        which = f"MATCH (a)-[r:{kind.type}]->(b) WHERE r.claims IS NOT NULL"
        cypher = f"{which} RETURN {_LABELLED}, properties(r) AS values"
        for r in self.read(cypher, seconds=600):
            yield {**r["values"], "from": f"{r['start']}:{r['from']}", "to": f"{r['end']}:{r['to']}"}

    def counts(self) -> dict[str, int]:
        """How many nodes of each label and relationships of each type there are: answered from the count store."""
        types = (*by_type(), *LINK_TYPES)
        each = [f"MATCH (n:{k}) RETURN '{k}' AS name, count(n) AS n" for k in by_label()]
        each += [f"MATCH ()-[r:{t}]->() RETURN '{t}' AS name, count(r) AS n" for t in types]
        none = dict.fromkeys((*by_label(), *types), 0)  # of what there is none of, a count by name gives no row
        return none | {r["name"]: r["n"] for r in self.read(" UNION ALL ".join(each))}

    def supported_by(self, kind: type[Node] | str, loads: Sequence[str]) -> dict[str, Row]:
        """Nodes of a kind, or relationships of a type, that stand on a line of one of these loads."""
        on = "any(s IN {}.sources WHERE split(s, ':')[0] IN $loads)"
        if isinstance(kind, str):
            cypher = (
                f"MATCH (a)-[r:{kind}]->(b) WHERE {on.format('r')} "
                f"RETURN r.id AS id, {_LABELLED}, properties(r) AS values"
            )
        else:
            cypher = f"MATCH (n:{label(kind)}) WHERE {on.format('n')} RETURN n.id AS id, properties(n) AS values"
        return {r["id"]: r for r in self.read(cypher, {"loads": list(loads)}, seconds=600)}

    # --- reading children ---

    def child_ids(self, authority: str | None = None) -> list[str]:
        """Ids of an authority's children (of all, where None), in order."""
        cypher = "MATCH (c:Child) WHERE $authority IS NULL OR c.authority = $authority RETURN c.id AS id ORDER BY id"
        return [r["id"] for r in self.read(cypher, {"authority": authority})]

    def child_id(self, ref: str) -> str | None:
        """The id of the child whose random name for URLs this is."""
        found = self.read("MATCH (c:Child {ref: $ref}) RETURN c.id AS id", {"ref": ref})
        return found[0]["id"] if found else None

    def find_child(self, text: str) -> str:
        """The id of a child from what a person types: the id, the authority's own number, or the random name.

        A number the child had before will do where it is nobody's now. Raises TeamaroundError where there is
        none, or the number is that of children of two authorities.
        """
        now = "c.id = $text OR c.local_id = $text OR c.ref = $text"
        before = "any(a IN c.aliases WHERE a = $text OR c.authority + '/' + a = $text)"
        for which in (now, before):
            rows = self.read(f"MATCH (c:Child) WHERE {which} RETURN c.id AS id", {"text": text})
            found = sorted({r["id"] for r in rows})
            if len(found) > 1:
                codes = ", ".join(i.partition("/")[0] for i in found)
                several = f"Several authorities ({codes}) have a child of this number"
                raise TeamaroundError(f"{several}: put its code before it.")
            if found:
                return found[0]
        return self.child_records(text).child.id

    def loads(self, authority: str | None = None) -> list[Row]:
        """Properties of every load of an authority (of all, where None)."""
        cypher = (
            "MATCH (l:Load) WHERE $authority IS NULL OR l.authority = $authority "
            "RETURN properties(l) AS load ORDER BY l.id"
        )
        return [r["load"] for r in self.read(cypher, {"authority": authority})]

    def coverage(self, authority: str) -> tuple[Coverage, ...]:
        """What the finished loads of an authority cover, those that were replaced left out."""
        return tuple(
            _coverage(line)
            for load in self.loads(authority)
            if load.get("finished") and not load.get("superseded_by")
            for line in load.get("coverage", ())
        )

    def records(self, ids: Sequence[str]) -> Iterator[Records]:
        """The records of each of these children, in the order asked; one who does not exist is left out."""
        covered = _Covered(self)
        for at in range(0, len(ids), CHILDREN_AT_ONCE):
            chunk = list(ids[at : at + CHILDREN_AT_ONCE])
            with plain_errors(), self._session(neo4j.READ_ACCESS) as session:
                children, rows, beyond = session.execute_read(_READ_AROUND, chunk)
            yield from (around.records(children[i], rows[i], beyond, covered) for i in chunk if i in children)

    def child_records(self, id: str) -> Records:
        """The records of one child; raises TeamaroundError where there is no such child."""
        found = next(self.records([id]), None)
        if found is None:
            raise TeamaroundError(
                "There is no child with this number on record. "
                "Ask with the authority's own number, or with its code before it: E08000025/123."
            )
        return found

    # --- the whole graph ---

    def digest(self) -> str:
        """SHA-256 over every record but random names, times of loading, and analyses: equal graphs, equal digest.

        A load that was replaced is a record of what was done, not of what the graph says: it does not count, nor
        does what loads keep of their extracts.
        """
        sha = hashlib.sha256()
        kept = [k for k in by_label() if k not in ("Analysis", "Finding", "Judgement", "Kept")]
        for name in sorted(kept):
            cypher = f"MATCH (n:{name}) WHERE n.superseded_by IS NULL RETURN properties(n) AS p ORDER BY n.id"
            for r in self.read(cypher, seconds=600):
                sha.update(_line(name, r["p"]))
        for type in sorted((*by_type(), *LINK_TYPES)):
            cypher = (
                f"MATCH (a)-[r:{type}]->(b) WHERE NOT a:Finding "
                "RETURN properties(r) AS p, a.id AS a, b.id AS b ORDER BY r.id"
            )
            for r in self.read(cypher, seconds=600):
                sha.update(_line(type, {**r["p"], "from": r["a"], "to": r["b"]}))
        return sha.hexdigest()

    def clear(self) -> None:
        """Delete everything but the schema and the authorities: for tests and the demo's own graph."""
        with plain_errors(), self._session(neo4j.WRITE_ACCESS) as session:
            # Relationships first: a node that many point at would, with all of that, be too much for one transaction.
            session.run(
                "MATCH (a)-[r]->(b) WHERE NOT (a:LocalAuthority AND b:LocalAuthority) "
                "CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS"
            ).consume()
            session.run(
                "MATCH (n) WHERE NOT n:LocalAuthority CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS"
            ).consume()


class _Covered(dict[str, tuple[Coverage, ...]]):
    """Coverage by authority, asked for once."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def get(self, authority: str, default: Any = None) -> Any:
        if authority not in self:
            self[authority] = self._store.coverage(authority)
        return self[authority]


def _read_around(
    tx: neo4j.ManagedTransaction, ids: list[str]
) -> tuple[dict[str, Row], dict[str, list[Row]], dict[str, list[Row]]]:
    """In one transaction: the children, the rows around each, and what stands behind colleagues and agencies.

    A load may delete a record while it is read, of which half is seen then: the driver is told to try again.
    """

    def asked(cypher: str, **given: list[str]) -> list[Row]:
        try:
            rows = [dict(record.items()) for record in tx.run(cypher, given)]
        except exceptions.ClientError as error:
            if not (error.code or "").endswith("EntityNotFound"):
                raise
            raise exceptions.TransientError from None
        if not all(map(around.is_whole, rows)):
            raise exceptions.TransientError
        return rows

    children = {r["child"]["values"]["id"]: r["child"] for r in asked(around.CHILDREN, ids=ids)}
    rows: dict[str, list[Row]] = {i: [] for i in ids}
    for r in asked(around.AROUND, ids=ids):
        rows[r["child"]].append(r)
    near = [r for of in rows.values() for r in of]
    works_for = asked(around.WORKS_FOR, professionals=around.professionals(near))
    agencies = sorted({*around.agencies(near), *around.agencies(works_for)})
    return children, rows, around.behind([*works_for, *asked(around.AGENCIES, agencies=agencies)])


_READ_AROUND = neo4j.unit_of_work(timeout=READ_SECONDS)(_read_around)


def _rows(tx: neo4j.ManagedTransaction, cypher: str, parameters: Row) -> list[Row]:
    return [{k: _native(v) for k, v in record.items()} for record in tx.run(cypher, parameters)]


def _done(tx: neo4j.ManagedTransaction, cypher: str, parameters: Row) -> None:
    tx.run(cypher, parameters).consume()


def _native(value: Any) -> Any:
    """Neo4j's dates as Python's, at any depth."""
    if isinstance(value, neo4j.time.Date):
        return value.to_native()
    if isinstance(value, dict):
        return {k: _native(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_native(v) for v in value]
    return value


def coverage_line(c: Coverage) -> str:
    """A coverage as a Load keeps it: `table|of|from|to|full`."""
    return f"{c.table}|{c.of or ''}|{c.start}|{c.end}|{'full' if c.full else 'partial'}"


def _coverage(line: str) -> Coverage:
    table, of, start, end, full = line.split("|")
    return Coverage(table, of or None, date.fromisoformat(start), date.fromisoformat(end), full == "full")


def _line(name: str, values: Row) -> bytes:
    kept = {k: v for k, v in values.items() if k not in NOT_IN_DIGEST}
    return json.dumps([name, kept], default=str, sort_keys=True, ensure_ascii=False).encode()


def _check_address(uri: str) -> None:
    """Raise TeamaroundError unless the address is one that the driver speaks Bolt to."""
    try:
        parts = urlsplit(uri)
        spoken = parts.scheme in SCHEMES and parts.hostname and parts.port != 0
    except ValueError:
        spoken = False
    if not spoken:
        raise TeamaroundError(
            "The address in TEAMAROUND_NEO4J_URI is not one Neo4j understands: "
            f"it begins with {', '.join(SCHEMES)} and names a host, as bolt://host:7687 does."
        )


# What the driver raises where the server is not there; its other errors are mistakes of ours, and are shown.
_GONE = (
    "Neo4j does not answer, or stopped answering. `teamaround db status` shows whether it runs. "
    "If this was a load, run the same command again: what was half written is mended then."
)
GONE = (exceptions.ServiceUnavailable, exceptions.SessionExpired, exceptions.ConnectionPoolError)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the driver raises into a sentence; no text of the server's, which may hold values, goes on."""
    try:
        yield
    except exceptions.AuthError:
        raise TeamaroundError(
            "Neo4j refused the user name or password. Check TEAMAROUND_NEO4J_USER and TEAMAROUND_NEO4J_PASSWORD."
        ) from None
    except GONE:
        raise TeamaroundError(_GONE) from None
    except exceptions.Neo4jError as error:
        if "DatabaseUnavailable" in (error.code or ""):  # it is on its way down, or not yet up
            raise TeamaroundError(_GONE) from None
        if "TransactionTimedOut" in (error.code or ""):
            raise TeamaroundError("The question took too long and was given up.") from None
        raise TeamaroundError(_of_server(error)) from None


def _of_server(error: exceptions.Neo4jError) -> str:
    """What the server says, without the values it may quote."""
    code = error.code or "unknown"
    if "MemoryPool" in code or "OutOfMemory" in code:
        return "Neo4j has not enough memory for this."
    if "AccessMode" in code:
        return "This only reads: a query that writes is refused."
    if "SyntaxError" in code or "ParameterMissing" in code or "TypeError" in code:
        return f"Neo4j did not understand the query ({code})."
    return f"Neo4j could not do this ({code}). `teamaround db status` shows whether it runs."
