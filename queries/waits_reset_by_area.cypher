// Into which areas did children move when a wait for a service began again, and how long had they waited?
//
// From the last analysis: referrals closed at a move before the first contact.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => moved_to, children, referrals, median_days_waited

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (child:Child)<-[:ABOUT]-(finding:Finding {analysis: analysis.id, rule: 'area.waiting_list_reset'})
WHERE finding.status = 'raised'
MATCH (finding)-[:EVIDENCED_BY]->(referral:Referral {id: split(finding.subject, ':')[1]})
MATCH (child)-[move:PLACED_AT]->(home:Placement)
WHERE 'PlacedAt:' + move.id IN finding.evidence
OPTIONAL MATCH (home)-[there:IN_AREA]->(area:LocalAuthority)
WHERE coalesce(there.start <= move.start, true) AND coalesce(move.start < there.end, true)
WITH coalesce(area.name, 'not on record') AS moved_to, child, referral,
     duration.inDays(coalesce(referral.clock_start, referral.made), referral.closed).days AS waited
RETURN moved_to, count(DISTINCT child) AS children, count(referral) AS referrals,
       toFloat(percentileCont(waited, 0.5)) AS median_days_waited
ORDER BY moved_to
