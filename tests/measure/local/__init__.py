"""Tests of the search for local patterns."""
