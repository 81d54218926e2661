from hub.blueprints.desk_talk_questions.routes import desk_talk_questions

__all__ = ["desk_talk_questions"]
