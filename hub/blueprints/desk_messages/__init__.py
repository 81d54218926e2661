from hub.blueprints.desk_messages.routes import desk_messages

__all__ = ["desk_messages"]
