from hub.blueprints.signups import data
from hub.blueprints.signups.routes import signups

__all__ = ["data", "signups"]
