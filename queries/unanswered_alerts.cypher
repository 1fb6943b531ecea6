// From which kind of agency to which did alerts go without an answer, between two days?
//
// Each direction is a line of its own: what goes one way may be answered less than what comes back.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// $from       the first day
// $to         the first day no longer counted
// => raised_by, sent_to, alerts, answered, escalated, no_answer, children

MATCH (child:Child {authority: $authority})<-[:ABOUT]-(alert:Alert)
WHERE $from <= alert.raised AND alert.raised < $to
WITH child, alert,
     [(alert)-[:BY]->(who) | coalesce(who.kind, head([
       (who)-[works:WORKS_FOR]->(agency)
       WHERE coalesce(works.start <= alert.raised, true) AND coalesce(alert.raised < works.end, true) | agency.kind
     ]))] AS by_kinds,
     [(alert)-[:TO]->(who) | coalesce(who.kind, head([
       (who)-[works:WORKS_FOR]->(agency)
       WHERE coalesce(works.start <= alert.raised, true) AND coalesce(alert.raised < works.end, true) | agency.kind
     ]))] AS to_kinds
WITH child, alert, coalesce(head(by_kinds), 'not on record') AS raised_by,
     coalesce(head(to_kinds), 'not on record') AS sent_to
RETURN raised_by, sent_to, count(alert) AS alerts, count(alert.answered_on) AS answered,
       count(alert.escalated_on) AS escalated,
       sum(CASE WHEN alert.answered_on IS NULL AND alert.escalated_on IS NULL THEN 1 ELSE 0 END) AS no_answer,
       count(DISTINCT child) AS children
ORDER BY raised_by, sent_to
