from hub.blueprints.records.routes import records

__all__ = ["records"]
