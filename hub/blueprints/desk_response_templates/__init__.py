from hub.blueprints.desk_response_templates.routes import desk_response_templates

__all__ = ["desk_response_templates"]
