from hub.blueprints.lecturing.routes import lecturing

__all__ = ["lecturing"]
