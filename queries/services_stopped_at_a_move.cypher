// Which services stopped at a child's move, when did they begin again, and how many days did the child lose?
//
// From the last analysis. Days are days of the calendar (the finding itself counts working days for some services),
// and run to the day of the analysis where nothing began again.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => child, service, moved_on, stopped_on, resumed_on, days_lost

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (finding:Finding {analysis: analysis.id, rule: 'area.service_gap', status: 'raised'})-[:ABOUT]->(child:Child)
WITH analysis, finding, child, split(finding.subject, ':') AS subject
MATCH (child)-[move:PLACED_AT {id: subject[1]}]->()
MATCH (child)-[spell:INVOLVED_WITH|ATTENDS]-()
WHERE spell.id IN [named IN finding.evidence | split(named, ':')[1]]
WITH analysis, child, subject[2] AS service, move.start AS moved_on, min(spell.end) AS stopped_on,
     CASE WHEN count(spell) > 1 THEN max(spell.start) END AS resumed_on
RETURN child.id AS child, service, moved_on, stopped_on, resumed_on,
       duration.inDays(stopped_on, coalesce(resumed_on, analysis.as_at)).days AS days_lost
ORDER BY child, moved_on, service
LIMIT 1000
