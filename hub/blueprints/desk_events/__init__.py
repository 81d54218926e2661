from hub.blueprints.desk_events.routes import desk_events

__all__ = ["desk_events"]
