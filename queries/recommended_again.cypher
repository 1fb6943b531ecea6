// What do reviews keep recommending, with no record that it began, and for how many children?
//
// From the last analysis: the same thing recommended at two or more reviews, not begun and not escalated on record.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => asked_for, children, recommendations, first_on, last_on

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (child:Child)<-[:ABOUT]-(finding:Finding {analysis: analysis.id, rule: 'voice.recommendation_open'})
WHERE finding.status = 'raised'
MATCH (finding)-[:EVIDENCED_BY]->(asked:Recommendation)
RETURN coalesce(asked.service, asked.about_what) AS asked_for, count(DISTINCT child) AS children,
       count(DISTINCT asked) AS recommendations, min(asked.made_on) AS first_on, max(asked.made_on) AS last_on
ORDER BY asked_for
