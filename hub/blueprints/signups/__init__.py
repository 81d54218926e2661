from hub.blueprints.signups.routes import signups

__all__ = ["signups"]
