from hub.blueprints.desk_qualifications import decisions  # noqa: F401  # adds its routes
from hub.blueprints.desk_qualifications.routes import desk_qualifications

__all__ = ["desk_qualifications"]
