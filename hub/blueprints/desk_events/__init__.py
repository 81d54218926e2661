from hub.blueprints.desk_events import decisions  # noqa: F401  # adds its routes
from hub.blueprints.desk_events.routes import desk_events

__all__ = ["desk_events"]
