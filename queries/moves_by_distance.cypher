// How far, and across which boundary, did looked-after children move between two days?
//
// A move is to another home and another carer; temporary stays are left out. Miles are those of the return: in a
// straight line from the child's own home.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// $from       the first day
// $to         the first day no longer counted
// => moved_to, from_home, moves, children

MATCH (ours:LocalAuthority {id: $authority})-[care:LOOKS_AFTER]->(child:Child)
WHERE care.start < $to AND (care.end IS NULL OR $from < care.end)
  AND NOT coalesce(care.legal_status, '') IN ['V3', 'V4']
WITH DISTINCT ours, child
MATCH (child)-[row:PLACED_AT]->(home:Placement)
WHERE row.start < $to AND NOT (coalesce(row.temporary, false) OR coalesce(row.place_type, '') STARTS WITH 'T')
WITH ours, child, row, home ORDER BY row.start
WITH ours, child, collect({row: row, home: home}) AS stays
UNWIND range(1, size(stays) - 1) AS n
WITH ours, child, stays[n].row AS row, stays[n].home AS home, stays[n - 1].home AS left
WHERE $from <= row.start AND home <> left
  AND NOT coalesce(row.start_reason, '') IN ['S', 'L', 'T', 'U'] AND coalesce(row.carer_changed, true)
OPTIONAL MATCH (home)-[there:IN_AREA]->(area:LocalAuthority)
WHERE coalesce(there.start <= row.start, true) AND coalesce(row.start < there.end, true)
WITH child, row,
     CASE WHEN area IS NULL THEN 'not on record' WHEN area = ours THEN 'the authority'
          WHEN EXISTS { (ours)-[:ADJOINS]-(area) } THEN 'one that adjoins it' ELSE 'farther away' END AS moved_to,
     CASE WHEN row.miles IS NULL THEN 'not on record' WHEN row.miles > 20 THEN 'over 20 miles'
          ELSE '20 miles or less' END AS from_home
RETURN moved_to, from_home, count(row) AS moves, count(DISTINCT child) AS children
ORDER BY moved_to, from_home
