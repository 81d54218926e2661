from hub.blueprints.me import data, messages, profile, suggestions
from hub.blueprints.me.routes import me

__all__ = ["data", "me", "messages", "profile", "suggestions"]
