from hub.blueprints.desk_people.routes import desk_people

__all__ = ["desk_people"]
