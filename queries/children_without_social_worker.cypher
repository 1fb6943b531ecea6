// Which looked-after children have no social worker on record, on a given day?
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// $on         the day to look at
// => child, looked_after_since, last_social_worker_left

MATCH (authority:LocalAuthority {id: $authority})-[care:LOOKS_AFTER]->(child:Child)
WHERE care.start <= $on AND (care.end IS NULL OR $on < care.end) AND NOT coalesce(care.legal_status, '') IN ['V3', 'V4']
  AND NOT EXISTS {
    MATCH (child)<-[worker:INVOLVED_WITH {role: 'social_worker'}]-()
    WHERE worker.start <= $on AND (worker.end IS NULL OR $on < worker.end)
  }
OPTIONAL MATCH (child)<-[earlier:INVOLVED_WITH {role: 'social_worker'}]-()
WHERE earlier.end <= $on
RETURN child.id AS child, min(care.start) AS looked_after_since, max(earlier.end) AS last_social_worker_left
ORDER BY child
LIMIT 1000
