from hub.blueprints.talks.routes import talks

__all__ = ["talks"]
