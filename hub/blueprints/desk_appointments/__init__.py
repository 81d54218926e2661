from hub.blueprints.desk_appointments import decisions  # noqa: F401  # adds its routes
from hub.blueprints.desk_appointments.routes import desk_appointments

__all__ = ["desk_appointments"]
