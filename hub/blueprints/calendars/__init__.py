from hub.blueprints.calendars.routes import calendars, feeds

__all__ = ["calendars", "feeds"]
