from hub.blueprints.talk_requests import data
from hub.blueprints.talk_requests.routes import talk_requests

__all__ = ["data", "talk_requests"]
