from hub.blueprints.changes.routes import changes

__all__ = ["changes"]
