// What did the last analysis raise, and for how many children?
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => family, rule, children, findings

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (finding:Finding {analysis: analysis.id})-[:ABOUT]->(child:Child)
WHERE finding.status = 'raised'
RETURN finding.family AS family, finding.rule AS rule, count(DISTINCT child) AS children, count(finding) AS findings
ORDER BY family, rule
