// In which authorities do our looked-after children live, on a given day?
//
// $authority  ONS code of the authority (`teamaround ask` takes its name or DfE code too)
// $on         the day to look at
// => area, children, adjoining, median_miles

MATCH (ours:LocalAuthority {id: $authority})-[care:LOOKS_AFTER]->(child:Child)
WHERE care.start <= $on AND (care.end IS NULL OR $on < care.end) AND NOT coalesce(care.legal_status, '') IN ['V3', 'V4']
MATCH (child)-[stay:PLACED_AT]->(home:Placement)-[:IN_AREA]->(area:LocalAuthority)
WHERE stay.start <= $on AND (stay.end IS NULL OR $on < stay.end) AND area <> ours
WITH ours, area, count(DISTINCT child) AS children, percentileCont(stay.miles, 0.5) AS median_miles
RETURN area.name AS area, children, EXISTS { (ours)-[:ADJOINS]-(area) } AS adjoining,
       round(median_miles, 1) AS median_miles
ORDER BY children DESC, area
