from hub.blueprints.collecting.routes import collecting

__all__ = ["collecting"]
