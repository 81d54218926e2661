from hub.blueprints.mail_links.routes import mail_links

__all__ = ["mail_links"]
