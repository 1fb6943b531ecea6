// How did children take part in their reviews between two days?
//
// By the code of the return (PN0 to PN7), the one record of a child's voice that every authority holds.
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// $from       the first day
// $to         the first day no longer counted
// => took_part, reviews, children

MATCH (child:Child {authority: $authority})<-[:ABOUT]-(review:Meeting {kind: 'review'})
WHERE $from <= review.on AND review.on < $to AND coalesce(review.status, 'held') = 'held'
WITH child, review,
     CASE WHEN review.participation IS NULL THEN 'no code on record'
          WHEN review.participation = 'PN0' THEN 'recorded as under four'
          WHEN review.participation IN ['PN1', 'PN2', 'PN3'] THEN 'there, and views conveyed'
          WHEN review.participation = 'PN4' THEN 'there, no views conveyed'
          WHEN review.participation IN ['PN5', 'PN6'] THEN 'not there, views conveyed'
          ELSE 'not there, no views conveyed' END AS took_part
RETURN took_part, count(DISTINCT review) AS reviews, count(DISTINCT child) AS children
ORDER BY took_part
