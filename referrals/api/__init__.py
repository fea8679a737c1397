"""Referrals for agencies' own systems: the same services and guards as the pages."""
