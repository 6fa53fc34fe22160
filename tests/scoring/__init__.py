"""Tests of profiles, reports and pages."""
