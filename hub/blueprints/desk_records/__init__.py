from hub.blueprints.desk_records import entries
from hub.blueprints.desk_records.routes import desk_records

__all__ = ["desk_records", "entries"]
