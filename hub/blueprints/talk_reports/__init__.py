from hub.blueprints.talk_reports.routes import talk_reports

__all__ = ["talk_reports"]
