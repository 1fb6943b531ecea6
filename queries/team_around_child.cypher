// Who is working with this child, on a given day?
//
// $child  the child's id: the authority's code, a stroke and its own number (`teamaround ask` takes the number alone)
// $on     the day to look at
// => professional, role, agency, since

MATCH (child:Child {id: $child})<-[involved:INVOLVED_WITH]-(who)
WHERE involved.start <= $on AND (involved.end IS NULL OR $on < involved.end)
OPTIONAL MATCH (agency:Agency {id: involved.agency})
RETURN coalesce(who.name, who.registration, 'not named') AS professional, involved.role AS role,
       coalesce(agency.name, CASE WHEN who:Agency THEN who.name END) AS agency, involved.start AS since
ORDER BY since, role, professional
