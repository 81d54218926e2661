from hub.blueprints.desk_places.routes import desk_places

__all__ = ["desk_places"]
