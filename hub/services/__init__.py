"""Verbs that change state: check the rule, change, flush, write the audit entry."""
