from hub.blueprints.desk_talk_reports.routes import desk_talk_reports

__all__ = ["desk_talk_reports"]
