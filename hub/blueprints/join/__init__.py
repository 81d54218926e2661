from hub.blueprints.join import terms  # noqa: F401  # adds its routes
from hub.blueprints.join.routes import join

__all__ = ["join"]
