from hub.blueprints.surveys.routes import surveys

__all__ = ["surveys"]
