from hub.blueprints.certificates.routes import certificates

__all__ = ["certificates"]
