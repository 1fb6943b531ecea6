// At which reviews was a plan of one kind in force, with no record that the review considered it?
//
// From the last analysis.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// $plan       one of care, permanence, placement, health, pep, pathway or safety
// => child, reviewed_on, plan_made_on

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (child:Child)<-[:ABOUT]-(finding:Finding {analysis: analysis.id, rule: 'silos.plan_not_considered'})
WHERE finding.status = 'raised'
MATCH (review:Meeting)<-[:EVIDENCED_BY]-(finding)-[:EVIDENCED_BY]->(plan:Plan {kind: $plan})
RETURN child.id AS child, review.on AS reviewed_on, coalesce(plan.made_on, plan.start) AS plan_made_on
ORDER BY child, reviewed_on, plan_made_on
LIMIT 1000
