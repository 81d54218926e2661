"""Flask glue without business words."""
