"""How far back each rule looks, and where a rule and the truth differ by definition."""

from __future__ import annotations

from collections.abc import Mapping

# Months before the last day in which a rule looks, where it is not twelve; 0 = the day itself.
WINDOWS: Mapping[str, int] = {
    "area.outside_authority": 0, "area.at_a_distance": 0, "area.over_20_miles": 0, "area.provider_churn": 24,
    "continuity.start_again": 24, "cohort.f3": 24,
}  # fmt: skip
# Why a rule finds what was not planted, or misses what was.
NOTES: Mapping[str, str] = {
    "area.service_gap": "those who helped before care stop at its beginning, which may be near a first move",
    "area.notice": "children placed for adoption have no such notices; a notice that names no change may count for one",
    "clocks.health_assessment": "one late at an age at which another interval began",
    "clocks.permanence": "a second review called early comes before the plan is made",
    "clocks.visit": "nothing is planted for visits to children with their parents, who have another clock",
    "cohort.f1": "protection plans and enquiries are drawn for two in five children; planted are the cohort's own",
    "cohort.f4": "CAMHS, its list and self-harm are drawn for one in five; planted are the cohort's own",
    "cohort.f3": "three homes in a year of which one broke down count too; planted are two that did",
    "cohort.matches": "chance can put all four features together in a child who was not drawn for it",
    "cohort.no_plan": "as cohort.matches",
    "continuity.cold_handover": "a change on a protection plan before care is one too, and is not planted",
    "continuity.role_gap": "a gap on a protection plan before care is one too, and is not planted",
    "continuity.ended_without_review": "a review in the home before does not count for a home of a few weeks",
    "continuity.start_again": "for children on the move calm, missing and a move can follow one another by chance",
    "continuity.turnover_at_move": "those who helped before care are gone at an early move; nobody may follow a worker",
    "continuity.unannounced": "a notice that names no change counts for any near it; none is planted before care",
    "area.approval": "as area.notice",
    "clocks.pep": "a plan from before compulsory school age puts the first one off",
    "voice.challenge_open": "a challenge that was answered after months is open no more",
    "silos.absent_agency": "other meetings leave agencies out too; two people of one agency are one",
    "silos.attended_not_knowing": "whoever came to the child days before a meeting does not know the child either",
    "silos.disconnected": "a child with few meetings in the year falls apart without anyone having drawn it",
    "silos.single_point": "a fact: for most children the social worker is the one who rings everybody",
    "silos.sole_holder": "a plan written while nobody was the social worker is held by one person",
    "silos.stale_plan": "planted is a plan that never changes; one from before the files cannot be assessed, and an "
    "enquiry or a move after the last version counts too",
    "silos.split_recording": "where one agency alone says what it records, nothing is known of the others",
    "voice.iro_not_spoken": "any contact of the officer with the child since the review before counts",
    "voice.contact_not_delivered": "a time missed by chance, and the next one not yet due",
    "voice.recommendation_open": "done once it counts as done; where no service is named nothing covers every role",
}
