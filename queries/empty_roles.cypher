// Which roles that someone must hold stood empty, for how many children, and for how many are they empty now?
//
// From the last analysis; now is the day of it. Role `carer` is a day in care with no placement on record.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => role, children, empty_now

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (finding:Finding {analysis: analysis.id, rule: 'continuity.role_gap', status: 'raised'})-[:ABOUT]->(child:Child)
WITH analysis, child, substring(finding.subject, size('role:')) AS role
WITH role, child, EXISTS {
    MATCH (child)-[spell:INVOLVED_WITH|PLACED_AT]-()
    WHERE (spell.role = role OR type(spell) = 'PLACED_AT' AND role = 'carer')
      AND spell.start <= analysis.as_at AND (spell.end IS NULL OR analysis.as_at < spell.end)
  } AS held, EXISTS {
    MATCH (child)<-[care:LOOKS_AFTER]-()
    WHERE care.start <= analysis.as_at AND (care.end IS NULL OR analysis.as_at < care.end)
  } OR EXISTS {
    MATCH (child)<-[:ABOUT]-(plan:Plan)
    WHERE plan.kind IN ['child protection', 'child in need']
      AND plan.start <= analysis.as_at AND (plan.end IS NULL OR analysis.as_at < plan.end)
  } AS asked
RETURN role, count(DISTINCT child) AS children,
       count(DISTINCT CASE WHEN asked AND NOT held THEN child END) AS empty_now
ORDER BY role
