// Which reviews and health assessments of looked-after children fall due between two days?
//
// Reckoned from the last on record: reviews 3 months after the first of a period of care and 6 months after any
// other, health assessments 6 months after the last before the fifth birthday and else 12. The first of each, due
// within 20 working days of the start of care, is in the findings: Cypher knows no bank holidays. What is overdue
// already is in the findings too.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// $from       the first day, and the day the child is looked after
// $to         the first day no longer counted
// => child, what, last_on, due_on

MATCH (:LocalAuthority {id: $authority})-[care:LOOKS_AFTER]->(child:Child)
WHERE care.start <= $from AND NOT coalesce(care.legal_status, '') IN ['V3', 'V4']
WITH child, max(CASE WHEN care.start_reason = 'S' THEN care.start END) AS began, min(care.start) AS earliest,
     collect(care) AS rows
WHERE any(row IN rows WHERE row.end IS NULL OR $from < row.end) AND NOT EXISTS {
    MATCH (child)-[stay:PLACED_AT]->()
    WHERE stay.place_type IN ['A3', 'A4', 'A5', 'A6']
      AND stay.start <= $from AND (stay.end IS NULL OR $from < stay.end)
  }
WITH child, coalesce(began, earliest) AS began
MATCH (child)<-[:ABOUT]-(done:Meeting|Assessment)
WHERE done.on < $from AND coalesce(done.status, 'held') = 'held'
  AND (done.kind = 'review' AND began <= done.on
       OR done.kind IN ['initial health assessment', 'review health assessment']
       AND began - duration({months: 3}) <= done.on)
WITH child, began, CASE done.kind WHEN 'review' THEN 'review' ELSE 'health assessment' END AS what,
     count(DISTINCT done.on) AS times, max(done.on) AS last_on
WITH child, what, last_on,
     CASE WHEN what = 'review' AND times = 1 AND last_on <= began + duration({months: 3})
               THEN last_on + duration({months: 3})
          WHEN what = 'review' THEN last_on + duration({months: 6})
          WHEN last_on + duration({months: 6}) < child.born + duration({years: 5}) THEN last_on + duration({months: 6})
          ELSE last_on + duration({months: 12}) END AS due_on
WHERE $from <= due_on AND due_on < $to
RETURN child.id AS child, what, last_on, due_on
ORDER BY due_on, child, what
LIMIT 1000
