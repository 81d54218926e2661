from hub.blueprints.door.routes import door

__all__ = ["door"]
