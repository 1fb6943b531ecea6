// How do homes, areas and social workers compare between children of the complex cohort and all others looked after?
//
// From the last analysis, and as at its day: medians of homes and of authorities lived in over 24 months, and of social
// workers over 12. Temporary stays, and workers whom no source identifies, are left out.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => who, children, homes, authorities, social_workers

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (:LocalAuthority {id: $authority})-[care:LOOKS_AFTER]->(child:Child)
WHERE care.start <= analysis.as_at AND (care.end IS NULL OR analysis.as_at < care.end)
  AND NOT coalesce(care.legal_status, '') IN ['V3', 'V4']
WITH DISTINCT analysis, child
OPTIONAL MATCH (child)<-[:ABOUT]-(finding:Finding {analysis: analysis.id, rule: 'cohort.matches'})
OPTIONAL MATCH (child)-[stay:PLACED_AT]->(home:Placement)
WHERE stay.start <= analysis.as_at AND (stay.end IS NULL OR analysis.as_at - duration({months: 24}) < stay.end)
  AND NOT (coalesce(stay.temporary, false) OR coalesce(stay.place_type, '') STARTS WITH 'T')
OPTIONAL MATCH (home)-[:IN_AREA]->(area:LocalAuthority)
WITH analysis, child, finding.status AS status, count(DISTINCT home) AS homes, count(DISTINCT area) AS areas
OPTIONAL MATCH (child)<-[tie:INVOLVED_WITH {role: 'social_worker'}]-(worker:Professional)
WHERE tie.start <= analysis.as_at AND (tie.end IS NULL OR analysis.as_at - duration({months: 12}) < tie.end)
  AND coalesce(worker.identified, true)
WITH child, homes, areas, count(DISTINCT worker) AS workers,
     CASE status WHEN 'raised' THEN [1, 'in the cohort'] WHEN 'not assessable' THEN [2, 'may be in it']
                 ELSE [3, 'all others'] END AS which
WITH which, count(child) AS children, toFloat(percentileCont(homes, 0.5)) AS homes,
     toFloat(percentileCont(areas, 0.5)) AS authorities, toFloat(percentileCont(workers, 0.5)) AS social_workers
ORDER BY which[0]
RETURN which[1] AS who, children, homes, authorities, social_workers
