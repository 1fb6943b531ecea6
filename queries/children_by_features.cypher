// How many looked-after children show how many features of the complex cohort for certain?
//
// From the last analysis, and as at its day. Counts of children by number, never a list: the features are not a
// score, and how many there are says nothing of how grave they are.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => features, children, may_show_all

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (:LocalAuthority {id: $authority})-[care:LOOKS_AFTER]->(child:Child)
WHERE care.start <= analysis.as_at AND (care.end IS NULL OR analysis.as_at < care.end)
  AND NOT coalesce(care.legal_status, '') IN ['V3', 'V4']
WITH DISTINCT analysis, child
WITH child, COUNT {
    MATCH (child)<-[:ABOUT]-(finding:Finding {analysis: analysis.id, status: 'raised'})
    WHERE finding.rule IN ['cohort.f1', 'cohort.f2', 'cohort.f3', 'cohort.f4']
  } AS features, EXISTS {
    (child)<-[:ABOUT]-(:Finding {analysis: analysis.id, rule: 'cohort.matches', status: 'not assessable'})
  } AS possible
RETURN features, count(child) AS children, sum(CASE WHEN possible THEN 1 ELSE 0 END) AS may_show_all
ORDER BY features
