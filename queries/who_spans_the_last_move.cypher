// Who, if anyone, was there on both sides of each looked-after child's last move?
//
// A move is to another home and another carer; temporary stays are left out. Schools, and those who come with the
// home, are left out too: they change with it.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// $on         the day to look at
// $days       how many days before the move, and how many after it
// => child, moved_on, professional, role, since

MATCH (:LocalAuthority {id: $authority})-[care:LOOKS_AFTER]->(child:Child)
WHERE care.start <= $on AND (care.end IS NULL OR $on < care.end)
  AND NOT coalesce(care.legal_status, '') IN ['V3', 'V4']
WITH DISTINCT child
MATCH (child)-[row:PLACED_AT]->(home:Placement)
WHERE row.start <= $on AND NOT (coalesce(row.temporary, false) OR coalesce(row.place_type, '') STARTS WITH 'T')
WITH child, row, home ORDER BY row.start
WITH child, collect({row: row, home: home}) AS stays
UNWIND range(1, size(stays) - 1) AS n
WITH child, stays[n].row AS row, stays[n].home AS home, stays[n - 1].home AS left
WHERE home <> left AND NOT coalesce(row.start_reason, '') IN ['S', 'L', 'T', 'U'] AND coalesce(row.carer_changed, true)
WITH child, max(row.start) AS moved_on
WITH child, moved_on, moved_on - duration({days: $days}) AS early, moved_on + duration({days: $days}) AS late
WITH child, moved_on, early, CASE WHEN late < $on THEN late ELSE $on END AS late
OPTIONAL MATCH (child)<-[tie:INVOLVED_WITH]-(who:Professional)
WHERE tie.start <= early AND (tie.end IS NULL OR early < tie.end) AND coalesce(who.identified, true)
  AND NOT tie.role IN ['foster_carer', 'keyworker_residential', 'supervising_social_worker']
  AND NOT tie.role IN ['school', 'designated_teacher']
  AND EXISTS {
    MATCH (child)<-[later:INVOLVED_WITH]-(who)
    WHERE later.start <= late AND (later.end IS NULL OR late < later.end)
  }
RETURN child.id AS child, moved_on,
       CASE WHEN who IS NULL THEN 'no record of anyone'
            ELSE coalesce(who.name, who.registration, 'not named') END AS professional,
       tie.role AS role, tie.start AS since
ORDER BY child, since, role, professional
LIMIT 1000
