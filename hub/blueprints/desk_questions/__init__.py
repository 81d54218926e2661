from hub.blueprints.desk_questions.routes import desk_questions

__all__ = ["desk_questions"]
