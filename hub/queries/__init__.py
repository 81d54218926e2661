"""Reads for pages, feeds and reports. They change nothing."""
