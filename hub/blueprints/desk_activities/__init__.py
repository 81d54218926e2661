from hub.blueprints.desk_activities.routes import desk_activities

__all__ = ["desk_activities"]
