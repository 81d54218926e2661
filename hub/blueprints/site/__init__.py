from hub.blueprints.site.routes import site

__all__ = ["site"]
