from hub.blueprints.desk_coverage.routes import desk_coverage

__all__ = ["desk_coverage"]
