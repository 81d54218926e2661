from hub.blueprints.desk_trainings import people
from hub.blueprints.desk_trainings.routes import desk_trainings

__all__ = ["desk_trainings", "people"]
