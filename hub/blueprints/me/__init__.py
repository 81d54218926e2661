from hub.blueprints.me import data, profile
from hub.blueprints.me.routes import me

__all__ = ["data", "me", "profile"]
