from hub.blueprints.calendars import private  # noqa: F401  # adds its routes
from hub.blueprints.calendars.feeds import feeds
from hub.blueprints.calendars.routes import calendars

__all__ = ["calendars", "feeds"]
