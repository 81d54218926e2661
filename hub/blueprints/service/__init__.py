from hub.blueprints.service.routes import service

__all__ = ["service"]
