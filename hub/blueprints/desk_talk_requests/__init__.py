from hub.blueprints.desk_talk_requests.routes import desk_talk_requests

__all__ = ["desk_talk_requests"]
