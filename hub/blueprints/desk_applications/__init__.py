from hub.blueprints.desk_applications.routes import desk_applications

__all__ = ["desk_applications"]
