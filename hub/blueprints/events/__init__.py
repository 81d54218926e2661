from hub.blueprints.events.routes import events

__all__ = ["events"]
