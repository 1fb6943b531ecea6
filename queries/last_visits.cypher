// How long is it since looked-after children were last visited, and for how many is a visit late or overdue?
//
// As at the day of the last analysis. Any visit on record counts here, whoever came; which are due from a social
// worker, and when, is for the finding `clocks.visit` to say.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => last_visit, children, late

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (:LocalAuthority {id: $authority})-[care:LOOKS_AFTER]->(child:Child)
WHERE care.start <= analysis.as_at AND (care.end IS NULL OR analysis.as_at < care.end)
  AND NOT coalesce(care.legal_status, '') IN ['V3', 'V4']
WITH DISTINCT analysis, child
OPTIONAL MATCH (child)<-[:ABOUT]-(visit:Meeting)
WHERE visit.kind IN ['visit', 'joint visit'] AND visit.on <= analysis.as_at AND coalesce(visit.status, 'held') = 'held'
WITH analysis, child, duration.inDays(max(visit.on), analysis.as_at).days AS days
WITH CASE WHEN days IS NULL THEN [5, 'no visit on record'] WHEN days < 28 THEN [1, 'less than 4 weeks']
          WHEN days <= 42 THEN [2, '4 to 6 weeks'] WHEN days <= 84 THEN [3, 'more than 6 weeks']
          ELSE [4, 'more than 12 weeks'] END AS band, child, EXISTS {
    (child)<-[:ABOUT]-(:Finding {analysis: analysis.id, rule: 'clocks.visit', status: 'raised'})
  } AS late
WITH band, count(child) AS children, sum(CASE WHEN late THEN 1 ELSE 0 END) AS late
ORDER BY band[0]
RETURN band[1] AS last_visit, children, late
