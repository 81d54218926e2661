from hub.blueprints.desk_talks import series
from hub.blueprints.desk_talks.routes import desk_talks

__all__ = ["desk_talks", "series"]
