"""Whom the usual process fails: the published description of the complex cohort, counted and never scored."""
