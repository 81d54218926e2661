from hub.blueprints.desk_suggestions import responses, steps, texts
from hub.blueprints.desk_suggestions.routes import desk_suggestions

__all__ = ["desk_suggestions", "responses", "steps", "texts"]
