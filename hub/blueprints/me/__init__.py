from hub.blueprints.me import data, messages, profile
from hub.blueprints.me.routes import me

__all__ = ["data", "me", "messages", "profile"]
