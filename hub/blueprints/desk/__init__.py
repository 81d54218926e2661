from hub.blueprints.desk.routes import desk

__all__ = ["desk"]
