from hub.blueprints.suggestions import backing, data, making, mine
from hub.blueprints.suggestions.routes import suggestions

__all__ = ["backing", "data", "making", "mine", "suggestions"]
