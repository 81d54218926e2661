from hub.blueprints.desk_surveys.routes import desk_surveys

__all__ = ["desk_surveys"]
