// Which kinds of agency work with the children of the complex cohort, and with how many of them?
//
// From the last analysis, and as at its day: certain members only. A kind of agency on record that works with none
// of them is listed with 0.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// => agency, children, of

MATCH (analysis:Analysis {authority: $authority, current: true})
MATCH (finding:Finding {analysis: analysis.id, rule: 'cohort.matches', status: 'raised'})-[:ABOUT]->(child:Child)
WITH analysis, collect(DISTINCT child) AS members
MATCH (any:Agency)
WITH DISTINCT analysis, members, any.kind AS agency
RETURN agency, size([child IN members WHERE EXISTS {
    MATCH (child)<-[tie:INVOLVED_WITH]-(who)
    WHERE tie.start <= analysis.as_at AND (tie.end IS NULL OR analysis.as_at < tie.end)
      AND (who.kind = agency OR EXISTS { MATCH (named:Agency {id: tie.agency}) WHERE named.kind = agency })
  }]) AS children, size(members) AS of
ORDER BY agency
