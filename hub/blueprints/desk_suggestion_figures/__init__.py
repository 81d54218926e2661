from hub.blueprints.desk_suggestion_figures.routes import desk_suggestion_figures

__all__ = ["desk_suggestion_figures"]
