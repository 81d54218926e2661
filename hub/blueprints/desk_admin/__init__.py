from hub.blueprints.desk_admin import audit, invitations  # noqa: F401  # add their routes
from hub.blueprints.desk_admin.routes import desk_admin

__all__ = ["desk_admin"]
