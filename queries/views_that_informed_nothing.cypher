// Which children's views are on record with no plan or decision that any of them informed, and who heard them?
//
// From the last analysis.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => child, views, first_on, last_on, how, heard_by

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (finding:Finding {analysis: analysis.id, rule: 'voice.without_effect', status: 'raised'})-[:ABOUT]->(child:Child)
MATCH (finding)-[:EVIDENCED_BY]->(view:View)
OPTIONAL MATCH (view)-[:HEARD_BY]->(who)-[tie:INVOLVED_WITH]->(child)
WHERE tie.start <= view.on AND (tie.end IS NULL OR view.on < tie.end)
WITH child, view, tie ORDER BY view.on, tie.role
RETURN child.id AS child, count(DISTINCT view) AS views, min(view.on) AS first_on, max(view.on) AS last_on,
       collect(DISTINCT view.medium) AS how, collect(DISTINCT tie.role) AS heard_by
ORDER BY child
LIMIT 1000
