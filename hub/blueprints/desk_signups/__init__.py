from hub.blueprints.desk_signups.routes import desk_signups

__all__ = ["desk_signups"]
