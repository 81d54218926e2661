from hub.blueprints.desk_certificates import inspection  # noqa: F401  # adds its routes
from hub.blueprints.desk_certificates.routes import desk_certificates

__all__ = ["desk_certificates"]
