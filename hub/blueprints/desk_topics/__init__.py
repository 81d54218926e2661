from hub.blueprints.desk_topics.routes import desk_topics

__all__ = ["desk_topics"]
