from hub.blueprints.desk_duties import people
from hub.blueprints.desk_duties.routes import desk_duties

__all__ = ["desk_duties", "people"]
