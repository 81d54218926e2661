from flask import Blueprint

desk_events = Blueprint("desk_events", __name__)
