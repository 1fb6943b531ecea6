// Which agencies were at meetings about the same children, and how often, between two days?
//
// $from  the first day
// $to    the first day no longer counted
// => agency, other_agency, children, meetings

MATCH (first:Agency)<-[:WORKS_FOR]-()-[a:ATTENDED]->(meeting:Meeting)<-[b:ATTENDED]-()-[:WORKS_FOR]->(second:Agency)
WHERE $from <= meeting.on AND meeting.on < $to AND first.kind < second.kind
  AND a.how IN ['present', 'substitute', 'sent report'] AND b.how IN ['present', 'substitute', 'sent report']
MATCH (meeting)-[:ABOUT]->(child:Child)
RETURN first.kind AS agency, second.kind AS other_agency, count(DISTINCT child) AS children,
       count(DISTINCT meeting) AS meetings
ORDER BY agency, other_agency
