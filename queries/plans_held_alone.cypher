// Which kinds of plan or assessment does one professional hold alone, and for which kind of agency do they work?
//
// From the last analysis. It counts agencies, not people; where someone works for none now, the last they worked for.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => held, agency, documents, children

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (finding:Finding {analysis: analysis.id, rule: 'silos.sole_holder', status: 'raised'})-[:ABOUT]->(child:Child)
MATCH (finding)-[:EVIDENCED_BY]->(held:Plan|Assessment)<-[has:HOLDS]-(who:Professional)
WHERE 'Holds:' + has.id IN finding.evidence
WITH analysis, child, held, who, head([
       (who)-[tie:INVOLVED_WITH]->(child)
       WHERE tie.start <= analysis.as_at AND (tie.end IS NULL OR analysis.as_at < tie.end) | tie.agency
     ]) AS spoke_for
OPTIONAL MATCH (named:Agency {id: spoke_for})
OPTIONAL MATCH (who)-[works:WORKS_FOR]->(employer:Agency)
WHERE coalesce(works.start <= analysis.as_at, true)
WITH child, held, named, employer ORDER BY coalesce(works.end, date('9999-12-31')) DESC, works.start DESC
WITH child, held, named.kind AS spoken_for, head(collect(employer.kind)) AS employed_by
WITH child, held, coalesce(spoken_for, employed_by, 'not on record') AS agency
RETURN held.kind + CASE WHEN held:Plan THEN ' plan' ELSE '' END AS held, agency,
       count(DISTINCT held) AS documents, count(DISTINCT child) AS children
ORDER BY held, agency
